"""Who owns the AI: operating models over the same worlds, what makes the difference, what to mend."""
