"""The customer intelligence loop: what is proposed comes into force after every step has taken its time."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Bool, Float, Int

from aicmo.core.noise import Tape
from aicmo.messages import Forecast, Proposal
from aicmo.scenario.organisation import Stack
from aicmo.simulation.organisation.conditions import Conditions
from aicmo.simulation.organisation.pace import Pace, at_pace
from aicmo.simulation.organisation.record import NEVER, STEPS, Turn
from aicmo.simulation.organisation.sponsor import Sponsor

PURPOSE = "hand-over"
DECIDE = STEPS.index("decide")
FIRST = np.iinfo(np.int64).min
"""Before any tick."""


@dataclass(frozen=True)
class _UnderWay:
    """A proposal that has not come into force in all worlds."""

    tick: int
    engaged: Int[np.ndarray, "R"]
    proposal: Proposal
    pace: Pace


class IntelligenceLoop:
    """Collect → unify → understand → decide → engage, for every proposal of budgets.

    A proposal is made on the data of its day. The data that an organisation with slow steps would have had by
    the time it acts are just these: waiting before a proposal and waiting after it differ only in who waits.
    Proposals do not overtake each other, and of those that arrive together the last one holds. What waits is
    how money is split; how much there is a day is the period's business (`pace`).

    Parameters
    ----------
    tape : Tape
        Whether a hand-over fails, and how long its repair takes, hangs on world and tick.
    tick_minutes : int
    """

    def __init__(
        self, stack: Stack, conditions: Conditions, sponsor: Sponsor, tape: Tape, tick_minutes: int
    ) -> None:
        self._stack, self._conditions, self._sponsor = stack, conditions, sponsor
        self._tape, self._tick_minutes = tape, tick_minutes
        self._under_way: list[_UnderWay] = []
        self._last: Int[np.ndarray, "R"] | None = None

    def enter(
        self,
        proposal: Proposal,
        current: Float[np.ndarray, "R C"],
        pace: Pace,
        use: Float[np.ndarray, "R A"],
        tick: int,
    ) -> Turn:
        """Send a proposal on its way when `tick` opens, in the worlds that it is about."""
        asked = np.ones(len(current), dtype=bool) if proposal.due is None else proposal.due
        delays, failures = self._hand_overs(len(current), tick)
        steps = delays.copy()
        for number, name in enumerate(STEPS):
            if name != "decide":
                steps[:, number] += np.rint(self._conditions.case(name, use, tick)).astype(np.int64)
        ready = tick * self._tick_minutes + steps[:, : DECIDE + 1].sum(axis=1)
        signed = asked & (moved(proposal, current) > self._conditions.case("autonomy", use, tick))
        done, granted = self._sponsor.sign(ready, signed, tick)
        steps[:, DECIDE] += done - ready
        minutes = tick * self._tick_minutes + steps.sum(axis=1)
        engaged = self._in_order(-(-minutes // self._tick_minutes), granted & asked)
        self._under_way.append(_UnderWay(tick, engaged, proposal, pace))
        return Turn(tick, asked, steps, engaged, signed, failures)

    def _in_order(self, wanted: Int[np.ndarray, "R"], granted: Bool[np.ndarray, "R"]) -> Int[np.ndarray, "R"]:
        """Let nothing overtake what went before [tick]."""
        before = np.full_like(wanted, FIRST) if self._last is None else self._last
        last = np.maximum(wanted, before)
        self._last = np.where(granted, last, before)
        return np.where(granted, last, NEVER)

    def _hand_overs(
        self, replications: int, tick: int
    ) -> tuple[Int[np.ndarray, "R 5"], Int[np.ndarray, "R"]]:
        """Return what hand-overs between vendors add to each step [minute], and how many failed."""
        added = np.zeros((replications, len(STEPS)), dtype=np.int64)
        joints = STEPS[1 : self._stack.vendors]
        if not joints:
            return added, np.zeros(replications, dtype=np.int64)
        failed = self._tape.uniform(PURPOSE, joints, range(tick, tick + 1))[0] < self._stack.failure
        # Exponential with the stated median: how long until somebody has found out and mended it.
        luck = -np.log2(self._tape.uniform(f"{PURPOSE} repair", joints, range(tick, tick + 1))[0])
        repair = np.where(failed, np.ceil(self._stack.repair * luck), 0.0).astype(np.int64)
        added[:, 1 : self._stack.vendors] = self._stack.latency + repair
        return added, np.asarray(failed.sum(axis=1))

    def due(self, tick: int) -> bool:
        """Whether anything comes into force when `tick` opens."""
        return any((item.engaged == tick).any() for item in self._under_way)

    def leave(self, pace: Pace, tick: int) -> Proposal | None:
        """Return what comes into force when `tick` opens, in the worlds where anything does."""
        arrived = []
        for item in self._under_way:
            rows, proposal = item.engaged == tick, item.proposal
            if item.tick < tick and rows.any():
                proposal, known = at_pace(proposal, item.pace, pace)
                rows = rows & known
            arrived.append((rows, proposal))
        self._under_way = [item for item in self._under_way if (item.engaged > tick).any()]
        arrived = [(rows, proposal) for rows, proposal in arrived if rows.any()]
        return joined(arrived) if arrived else None


def joined(arrived: list[tuple[Bool[np.ndarray, "R"], Proposal]]) -> Proposal:
    """Make one proposal of several, each for some worlds; the last one holds."""
    due, latest = arrived[0]
    value, forecast = np.array(latest.value), latest.forecast
    for rows, proposal in arrived[1:]:
        value = np.where(rows[:, None], proposal.value, value)
        forecast = _stitched(rows, proposal.forecast, forecast)
        due, latest = due | rows, proposal
    return Proposal(latest.seat, value, forecast, due, latest.by)


def _stitched(
    rows: Bool[np.ndarray, "R"], later: Forecast | None, earlier: Forecast | None
) -> Forecast | None:
    if later is None or earlier is None:
        return None
    parts = {item.name: (getattr(later, item.name), getattr(earlier, item.name)) for item in fields(Forecast)}
    return Forecast(
        **{
            name: np.where(rows.reshape(-1, *[1] * (mine.ndim - 1)), mine, other)
            for name, (mine, other) in parts.items()
        }
    )


def moved(proposal: Proposal, current: Float[np.ndarray, "R C"]) -> Float[np.ndarray, "R"]:
    """Share of the budget that a proposal moves, Σ|Δ| / 2 over what is in force, (R,) [1]."""
    total = current.sum(axis=1)
    # What is no number needs no signature: the gate refuses it.
    with np.errstate(over="ignore", invalid="ignore"):
        change = 0.5 * np.abs(np.asarray(proposal.value, dtype=float) - current).sum(axis=1)
    return np.asarray(np.divide(change, total, out=np.where(change > 0.0, np.inf, 0.0), where=total > 0.0))
