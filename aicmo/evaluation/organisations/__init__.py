"""Who owns the AI: operating models over the same worlds, what each part of them is worth, and what to mend."""
