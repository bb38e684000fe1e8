"""Budgets that people have decided on and are putting live: each takes its own working time."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import numpy as np
import simpy
from jaxtyping import Bool, Float, Int

from aicmo.messages import Brief, Proposal
from aicmo.simulation.clock import Clock, Phase
from aicmo.simulation.organisation.company import is_rate
from aicmo.simulation.organisation.intelligence_loop import joined
from aicmo.simulation.organisation.pace import Pace
from aicmo.simulation.working_time import WorkingTime

LONGEST_DAYS = 365.0
"""Who takes longer has not answered."""


class Drafts:
    """What is under way between a person's look and the changed budgets, world by world.

    What the calendar says was planned ahead: the total of a wish holds at once, in the proportions in force.
    What reports say moves the split, and that takes days. All worlds whose people are ready in one tick
    share a process. A later look replaces an earlier one: what comes live after it is dropped.

    Parameters
    ----------
    hours : WorkingTime
        When people work.
    """

    def __init__(self, clock: Clock, brief: Brief, hours: WorkingTime) -> None:
        self._clock, self._brief, self._hours = clock, brief, hours
        self._ready: list[tuple[Bool[np.ndarray, "R"], Proposal]] = []
        self._looked = np.full(brief.replications, np.iinfo(np.int64).min)

    @property
    def ready(self) -> bool:
        """Whether something goes live now."""
        return bool(self._ready)

    def passed(
        self, proposals: list[Proposal], rate: Float[np.ndarray, "R C"], pace: Pace, tick: int
    ) -> list[Proposal]:
        """Take budgets that people need time for, and return what is put in force now.

        What has its total now and its split later says so: its `working_days` are still there.

        What is no budget at all passes, for the gate to say so.

        Parameters
        ----------
        rate : (R, C) [currency/day]
            In force.
        pace : Pace
            What comes when a period's money is gone stays out: at nothing the next period would begin.
        """
        ready = [(rows & pace.enough, proposal) for rows, proposal in self._ready]
        ready, self._ready = [item for item in ready if item[0].any()], []
        now = [joined(ready)] if ready else []
        for proposal in proposals:
            days = proposal.working_days
            if days is None or not is_rate(proposal.value, self._brief.shape):
                now.append(proposal)
            else:
                self._begin(replace(proposal, working_days=None), self._done(days), tick)
                now.append(replace(proposal, value=in_proportion(rate, proposal.value)))
        return now

    def _begin(self, proposal: Proposal, done: Int[np.ndarray, "R"], tick: int) -> None:
        due = np.ones(len(done), dtype=bool) if proposal.due is None else proposal.due
        for ready in np.unique(done[due]).tolist():
            self._clock.process(self._work(proposal, due & (done == ready), ready, tick))

    def _work(
        self, proposal: Proposal, rows: Bool[np.ndarray, "R"], ready: int, looked: int
    ) -> Generator[simpy.Event, Any, None]:
        """Wait until the work is done, and hand over what no later look has replaced."""
        yield self._clock.at(ready * self._brief.tick_minutes, Phase.ANSWER)
        rows = rows & (self._looked < looked)
        if rows.any():
            self._looked = np.where(rows, looked, self._looked)
            self._ready.append((rows, proposal))

    def _done(self, days: Any) -> Int[np.ndarray, "R"]:
        """Return the first tick that opens after so many working days, later than now."""
        interval, start = self._brief.tick_minutes, self._clock.minute
        a_day = self._hours.closes - self._hours.opens
        length = np.broadcast_to(np.nan_to_num(np.asarray(days, dtype=float)), (self._brief.replications,))
        work = np.rint(np.clip(length, 0.0, LONGEST_DAYS) * a_day).astype(np.int64)
        done = np.array([self._hours.after(start, minutes) for minutes in work.tolist()], dtype=np.int64)
        return np.asarray(np.maximum(-(-done // interval), start // interval + 1))


def in_proportion(rate: Float[np.ndarray, "R C"], wish: Float[np.ndarray, "R C"]) -> Float[np.ndarray, "R C"]:
    """Return the total of a wish split as the budgets in force; the wish where nothing is in force."""
    total, now = wish.sum(axis=1, keepdims=True), rate.sum(axis=1, keepdims=True)
    factor = np.divide(total, now, out=np.zeros_like(now), where=now > 0.0)
    return np.where(now > 0.0, rate * factor, wish)
