"""Counterfactual runs: the same decisions on the same tape with one thing changed, and what that changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from aicmo.evaluation.terminal import terminal_value
from aicmo.market.levers import Levers
from aicmo.market.state import MarketState
from aicmo.market.step import Outcome
from aicmo.simulation.ledger import row_total
from aicmo.simulation.replay import Edit, Script, replay
from aicmo.simulation.world import World

Rows = Float[np.ndarray, "R"]


class Effect(NamedTuple):
    """What an edit adds, from its first tick to the end of the horizon, (R,) each [currency].

    Attributes
    ----------
    spend, revenue, gross_profit :
        Edited − recorded.
    terminal_value :
        Same of the run-off after the horizon, discounted.
    """

    spend: Rows
    revenue: Rows
    gross_profit: Rows
    terminal_value: Rows

    def __neg__(self) -> Effect:
        """Return what is lost without what was taken away."""
        return Effect(*(-part for part in self))


class Counterfactual:
    """A recorded run of a block of worlds, and what becomes of it when planned money changes.

    Decisions are frozen: nobody answers to what the edit changes, so the difference is the effect of money.

    Parameters
    ----------
    script : Script
        Of a run over the whole horizon.
    openings : sequence of int
        Ticks at which edits may begin.
    """

    def __init__(self, world: World, script: Script, openings: Sequence[int]) -> None:
        self.world = world
        self.script = script
        self._state: dict[int, MarketState] = {}
        self._recorded: list[tuple[Rows, Rows, Rows]] = []
        after, ticks = script.opening, range(len(script.planned))
        for tick, (following, outcome) in zip(ticks, replay(world, after, script, ticks), strict=True):
            if tick in openings:
                self._state[tick] = after
            self._recorded.append(self._sums(outcome))
            after = following
        self._standing = Levers(skill=script.levers[-1].skill)
        self._left = terminal_value(world, after, self._standing)

    def scaled(self, members: Bool[np.ndarray, "C"], window: range, factor: float) -> Effect:
        """Return the effect of another amount for some campaigns in a window of ticks.

        Parameters
        ----------
        members : (C,)
        window : range
            Begins at one of the openings. What was sold after it because of it counts: carry-over, brand,
            customers, and what it costs a platform to learn again.
        factor : float
            On planned money, rounded to whole minor units.
        """
        unit = self.world.brief.minor_unit

        def edit(tick: int, money: Float[np.ndarray, "R C"]) -> Float[np.ndarray, "R C"]:
            if tick not in window:
                return money
            return np.where(members, np.rint(money * factor / unit) * unit, money)

        return self._effect(edit, window.start)

    def _effect(self, edit: Edit, first: int) -> Effect:
        ticks, state = range(first, len(self.script.planned)), self._state[first]
        nothing = np.zeros(self.world.brief.replications)
        spend, revenue, profit = nothing, nothing, nothing
        edited = replay(self.world, state, self.script, ticks, edit)
        for tick, (following, outcome) in zip(ticks, edited, strict=True):
            # differences are summed, not totals: what an edit does not reach adds zero exactly
            now, before = self._sums(outcome), self._recorded[tick]
            spend = spend + (now[0] - before[0])
            revenue = revenue + (now[1] - before[1])
            profit = profit + (now[2] - before[2])
            state = following
        return Effect(spend, revenue, profit, terminal_value(self.world, state, self._standing) - self._left)

    def _sums(self, outcome: Outcome) -> tuple[Rows, Rows, Rows]:
        revenue = outcome.orders * self.world.market.order_value
        return row_total(outcome.spend), row_total(revenue), row_total(outcome.gross_profit)
