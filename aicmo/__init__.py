"""Simulate an AI CMO in your market and score it fairly against manual quarterly allocation."""
