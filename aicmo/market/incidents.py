"""Incidents: risky spend goes wrong at times, and costs (model.md 14)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from aicmo.core.noise import Tape
from aicmo.scenario.market import Market as Truth
from aicmo.scenario.priors import Priors


@dataclass(frozen=True)
class Incidents:
    """How likely and how costly incidents are.

    Attributes
    ----------
    risky : (C,) [1]
        Share of a campaign's spend that may end off limits or with people without consent.
    placements : (C,) [1]
        Of that, what may end off limits where nobody without consent is addressed.
    money : (R, 1) [currency]
        Risky spend that brings one incident on average.
    cost : float [currency]
        Mean cost of one.
    spread : float [1]
        Standard deviation of the logarithm of its cost.
    """

    risky: Float[np.ndarray, "C"]
    placements: Float[np.ndarray, "C"]
    money: Float[np.ndarray, "R 1"]
    cost: float
    spread: float


def incidents_of(truth: Truth, channel: np.ndarray, priors: Priors) -> Incidents | None:
    """Read the scenario; none where nothing goes wrong."""
    stated = truth.incidents
    if stated is None:
        return None
    risk = np.array([k.risk for k in truth.channels])[channel]
    offered = np.array([k.targeting is not None for k in truth.channels])[channel]
    everybody = 1.0 - (1.0 - risk) * (1.0 - stated.exposed)
    return Incidents(
        risky=everybody,
        placements=np.where(offered, risk, everybody),
        money=stated.money_per_incident / priors.factor("incidents"),
        cost=stated.cost,
        spread=stated.spread,
    )


def incident_luck(
    incidents: Incidents, channels: tuple[str, ...], ticks: range, tape: Tape
) -> tuple[Float[np.ndarray, "T R K"], Float[np.ndarray, "T R K"]]:
    """Draw how much risky money a tick can take before an incident, and what one costs.

    An incident happens with probability 1 − exp(−risky money / m), m the mean: where the money exceeds an
    exponential of mean m. A constant hazard in money, so that neither ticks nor campaigns can be cut to
    dodge it.

    Returns
    -------
    bearable : (T, R, K) [currency]
        Exponential.
    cost : (T, R, K) [currency]
        Lognormal with the stated mean.
    """
    bearable = -incidents.money * np.log1p(-tape.uniform("incidents", channels, ticks))
    size = incidents.spread * tape.normal("incident costs", channels, ticks) - 0.5 * incidents.spread**2
    return bearable, incidents.cost * np.exp(size)


def penalties(
    incidents: Incidents,
    spend: Float[np.ndarray, "R C"],
    channel: np.ndarray,
    luck: tuple[Float[np.ndarray, "R K"], Float[np.ndarray, "R K"]],
    governance: Float[np.ndarray, "R 1"] | float,
    *,
    consented: bool = False,
) -> Float[np.ndarray, "R K"]:
    """Cost of the tick's incidents by channel [currency].

    Parameters
    ----------
    luck : (R, K), (R, K) [currency]
        Bearable money and cost, from `incident_luck`.
    governance : (R, 1) or float [1]
        Share of risky spend that review keeps from happening.
    consented : bool
        Whether channels that target profiles address consented ones alone.
    """
    from aicmo.market.kernels.incidents import strike  # noqa: PLC0415 - Numba only where something goes wrong

    bearable, cost = luck
    penalty = np.empty(cost.shape)
    ungoverned = np.broadcast_to(1.0 - np.asarray(governance), (len(cost), 1))[:, 0].copy()
    risky = incidents.placements if consented else incidents.risky
    strike(penalty, spend, risky, channel, bearable, cost, ungoverned)
    return penalty
