"""Draws of what a world is born with, from the scenario's `uncertainty:` block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from aicmo.core.noise import Tape
from aicmo.scenario.uncertainty import Factor


def draw_factor(
    factor: Factor | None, tape: Tape, purpose: str, entities: Sequence[str]
) -> Float[np.ndarray, "R E"]:
    """Draw one factor for each world and entity; one where nothing is uncertain.

    Parameters
    ----------
    factor : Factor or None
        `lognormal`: exp(σz − σ²/2), mean one; `uniform`: between the two limits.
    purpose : str
        Names the draw; the same name gives the same luck whatever the factor's shape.
    """
    if factor is None:
        return np.ones_like(tape.constant_uniform(purpose, entities))
    if factor.lognormal is not None:
        sigma = factor.lognormal
        return np.exp(sigma * tape.constant_normal(purpose, entities) - 0.5 * sigma**2)
    if factor.uniform is None:
        raise ValueError(f"uncertainty of {purpose}: expected 'lognormal' or 'uniform', got neither")
    low, high = factor.uniform
    return low + (high - low) * tape.constant_uniform(purpose, entities)


def chosen(share: float, tape: Tape, purpose: str) -> np.ndarray:
    """Mark each world with probability `share`, (R, 1)."""
    return tape.constant_uniform(purpose, ["world"]) < share
