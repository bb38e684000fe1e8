"""Batched numerics without marketing nouns: curves, allocation, posteriors, bandits, noise, intervals."""
