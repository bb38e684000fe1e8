"""Batched numerics without marketing nouns: curves, exact allocation, posteriors, bandits, noise, intervals."""
