"""Creative: variants of differing quality that wear out by exposure and recover at rest (model.md 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from aicmo.core.carryover import retention
from aicmo.core.noise import Tape
from aicmo.messages import MINUTES_PER_DAY
from aicmo.scenario.market import Market as Truth


@dataclass(frozen=True)
class Creative:
    """How variants differ and wear.

    Attributes
    ----------
    quality : (R, C, V) [1]
        Of the variants that are live when the history opens; mean one.
    spread : float [1]
        Standard deviation of the logarithm of quality.
    exposures : float [1/tick]
        Exposures per addressed head in a tick at half-saturation.
    floor, exponent : float [1]
        wear = floor + (1 − floor) (1 + e)^(−exponent).
    kept : float [1]
        Share of remembered exposures that survives a tick.
    """

    quality: Float[np.ndarray, "R C V"]
    spread: float
    exposures: float
    floor: float
    exponent: float
    kept: float


class Variants(NamedTuple):
    """Live variants, (R, C, V) each [1].

    Attributes
    ----------
    quality :
        0 where the slot is empty.
    exposure :
        What addressed heads remember.
    traffic :
        Shares where nobody decides otherwise: equal among the live ones.
    """

    quality: Float[np.ndarray, "R C V"]
    exposure: Float[np.ndarray, "R C V"]
    traffic: Float[np.ndarray, "R C V"]


def creative_of(truth: Truth, names: tuple[str, ...], tape: Tape, tick_days: float) -> Creative | None:
    """Read the scenario, and draw the variants with which the history opens."""
    stated = truth.creative
    if stated is None:
        return None
    drawn = [variant_quality(stated.quality, names, serial, tape) for serial in range(stated.variants)]
    return Creative(
        quality=np.stack(drawn, axis=2),
        spread=stated.quality,
        exposures=stated.exposures * tick_days,
        floor=stated.floor,
        exponent=stated.exponent,
        kept=float(retention(stated.recovery / MINUTES_PER_DAY, tick_days)),
    )


def variant_quality(
    spread: float, names: tuple[str, ...], serial: int, tape: Tape
) -> Float[np.ndarray, "R C"]:
    """Quality of each campaign's variant `serial`: lognormal, mean one, the same whoever orders it."""
    z = tape.constant_normal("variant", [f"{name}#{serial}" for name in names])
    quality: np.ndarray = np.exp(spread * z - 0.5 * spread**2)
    return quality


def fresh(quality: Float[np.ndarray, "R C V"]) -> Variants:
    """Return variants that nobody has seen, with equal shares of traffic for all that are live."""
    live = quality > 0
    traffic = live / np.maximum(live.sum(axis=2, keepdims=True), 1)
    return Variants(quality=quality, exposure=np.zeros(quality.shape), traffic=traffic)


def replaced(variants: Variants, slot: tuple[int, int, int], quality: float) -> Variants:
    """Return the variants with an unseen one in slot (world, campaign, place); quality 0 empties it."""
    after, exposure = variants.quality.copy(), variants.exposure.copy()
    after[slot], exposure[slot] = quality, 0.0
    return fresh(after)._replace(exposure=exposure)


def effect(
    creative: Creative,
    traffic: Float[np.ndarray, "R C V"],
    variants: Variants,
) -> Float[np.ndarray, "R C"]:
    """Factor on pressure, q = Σ_v share · quality · wear [1]: it cannot push response past its ceiling.

    wear = floor + (1 − floor)(1 + e)^(−.43) after e exposures per head (Meta analysis, quoted, weak).
    """
    from aicmo.market.kernels.creative import serve  # noqa: PLC0415 - Numba only where creative wears out

    count, factor = variants.quality.shape[2], np.empty(variants.quality.shape[:2])
    weight, exposure = (traffic * variants.quality).reshape(-1, count), variants.exposure.reshape(-1, count)
    serve(factor.reshape(-1), weight, exposure, creative.floor, creative.exponent)
    return factor


def exposed(
    creative: Creative,
    exposure: Float[np.ndarray, "R C V"],
    traffic: Float[np.ndarray, "R C V"],
    relative: Float[np.ndarray, "R C"],
) -> Float[np.ndarray, "R C V"]:
    """Exposures that heads remember after a tick: the old ones fade, new ones come with what money bought.

    Parameters
    ----------
    relative : (R, C) [1]
        Money's pressure per addressed head over κ, before quality: a poor variant is seen as often.
    """
    from aicmo.market.kernels.creative import show  # noqa: PLC0415 - Numba only where creative wears out

    after, variants = np.empty(exposure.shape), exposure.shape[2]
    seen = (creative.exposures * relative).reshape(-1)
    old, shares = (np.ascontiguousarray(values).reshape(-1, variants) for values in (exposure, traffic))
    show(after.reshape(-1, variants), old, shares, seen, creative.kept)
    return after
