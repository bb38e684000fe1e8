"""Experiments: what a holdout would say about a campaign (model.md, "What anybody … can see")."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True)
class Holdout:
    """Switch a campaign off for part of its segment.

    Attributes
    ----------
    share : float [1]
        f, part of the segment that is held out, between 0 and 1 exclusive.
    days : float [day]
        D, how long it lasts.
    washed_out : bool
        Whether counting starts only after carried-over pressure has gone.

    Raises
    ------
    ValueError
        If nothing or everybody is held out, or it takes no time.
    """

    share: float
    days: float
    washed_out: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ValueError(f"a holdout keeps out a share above 0 and below 1, got {self.share:g}")
        if self.days <= 0:
            raise ValueError(f"a holdout takes time, more than 0 days, got {self.days:g}")


def bias(holdout: Holdout, half_life: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
    """Share of the effect that a holdout sees, 1 − 2^(−D/half-life): held-out people still remember [1]."""
    if holdout.washed_out:
        return np.ones(np.shape(half_life))
    with np.errstate(divide="ignore"):
        seen: np.ndarray = -np.expm1(-np.log(2.0) * holdout.days / np.asarray(half_life, dtype=float))
    return seen


def standard_error(
    holdout: Holdout, orders: Float[np.ndarray, "*any"], dispersion: Float[np.ndarray, "*any"]
) -> Float[np.ndarray, "*any"]:
    """Return the standard error of orders per day, √(φ (O + Σn) / (D f (1 − f))) [order/day].

    Noise comes from the whole segment's orders, organic ones included, not from the campaign's own: why
    experiments on small campaigns say little (Lewis & Rao 2015).

    Parameters
    ----------
    orders : [order/day]
        All orders of the segment, O + Σn.
    dispersion : [order]
        φ, variance over mean.
    """
    variance = dispersion * orders / (holdout.days * holdout.share * (1.0 - holdout.share))
    return np.asarray(np.sqrt(variance))


def estimate(
    holdout: Holdout,
    effect: Float[np.ndarray, "*any"],
    orders: Float[np.ndarray, "*any"],
    *,
    half_life: Float[np.ndarray, "*any"],
    dispersion: Float[np.ndarray, "*any"],
    luck: Float[np.ndarray, "*any"],
) -> Float[np.ndarray, "*any"]:
    """Estimate of a campaign's orders per day, as the experiment reports it [order/day].

    Parameters
    ----------
    effect : [order/day]
        What the campaign truly causes.
    luck : [1]
        Standard normals.
    """
    noise = standard_error(holdout, orders, dispersion) * luck
    reported: np.ndarray = effect * bias(holdout, half_life) + noise
    return reported


def lost_orders(holdout: Holdout, effect: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
    """Orders that the experiment costs, f · D · effect [order]: the price of knowing."""
    missed: np.ndarray = holdout.share * holdout.days * effect
    return missed
