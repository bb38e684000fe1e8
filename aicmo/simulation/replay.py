"""A run without its team: what was ordered of the market, tick by tick, given to it once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float

from aicmo.market import advance
from aicmo.market.creative import Variants
from aicmo.market.levers import Levers
from aicmo.market.state import MarketState
from aicmo.market.step import Outcome
from aicmo.simulation.world import World

Edit = Callable[[int, Float[np.ndarray, "R C"]], Float[np.ndarray, "R C"]]
"""What is planned instead: (tick, planned money) → money, whole minor units."""


@dataclass
class Script:
    """Every order that reached the market in a run that began at tick 0.

    Attributes
    ----------
    opening : MarketState
        In which tick 0 opened.
    planned : list of (R, C) [currency]
        Money for each tick.
    levers : list of Levers
        What the other seats had decided.
    creatives : mapping of int to Variants
        By tick: the variants in force from it on where somebody changed them; `exposure` is 0 for those that
        are new, else 1.
    """

    opening: MarketState
    planned: list[Float[np.ndarray, "R C"]] = field(default_factory=list)
    levers: list[Levers] = field(default_factory=list)
    creatives: dict[int, Variants] = field(default_factory=dict)
    _left: Variants | None = None

    def write(
        self, planned: Float[np.ndarray, "R C"], levers: Levers, before: MarketState, after: MarketState
    ) -> None:
        """Add the orders of one tick, with the market's state before and after it."""
        left = self._left if self.planned else self.opening.variants
        if before.variants is not None and left is not None and before.variants is not left:
            same = before.variants.exposure == left.exposure
            self.creatives[len(self.planned)] = before.variants._replace(exposure=same.astype(float))
        self._left = after.variants
        self.planned.append(planned)
        self.levers.append(levers)

    def prepared(self, state: MarketState, tick: int) -> MarketState:
        """Return the state with the variants that were put in force when `tick` opened."""
        ordered = self.creatives.get(tick)
        if ordered is None or state.variants is None:
            return state
        seen = state.variants.exposure * ordered.exposure  # nobody has seen a variant that is new
        return replace(state, variants=ordered._replace(exposure=seen))


def replay(
    world: World, state: MarketState, script: Script, ticks: range, edit: Edit | None = None
) -> Iterator[tuple[MarketState, Outcome]]:
    """Run the market on a script: the same decisions, the same tape, nobody who answers what happens.

    Parameters
    ----------
    state : MarketState
        In which `ticks` open.
    edit : callable, optional
        See `Edit`; without one the run is the recorded one, bit for bit.

    Yields
    ------
    state, outcome :
        After each tick.
    """
    for tick in ticks:
        money = script.planned[tick] if edit is None else edit(tick, script.planned[tick])
        state, outcome = advance(
            world.market,
            world.weather,
            script.prepared(state, tick),
            money,
            tick,
            levers=script.levers[tick],
        )
        yield state, outcome
