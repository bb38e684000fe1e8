"""Incidents: risky spend goes wrong at times, and costs (model.md 14)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from aicmo.market.totals import total_by
from aicmo.scenario.market import Market as Truth


@dataclass(frozen=True)
class Incidents:
    """How likely and how costly incidents are.

    Attributes
    ----------
    risky : (C,) [1]
        Share of a campaign's spend that may end off limits or with people without consent.
    money : float [currency]
        Risky spend that brings one incident on average.
    cost : float [currency]
        Mean cost of one.
    spread : float [1]
        Standard deviation of the logarithm of its cost.
    """

    risky: Float[np.ndarray, "C"]
    money: float
    cost: float
    spread: float


def incidents_of(truth: Truth, channel: np.ndarray) -> Incidents | None:
    """Read the scenario; none where nothing goes wrong."""
    stated = truth.incidents
    if stated is None:
        return None
    risk = np.array([k.risk for k in truth.channels])[channel]
    return Incidents(
        risky=1.0 - (1.0 - risk) * (1.0 - stated.exposed),
        money=stated.money_per_incident,
        cost=stated.cost,
        spread=stated.spread,
    )


def penalties(
    incidents: Incidents,
    spend: Float[np.ndarray, "R C"],
    channel: np.ndarray,
    luck: Float[np.ndarray, "R K"],
    size: Float[np.ndarray, "R K"],
    *,
    governance: float,
) -> Float[np.ndarray, "R K"]:
    """Cost of the tick's incidents by channel [currency].

    An incident happens with probability 1 − exp(−(1 − governance) · risky spend / money), a constant hazard
    in money, so that neither ticks nor campaigns can be cut to dodge it.

    Parameters
    ----------
    luck : (R, K)
        Uniforms that decide whether.
    size : (R, K)
        Standard normals that decide how much; costs are lognormal with the stated mean.
    governance : float [1]
        Share of risky spend that review keeps from happening.
    """
    exposed = total_by(incidents.risky * spend, channel, luck.shape[1])
    happened = luck < -np.expm1(-(1.0 - governance) * exposed / incidents.money)
    cost = incidents.cost * np.exp(incidents.spread * size - 0.5 * incidents.spread**2)
    return np.where(happened, cost, 0.0)
