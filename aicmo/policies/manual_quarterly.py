"""The typical manual planner: a quarterly plan by reported ROAS, a monthly review, a weekly look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation
from aicmo.policies._pace import bounded, phased
from aicmo.policies._reported import Metric, Report, joined, report, roas_against_mean
from aicmo.policies._shares import Shares

STEEPNESS = 0.5
"""Share ∝ old × (reported ROAS / mean)^½ (model.md, manual teams)."""
LOOK_DAYS = 28.0
"""What a review and a weekly look read."""
EVIDENCE = 10.0
"""Orders that an average campaign would have brought for the same money, before one is called a failure."""


@dataclass(frozen=True)
class ManualQuarterly:
    """Plan by channel and objective, edit the largest campaigns, let the rest follow.

    The typical manual team of model.md: no strawman, only slower and simpler than a machine. A plan starts
    from the same quarter of the year before and moves each share by (reported ROAS / mean)^½; a review moves
    the plan by what has changed since it was made. So corrections do not pile up: repeated every month, the
    rule would end at equal average ROAS, which starves whatever is still far from saturation. Orders count
    at their gross profit, which equals revenue up to a factor where all margins are alike: who sells at
    several margins knows them.

    Parameters
    ----------
    metric : {"unified", "claimed"}
        The report that is believed: unified where the CDP is live.
    quarterly_cap, monthly_cap : float
        Largest relative change of a share from last year's at a plan, and from the plan's at a review.
    review_days : float
        Days between reviews inside a quarter.
    edits : int
        How many campaigns, the largest, are looked at one by one; planners handle 10 to 20.
    stop_below : float
        A weekly look halves a campaign whose ROAS lies below this share of the mean.
    look_back_days : float
        What a plan reads; a review and a weekly look read four weeks.
    floor : float
        Least share of a campaign as a share of an equal one, so that it can come back.
    season_exponent : float
        How far spend follows believed demand, announced events included.
    """

    metric: Metric = "unified"
    quarterly_cap: float = 0.2
    monthly_cap: float = 0.1
    review_days: float = 28.0
    edits: int = 20
    stop_below: float = 0.25
    look_back_days: float = 91.0
    floor: float = 0.05
    season_exponent: float = 1.0
    kind: ClassVar[str] = "manual_quarterly"
    learns: ClassVar[bool] = True

    @classmethod
    def examples(cls) -> Iterator[ManualQuarterly]:
        """Yield the typical planner, and one without a CDP who edits few campaigns."""
        yield cls()
        yield cls(metric="claimed", edits=3)

    def init(self, brief: Brief) -> Shares:
        """Know the brief; shares come with the first look."""
        return Shares.unknown(brief)

    def update(self, state: Shares, observation: Observation) -> Shares:
        """Plan when a quarter has begun, else review after a month, and look for disasters each week."""
        state = state.opened(observation, self.season_exponent)
        tick, due = observation.tick, observation.due
        plan = due & (state.planned < observation.period.start)
        review = due & ~plan & (state.since(state.reviewed, tick) >= self.review_days)
        look = due & (state.since(state.looked, tick) >= 7.0)
        state = self._planned(state, plan, observation)
        state = self._reviewed(state, review, observation)
        state = self._stopped(state, look, self._seen(state, observation, LOOK_DAYS))
        return state._replace(
            planned=np.where(plan, tick, state.planned),
            reviewed=np.where(plan | review, tick, state.reviewed),
            looked=np.where(look, tick, state.looked),
        )

    def act(self, state: Shares, observation: Observation, draws: Draws) -> np.ndarray:  # noqa: ARG002 - no luck
        """Return the shares at this week's demand, (R, C) [currency/day]."""
        return phased(state.brief, observation, state.shares, self.season_exponent)

    def _seen(self, state: Shares, observation: Observation, days: float) -> Report:
        return report(observation, self.metric, observation.tick - round(days / state.brief.tick_days))

    def _planned(self, state: Shares, rows: np.ndarray, observation: Observation) -> Shares:
        """Move last year's channel × objective shares, then the campaigns inside them, by reported ROAS."""
        if not rows.any():
            return state
        seen = self._seen(state, observation, self.look_back_days)
        old = state.year_before(observation, self.season_exponent)
        profit = seen.orders * state.brief.value
        cell, cells = cells_of(state.brief)
        against = roas_against_mean(joined(seen.spend, cell, cells), joined(profit, cell, cells))
        inside = self._edited(old, roas_within(seen.spend, profit, cell), self.quarterly_cap)
        plan = self._by_cell(
            inside, bounded(joined(old, cell, cells), against**STEEPNESS, self.quarterly_cap), cell
        )
        state = state.replaced(rows, self._kept_alive(plan))
        return state._replace(plan=np.where(rows[:, None], state.shares, state.plan))

    def _reviewed(self, state: Shares, rows: np.ndarray, observation: Observation) -> Shares:
        """Move the plan's shares by how each cell's ROAS of four weeks stands against the quarter before."""
        if not rows.any():
            return state
        value, (cell, cells) = state.brief.value, cells_of(state.brief)
        recent = observation.tick - round(LOOK_DAYS / state.brief.tick_days)
        before = recent - round(self.look_back_days / state.brief.tick_days)
        now, then = (
            roas_against_mean(joined(seen.spend, cell, cells), joined(seen.orders * value, cell, cells))
            for seen in (
                report(observation, self.metric, recent),
                report(observation, self.metric, before, recent),
            )
        )
        changed = np.divide(now, then, out=np.ones_like(now), where=then > 0.0)
        new = bounded(joined(state.plan, cell, cells), changed**STEEPNESS, self.monthly_cap)
        return state.replaced(rows, self._kept_alive(self._by_cell(state.plan, new, cell)))

    def _by_cell(self, shares: np.ndarray, wanted: np.ndarray, cell: np.ndarray) -> np.ndarray:
        """Scale campaigns (R, C) so that their cells have the shares wanted (R, cells)."""
        size = joined(shares, cell, wanted.shape[1])
        scale = np.divide(wanted, size, out=np.zeros_like(wanted), where=size > 0.0)
        return np.asarray(shares * scale[:, cell])

    def _edited(self, shares: np.ndarray, against: np.ndarray, cap: float) -> np.ndarray:
        """Multiply the largest campaigns by their capped factor, (R, C); the rest stay."""
        rank = np.argsort(np.argsort(-shares, axis=1, kind="stable"), axis=1, kind="stable")
        factor = np.clip(against**STEEPNESS, 1.0 - cap, 1.0 + cap)
        return np.where(rank < self.edits, shares * factor, shares)

    def _stopped(self, state: Shares, rows: np.ndarray, seen: Report) -> Shares:
        """Halve what fails beyond doubt; the others take its money in proportion."""
        if not rows.any():
            return state
        value = state.brief.value
        against = roas_against_mean(seen.spend, seen.orders * value)
        return_all = (seen.orders * value).sum(axis=1, keepdims=True)
        money = seen.spend.sum(axis=1, keepdims=True)
        mean = np.divide(return_all, money, out=np.zeros_like(money), where=money > 0.0)
        expected = np.divide(seen.spend * mean, value, out=np.zeros_like(seen.spend), where=value > 0.0)
        fails = (against < self.stop_below) & (expected >= EVIDENCE)
        halved = np.where(fails, 0.5, 1.0) * state.shares
        return state.replaced(rows & fails.any(axis=1), self._kept_alive(halved))

    def _kept_alive(self, shares: Float[np.ndarray, "R C"]) -> Float[np.ndarray, "R C"]:
        """Leave every campaign that has a share enough to be seen."""
        least = self.floor / shares.shape[1]
        return np.where(shares > 0.0, np.maximum(shares, least), 0.0)


def cells_of(brief: Brief) -> tuple[np.ndarray, int]:
    """Channel × objective of each campaign, (C,), and how many there are."""
    cell = 2 * brief.channel + brief.retention
    names, index = np.unique(cell, return_inverse=True)
    return index, len(names)


def roas_within(spend: np.ndarray, profit: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Return gross profit ÷ spend of each campaign relative to the mean of its cell, (R, C)."""
    against = np.ones_like(spend)
    for i in range(int(cell.max()) + 1):
        members = np.flatnonzero(cell == i)
        against[:, members] = roas_against_mean(np.take(spend, members, 1), np.take(profit, members, 1))
    return against
