"""Reference runs on the same tape: dark (no marketing) and clairvoyant (plans on the truth)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.agents import Agent
from aicmo.agents.channel import Channel
from aicmo.agents.optimization import Optimization
from aicmo.core.noise import Draws
from aicmo.evaluation.insight import Insight
from aicmo.evaluation.known_best import KnownBreadth, KnownVariants
from aicmo.market import Market
from aicmo.market.optimum import steady_optimum
from aicmo.messages import Brief, Observation
from aicmo.scenario.schema import Scenario
from aicmo.simulation.team import Team, around
from aicmo.simulation.world import World

DARK, CLAIRVOYANT, HINDSIGHT = REFERENCES = "dark", "clairvoyant", "hindsight"
WEEK_DAYS = 7.0
SHOCK_HALF_LIFE_DAYS = 14.0
"""How fast the clairvoyant expects a demand shock to fade: the default of model.md 7."""


@dataclass(frozen=True)
class NoMarketing:
    """Spends nothing."""

    kind: ClassVar[str] = DARK
    learns: ClassVar[bool] = False

    @classmethod
    def examples(cls) -> Iterator[NoMarketing]:
        """Instances on which the contracts are checked."""
        yield cls()

    def init(self, brief: Brief) -> None:
        """Nothing to know."""

    def update(self, state: None, observation: Observation) -> None:
        """Nothing to learn."""

    def act(self, state: None, observation: Observation, draws: Draws) -> np.ndarray:  # noqa: ARG002 - no luck
        """Return zero rates."""
        return np.zeros_like(observation.current)


@dataclass(frozen=True)
class Clairvoyant:
    """Plans the rest of each period on true curves, today's true effectiveness and demand.

    A strong reference, not a bound: it knows the world but not the tape, so luck may beat it in one world.

    Parameters
    ----------
    world : World
        The truth.
    insight : Insight
        Shows the state of the run, for what breadth and creatives make of money.
    """

    world: World
    insight: Insight

    kind: ClassVar[str] = CLAIRVOYANT
    learns: ClassVar[bool] = False

    @classmethod
    def examples(cls) -> Iterator[Clairvoyant]:
        """Yield none: without a world there is nothing to know."""
        yield from ()

    def init(self, brief: Brief) -> Brief:
        """Know the brief as every policy does."""
        return brief

    def update(self, state: Brief, observation: Observation) -> Brief:  # noqa: ARG002 - it learns nothing, it knows
        """Nothing to learn."""
        return state

    def act(self, state: Brief, observation: Observation, draws: Draws) -> np.ndarray:  # noqa: ARG002 - no luck
        """Allocate what is left of the period over campaigns × weeks and return the first week's rates."""
        weeks = max(1, round(observation.days_left / WEEK_DAYS))
        length = observation.days_left / weeks
        worth = [self.worth(state, observation.tick, week * length, length) for week in range(weeks)]
        price = np.tile(self.world.weather.price[state.row(observation.tick)][:, state.channel], weeks)
        limits, campaigns = observation.limits, len(state.campaigns)
        later = (
            np.zeros(limits.lower.shape),
            limits.upper if weeks == 1 else np.full(limits.upper.shape, np.inf),
        )
        # What the media cannot deliver comes back, so a limit from below binds up to the inventory only.
        market = self.insight.standing(observation.tick)
        reach = market.inventory * price[:, :campaigns]
        lower = np.concatenate([np.minimum(limits.lower, reach), *[later[0]] * (weeks - 1)], axis=1)
        upper = np.concatenate([limits.upper, *[later[1]] * (weeks - 1)], axis=1)
        budget = np.maximum(observation.remaining / length, lower.sum(axis=1) * (1 + 1e-12))
        plan = steady_optimum(
            _tiled(market, weeks),
            budget,
            lower,
            upper,
            worth=np.concatenate(worth, axis=1),
            price=price,
        )
        return np.asarray(np.maximum(plan[:, :campaigns], limits.lower))

    def worth(self, brief: Brief, tick: int, after: float, length: float) -> Float[np.ndarray, "R C"]:
        """Gross profit of an order's unit of response over `length` days that begin `after` days from now.

        Season and announced events are known and averaged over these days: one of them would stand for its
        weekday. Shocks of demand and drift of effectiveness fall back to one.
        """
        world, row, ahead = self.world, brief.row(tick), after + 0.5 * length
        first = min(row + round(after / brief.tick_days), len(world.weather.price) - 1)
        last = max(row + round((after + length) / brief.tick_days), first + 1)
        usual, drift = world.usual, world.scenario.market.drift
        shock = 1.0 + (world.weather.demand[row] / usual[row] - 1.0) * 0.5 ** (ahead / SHOCK_HALF_LIFE_DAYS)
        kept = 1.0 if drift is None else 0.5 ** (ahead * 1440 / drift.half_life)
        effectiveness = 1.0 + (world.weather.effectiveness[row] - 1.0) * kept
        demand = usual[first:last].mean(axis=0) * shock
        return np.asarray(brief.value * demand[:, brief.segment] * effectiveness)


def _tiled(market: Market, weeks: int) -> Market:
    """Return the market with each campaign once a week, for planning over campaigns × weeks."""
    return replace(
        market,
        segment=np.tile(market.segment, weeks),
        ceiling=np.tile(market.ceiling, weeks),
        half_saturation=np.tile(market.half_saturation, weeks),
        shape=np.tile(market.shape, weeks),
        logistic=np.tile(market.logistic, weeks),
        inventory=np.tile(market.inventory, weeks),
    )


def dark_team(scenario: Scenario) -> Team:
    """Nobody: no spend and no costs."""
    return replace(
        around(scenario, NoMarketing()),
        agents=(Optimization(NoMarketing(), cadence="1w"),),
        guardrails=(),
        organisation=None,
    )


def clairvoyant_team(scenario: Scenario, world: World) -> Team:
    """Seat the clairvoyant: decisions every week, daily ramps, the same guardrails as all."""
    team = replace(around(scenario, NoMarketing()), organisation=None)
    insight = Insight(world, team.stack)
    seats: list[Agent] = [Optimization(Clairvoyant(world, insight), cadence="1w"), Channel()]
    if world.market.targeting is not None:
        seats.append(KnownBreadth(insight))
    if world.market.creative is not None:
        seats.append(KnownVariants(insight))
    return replace(team, name=CLAIRVOYANT, agents=tuple(seats), witness=insight.see)
