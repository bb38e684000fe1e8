"""The weather of a market: everything that happens whatever teams do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from jaxtyping import Bool, Float

from aicmo.core.noise import Tape
from aicmo.market.demand import demand_index
from aicmo.market.drift import drift_factor
from aicmo.market.events import concentration_events, consent_events, effectiveness_events, outages
from aicmo.market.incidents import incident_luck
from aicmo.market.price import price_index
from aicmo.market.rivals import competes, rival_index, rival_price
from aicmo.market.timeline import Timeline
from aicmo.market.world import Market
from aicmo.scenario.market import Market as Truth
from aicmo.scenario.priors import Priors
from aicmo.scenario.schema import Scenario


@dataclass(frozen=True)
class Conditions:
    """The weather of one tick."""

    price: Float[np.ndarray, "R K"]
    demand: Float[np.ndarray, "R S"]
    effectiveness: Float[np.ndarray, "R C"]
    available: Bool[np.ndarray, "C"]
    luck: Float[np.ndarray, "R C"]
    organic_luck: Float[np.ndarray, "R S"]
    repeat_luck: Float[np.ndarray, "R S"]
    rivals: Float[np.ndarray, "R S"] | None
    incidents: tuple[Float[np.ndarray, "R K"], Float[np.ndarray, "R K"]] | None
    concentration: Float[np.ndarray, "C"] | None = None


@dataclass(frozen=True)
class Weather:
    """Weather of all ticks, history first; row `tick + history` speaks of `tick`.

    Only two fields have axes (T, R, C), each a view of a single number where the scenario has no use for it.

    Attributes
    ----------
    history : int
        Ticks before the opening.
    price : (T, R, K) [1]
        Media price index, E[1/P] = 1.
    demand : (T, R, S) [1]
        Demand index.
    effectiveness : (T, R, C) [1]
        Drift × scheduled events.
    available : (T, C)
        False where a campaign has not started or has stopped.
    luck : (T, R, C) [1]
        Standard normals behind the orders of campaigns.
    organic_luck, repeat_luck : (T, R, S) [1]
        Standard normals behind organic orders of new people and behind repeat orders.
    consent : (T,) [1]
        Factor of scheduled events on the share of profiles that may be used.
    rivals : (T, R, S) [1]
        Attention that rivals buy; None where there are none.
    incidents : (T, R, K), (T, R, K) [currency]
        Risky money that a tick can bear, and what an incident costs; None where nothing goes wrong.
    concentration : (T, C) [1]
        Factor of scheduled events on how evenly prospects are spread; None where there are none.
    outages : tuple of (int, int) [minute]
        From and until when no data arrives, in order of time.
    """

    history: int
    price: Float[np.ndarray, "T R K"]
    demand: Float[np.ndarray, "T R S"]
    effectiveness: Float[np.ndarray, "T R C"]
    available: Bool[np.ndarray, "T C"]
    luck: Float[np.ndarray, "T R C"]
    organic_luck: Float[np.ndarray, "T R S"]
    repeat_luck: Float[np.ndarray, "T R S"]
    consent: Float[np.ndarray, "T"]
    rivals: Float[np.ndarray, "T R S"] | None = None
    incidents: tuple[Float[np.ndarray, "T R K"], Float[np.ndarray, "T R K"]] | None = None
    outages: tuple[tuple[int, int], ...] = ()
    concentration: Float[np.ndarray, "T C"] | None = None

    def at(self, tick: int) -> Conditions:
        """Weather of one tick.

        Raises
        ------
        IndexError
            If the tick lies outside history and horizon.
        """
        row = tick + self.history
        if not 0 <= row < len(self.price):
            raise IndexError(
                f"tick {tick} lies outside {-self.history} … {len(self.price) - self.history - 1}"
            )
        return Conditions(
            price=self.price[row],
            demand=self.demand[row],
            effectiveness=self.effectiveness[row],
            available=self.available[row],
            luck=self.luck[row],
            organic_luck=self.organic_luck[row],
            repeat_luck=self.repeat_luck[row],
            rivals=None if self.rivals is None else self.rivals[row],
            incidents=None if self.incidents is None else (self.incidents[0][row], self.incidents[1][row]),
            concentration=None if self.concentration is None else self.concentration[row],
        )


def weather(scenario: Scenario, market: Market, tape: Tape) -> Weather:
    """Draw the weather of all ticks of history and horizon."""
    truth, line = scenario.market, Timeline.of(scenario.calendar)
    rows, names = market.ceiling.shape[0], market.segments
    noisy = bool((market.dispersion > 0).any())
    risk, priors = market.incidents, Priors.of(scenario, tape)
    rivals = rival_index(truth, line, priors, rows) if competes(truth) else None
    price = price_index(truth, line, priors, rows)
    return Weather(
        history=line.history,
        price=price if rivals is None else rival_price(truth, price, rivals),
        demand=demand_index(truth, line, priors, rows),
        effectiveness=_effectiveness(truth, market, line, tape),
        available=availability(truth, line),
        luck=_luck(tape, "orders", market.campaigns, line, rows, noisy=noisy),
        organic_luck=_luck(tape, "organic orders", names, line, rows, noisy=noisy),
        consent=consent_events(truth.events, line),
        rivals=rivals,
        repeat_luck=_luck(
            tape, "repeat orders", names, line, rows, noisy=noisy and market.people is not None
        ),
        incidents=None if risk is None else incident_luck(risk, market.channels, line.span, tape),
        outages=outages(truth.events, line),
        concentration=concentration_events(
            truth.events, [c.segment for c in truth.campaigns], [c.channel for c in truth.campaigns], line
        ),
    )


def availability(truth: Truth, line: Timeline) -> Bool[np.ndarray, "T C"]:
    """Whether a campaign runs in a tick: from the first that opens on or after `start` until `stop` opens."""
    opens = line.edges[:-1]
    running = np.ones((opens.size, len(truth.campaigns)), dtype=bool)
    for c, campaign in enumerate(truth.campaigns):
        if campaign.start is not None:
            running[:, c] &= opens >= line.day(date.fromisoformat(campaign.start))
        if campaign.stop is not None:
            running[:, c] &= opens < line.day(date.fromisoformat(campaign.stop))
    return running


def _effectiveness(truth: Truth, market: Market, line: Timeline, tape: Tape) -> Float[np.ndarray, "T R C"]:
    shape = (len(line.span), *market.ceiling.shape)
    of_segment = [campaign.segment for campaign in truth.campaigns]
    of_channel = [campaign.channel for campaign in truth.campaigns]
    scheduled = effectiveness_events(truth.events, of_segment, of_channel, line)[:, None]
    if truth.drift is None:
        return np.broadcast_to(scheduled if truth.events else np.float64(1.0), shape)
    factor = drift_factor(truth.drift, market.drift_volatility, market.campaigns, line, tape)
    return np.multiply(factor, scheduled, out=factor) if truth.events else factor


def _luck(
    tape: Tape, purpose: str, names: tuple[str, ...], line: Timeline, replications: int, *, noisy: bool
) -> np.ndarray:
    """Draw normals for all ticks; where no volume is noisy, one zero seen everywhere."""
    shape = (len(line.span), replications, len(names))
    return tape.normal(purpose, names, line.span) if noisy else np.broadcast_to(np.float64(0.0), shape)
