"""Creative: variants of differing quality that wear out by exposure and recover at rest (model.md 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from aicmo.core.carryover import retention
from aicmo.core.noise import Tape, noisy_volume
from aicmo.messages import MINUTES_PER_DAY
from aicmo.scenario.market import Market as Truth
from aicmo.scenario.priors import Priors


@dataclass(frozen=True)
class Creative:
    """How variants differ and wear.

    Attributes
    ----------
    quality : (R, C, V) [1]
        Of the variants that are live when the history opens; mean one.
    spread : (R, 1) [1]
        Standard deviation of the logarithm of quality.
    exposures : (R, 1) [1/tick]
        Exposures per addressed head in a tick at half-saturation.
    floor, exponent : float [1]
        wear = floor + (1 − floor) (1 + e)^(−exponent).
    kept : float [1]
        Share of remembered exposures that survives a tick.
    """

    quality: Float[np.ndarray, "R C V"]
    spread: Float[np.ndarray, "R 1"]
    exposures: Float[np.ndarray, "R 1"]
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
        Shares in force; equal among the live ones until somebody decides otherwise.
    """

    quality: Float[np.ndarray, "R C V"]
    exposure: Float[np.ndarray, "R C V"]
    traffic: Float[np.ndarray, "R C V"]


def creative_of(truth: Truth, names: tuple[str, ...], priors: Priors, tick_days: float) -> Creative | None:
    """Read the scenario, and draw the variants with which the history opens."""
    stated = truth.creative
    if stated is None:
        return None
    spread = stated.quality * priors.factor("quality")
    drawn = [variant_quality(spread, names, serial, priors.tape) for serial in range(stated.variants)]
    return Creative(
        quality=np.stack(drawn, axis=2),
        spread=spread,
        exposures=stated.exposures * priors.factor("wear") * tick_days,
        floor=stated.floor,
        exponent=stated.exponent,
        kept=float(retention(stated.recovery / MINUTES_PER_DAY, tick_days)),
    )


def variant_quality(
    spread: Float[np.ndarray, "R 1"], names: tuple[str, ...], serial: int, tape: Tape
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


def placed(variants: Variants, slot: tuple[int, int, int], quality: float) -> Variants:
    """Return the variants with an unseen one in slot (world, campaign, place); quality 0 empties it."""
    after = Variants(*(values.copy() for values in variants))
    place(after, slot, quality)
    return after


def place(variants: Variants, slot: tuple[int, int, int], quality: float) -> None:
    """Write an unseen variant into a slot: it takes an equal share of traffic from the others."""
    row, campaign, number = slot
    variants.quality[slot], variants.exposure[slot], variants.traffic[slot] = quality, 0.0, 0.0
    shares, live = variants.traffic[row, campaign], variants.quality[row, campaign] > 0
    newcomer, others = 1.0 / np.count_nonzero(live) if quality > 0 else 0.0, shares.sum()
    if others > 0:
        shares *= (1.0 - newcomer) / others
    elif live.any():
        shares[:] = live / np.count_nonzero(live)
    shares[number] = newcomer


def retired(variants: Variants, which: Bool[np.ndarray, "R C V"]) -> Variants:
    """Return the variants with some slots emptied; the traffic of the others is as it was."""
    quality, exposure = (np.where(which, 0.0, values) for values in (variants.quality, variants.exposure))
    return variants._replace(quality=quality, exposure=exposure)


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
    served = (traffic, variants.quality, variants.exposure)
    shares, quality, exposure = (np.ascontiguousarray(values).reshape(-1, count) for values in served)
    serve(factor.reshape(-1), shares, quality, exposure, creative.floor, creative.exponent)
    return factor


def worn(creative: Creative, exposure: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
    """Effect that is left after exposures, floor + (1 − floor)(1 + e)^(−exponent) [1]."""
    left: np.ndarray = creative.floor + (1.0 - creative.floor) * (1.0 + exposure) ** -creative.exponent
    return left


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

    after, shares = np.empty(exposure.shape), np.ascontiguousarray(traffic)
    show(after, np.ascontiguousarray(exposure), shares, relative, creative.exposures, creative.kept)
    return after


def credited(
    creative: Creative, traffic: Float[np.ndarray, "R C V"], variants: Variants
) -> Float[np.ndarray, "R C V"]:
    """Share of a campaign's pressure that each variant makes, share · quality · wear over their sum [1].

    Platforms credit an order to the variant that was seen last, so carry-over from others goes to those that
    run now.
    """
    from aicmo.market.kernels.creative import weigh  # noqa: PLC0415 - Numba only where creative wears out

    count, shares = variants.quality.shape[2], np.empty(variants.quality.shape)
    weight, exposure = (traffic * variants.quality).reshape(-1, count), variants.exposure.reshape(-1, count)
    weigh(shares.reshape(-1, count), weight, exposure, creative.floor, creative.exponent)
    return shares


def counted(
    volume: Float[np.ndarray, "T R C"],
    shares: Float[np.ndarray, "T R C V"],
    dispersion: Float[np.ndarray, "R 1"],
    z: Float[np.ndarray, "T R C V"],
) -> Float[np.ndarray, "T R C V"]:
    """Share of a campaign's orders that each variant is seen to win, with the luck of counting [1].

    Orders of a variant vary like those of a campaign, by dispersion · mean, given what the campaign sold
    (own form: noisy volumes over their sum; for large counts and a dispersion of one, a multinomial).
    """
    mean = volume[..., None] * shares
    lucky = noisy_volume(mean, dispersion[:, :, None], z)
    total = lucky.sum(axis=-1, keepdims=True)
    seen: np.ndarray = np.divide(lucky, total, out=shares.copy(), where=total > 0)
    return seen
