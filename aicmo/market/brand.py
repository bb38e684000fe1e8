"""Brand: what attention builds slowly and what lifts demand (model.md 7, 8)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from aicmo.core.carryover import retention
from aicmo.messages import MINUTES_PER_DAY
from aicmo.scenario.market import Market as Truth
from aicmo.scenario.priors import Priors


@dataclass(frozen=True)
class Brand:
    """How a brand is built and what it does.

    Attributes
    ----------
    kept : float [1]
        ρ, share that survives a tick.
    elasticity : float [1]
        ε, of demand to the index.
    start : float [1]
        Index when the history opens.
    strength : (R, K) [1]
        η, what full attention on a channel adds in the long run.
    """

    kept: float
    elasticity: float
    start: float
    strength: Float[np.ndarray, "R K"]


def brand_of(truth: Truth, priors: Priors, tick_days: float) -> Brand | None:
    """Read the scenario; none where it has no brand."""
    stated = truth.brand
    if stated is None:
        return None
    return Brand(
        kept=float(retention(stated.half_life / MINUTES_PER_DAY, tick_days)),
        elasticity=stated.elasticity,
        start=stated.start,
        strength=np.array([k.brand for k in truth.channels])
        * priors.factor("brand", [k.name for k in truth.channels]),
    )


def built(
    brand: Brand, index: Float[np.ndarray, "R S"], attention: Float[np.ndarray, "R P"]
) -> Float[np.ndarray, "R S"]:
    """Brand index after a tick, B ← ρ B + (1 − ρ)(1 + Σ_k η_k h_sk) [1]."""
    from aicmo.market.kernels.brand import build  # noqa: PLC0415 - Numba only where there is a brand

    after = np.empty(index.shape)
    build(after, index, attention, brand.strength, brand.kept)
    return after


def pull(brand: Brand, index: Float[np.ndarray, "R S"]) -> Float[np.ndarray, "R S"]:
    """Factor on demand, B^ε [1]."""
    factor: np.ndarray = index**brand.elasticity
    return factor
