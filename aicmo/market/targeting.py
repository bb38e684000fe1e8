"""Targeting: addressing the best share of a segment (model.md 1, 4; own form)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from aicmo.scenario.market import Market as Truth
from aicmo.scenario.priors import Priors


@dataclass(frozen=True)
class Targeting:
    """What narrow targeting buys and costs, by campaign.

    Attributes
    ----------
    concentration : (R, C) [1]
        γ, 1 where all people are alike.
    premium : (C,) [1]
        χ, exponent of the price of a narrow audience.
    breadth : (C,) [1]
        b, share of the segment addressed where nobody decides otherwise.
    offered : (C,)
        True where the channel offers targeting, so that breadth can be decided about.
    """

    concentration: Float[np.ndarray, "R C"]
    premium: Float[np.ndarray, "C"]
    breadth: Float[np.ndarray, "C"]
    offered: Bool[np.ndarray, "C"]


def targeting_of(truth: Truth, channel: np.ndarray, priors: Priors) -> Targeting | None:
    """Read the scenario; none where no channel offers targeting and no campaign is narrow."""
    if not truth.targets:
        return None
    offers = [k.targeting for k in truth.channels]
    breadth = np.array([campaign.breadth for campaign in truth.campaigns])
    known = np.array([(1.0, 0.0) if t is None else (t.concentration, t.premium) for t in offers])[channel]
    offered = np.array([offer is not None for offer in offers])[channel]
    drawn = priors.factor("concentration", [k.name for k in truth.channels])[:, channel]
    concentration = np.where(offered, np.minimum(known[:, 0] * drawn, 1.0), 1.0)
    return Targeting(concentration, premium=known[:, 1], breadth=breadth, offered=offered)


def taken(
    targeting: Targeting, wished: Float[np.ndarray, "R C"], before: Float[np.ndarray, "R C"]
) -> Float[np.ndarray, "R C"]:
    """Breadth after somebody has decided on it: a channel that offers no targeting keeps its own [1]."""
    return np.where(targeting.offered, wished, before)


def premium_price(
    targeting: Targeting, price: Float[np.ndarray, "R C"], breadth: Float[np.ndarray, "R C"]
) -> Float[np.ndarray, "R C"]:
    """Price index of a narrow audience, P · b^(−χ) [1]."""
    from aicmo.market.kernels.targeting import dear  # noqa: PLC0415 - Numba only where audiences are narrow

    dearer = np.empty(price.shape)
    dear(dearer, price, np.ascontiguousarray(breadth), targeting.premium)
    return dearer


def widened(
    stock: Float[np.ndarray, "R C"], before: Float[np.ndarray, "R C"], breadth: Float[np.ndarray, "R C"]
) -> Float[np.ndarray, "R C"]:
    """Stock per addressed head after a change of breadth, a · min(1, b_old/b_new): it cannot teleport.

    Widening spreads it over more heads; narrowing keeps what each head remembers and forgets the rest.
    """
    diluted: np.ndarray = stock * np.minimum(1.0, before / breadth)
    return diluted


def potential(
    targeting: Targeting,
    breadth: Float[np.ndarray, "R C"],
    skill: Float[np.ndarray, "R 1"] | float,
    left: Float[np.ndarray, "R C"] | float,
    closer: Float[np.ndarray, "C"] | float = 1.0,
) -> Float[np.ndarray, "R C"]:
    """Share of the segment's potential in the addressed share, L(b) = b^(1 − z (1 − γ) F) [1].

    Parameters
    ----------
    skill : (R, 1) or float [1]
        z, share of profiles that can be used, match rate × consent: 0 finds nobody better than chance, L = b.
    left : (R, C) [1]
        F, share of prospects left: the best are won first, so what targeting finds fades.
    closer : (C,) [1]
        Factor on γ while a scheduled event lasts.

    Returns
    -------
    (R, C)
        1 at b = 1; rises with b and with skill.
    """
    from aicmo.market.kernels.targeting import power  # noqa: PLC0415 - Numba only where audiences are narrow

    exponent = 1.0 - (skill * (1.0 - targeting.concentration * closer)) * left
    found = np.empty(exponent.shape)
    power(found.reshape(-1), np.ascontiguousarray(breadth).reshape(-1), exponent.reshape(-1))
    return found
