"""Insight: what the clairvoyant knows beside the weather, the market's state and what it means for a plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float

from aicmo.market import Market, MarketState
from aicmo.market.creative import effect
from aicmo.market.depletion import unsold
from aicmo.market.measurement import Stack
from aicmo.market.saturation import saturate
from aicmo.market.targeting import Targeting, potential
from aicmo.simulation.world import World


class Insight:
    """A window on the truth of a run, for reference teams alone.

    Parameters
    ----------
    world : World
    stack : Stack
        The team's own: what its data allow to target.
    """

    def __init__(self, world: World, stack: Stack) -> None:
        self.world, self._stack = world, stack
        self._state: MarketState | None = None

    def see(self, state: MarketState) -> None:
        """Look at the market's state; the run shows it before every decision."""
        self._state = state

    @property
    def state(self) -> MarketState:
        """The state as it was last seen.

        Raises
        ------
        ValueError
            When no run has shown one.
        """
        if self._state is None:
            raise ValueError(
                "the clairvoyant has not seen a state: run it as `Team(..., witness=insight.see)`"
            )
        return self._state

    def standing(self, tick: int) -> Market:
        """Return the market as money meets it now, with the breadth in force and the variants served.

        L(b) of the ceiling is left; half-saturation is κ b^(1 − χ) / q: a narrow audience is dearer and full
        sooner, a better creative needs less money.
        """
        market, state = self.world.market, self.state
        quality = self.quality()
        market = replace(market, half_saturation=market.half_saturation / quality)
        if market.targeting is None or state.breadth is None:
            return market
        room = state.breadth ** (1.0 - market.targeting.premium)
        return replace(
            market,
            ceiling=market.ceiling * self.found(market.targeting, state.breadth, tick),
            half_saturation=market.half_saturation * room,
            inventory=market.inventory * room,
        )

    def quality(self) -> Float[np.ndarray, "R C"]:
        """Effect of the variants that are served, q [1]."""
        creative, variants = self.world.market.creative, self.state.variants
        if creative is None or variants is None:
            return np.ones(self.world.market.ceiling.shape)
        return effect(creative, variants.traffic, variants)

    def found(
        self, targeting: Targeting, breadth: Float[np.ndarray, "R C"], tick: int
    ) -> Float[np.ndarray, "R C"]:
        """Share of the potential that an audience holds, L(b) [1]."""
        world, people, population = self.world, self.world.market.people, self.state.people
        skill = self._stack.identity_of(world.market.consent)[:, None]
        skill = skill * world.weather.consent[world.brief.row(tick)]
        left: Float[np.ndarray, "R C"] | float = 1.0
        if people is not None and population is not None:
            left = np.take(unsold(people, population), world.market.segment, axis=1)
        events = world.weather.concentration
        closer = 1.0 if events is None else events[world.brief.row(tick)]
        return potential(targeting, breadth, skill, left, closer)

    def pressure(self, rate: Float[np.ndarray, "R C"], tick: int) -> Float[np.ndarray, "R C"]:
        """Money's pressure per addressed head over κ at the breadth in force, before quality, x / q [1]."""
        world, breadth = self.world, self.state.breadth
        targeting = world.market.targeting
        room = 1.0 if targeting is None or breadth is None else breadth ** (1.0 - targeting.premium)
        return np.asarray(rate / (self.price(tick) * world.market.half_saturation * room))

    def price(self, tick: int) -> Float[np.ndarray, "R C"]:
        """Media price index of each campaign, whole audience [1]."""
        world = self.world
        return np.take(world.weather.price[world.brief.row(tick)], world.market.channel, axis=1)

    def response(self, relative: Float[np.ndarray, "R C"]) -> Float[np.ndarray, "R C"]:
        """Share H of the ceiling at a steady pressure over κ [1]."""
        market = self.world.market
        return saturate(relative, market.shape, market.logistic)
