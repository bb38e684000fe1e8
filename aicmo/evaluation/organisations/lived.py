"""What is kept of one team's run under an operating model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from aicmo.evaluation.block import Finished, books_beside
from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import measure_all
from aicmo.evaluation.rhythm import Rhythm, cadence_days
from aicmo.messages import Brief
from aicmo.simulation.ledger import row_total
from aicmo.simulation.organisation import Record
from aicmo.simulation.organisation.conditions import Conditions, Data, data
from aicmo.simulation.team import Team
from aicmo.simulation.world import World

QUARTER_WEEKS = 13


@dataclass(frozen=True)
class Lived:
    """One team in one block of worlds.

    Attributes
    ----------
    under_way : (R,) [variant]
        Creatives in the studio at the opening.
    """

    world: World
    team: Team
    run: Finished
    dark: Finished
    under_way: Float[np.ndarray, "R"]

    @property
    def brief(self) -> Brief:
        """What the advertiser knows."""
        return self.world.brief

    @property
    def record(self) -> Record | None:
        """What the organisation did."""
        return self.run.ledger.organisation

    @cached_property
    def books(self) -> Books:
        """The run beside nobody's."""
        return books_beside(self.run, self.dark, np.full(self.brief.replications, self.pay))

    @property
    def pay(self) -> float:
        """What the team itself costs [currency]."""
        return self.team.costs(self.brief)

    @cached_property
    def metrics(self) -> Mapping[str, Float[np.ndarray, "R"]]:
        """Every metric of a comparison."""
        return measure_all(self.books)

    def weekly(self, field: str) -> Float[np.ndarray, "W R"]:
        """Weekly totals of a ledger field."""
        return row_total(self.run.ledger[field])

    @cached_property
    def costs(self) -> Float[np.ndarray, "W R"]:
        """What the team costs, week by week [currency]; its own pay is spread evenly."""
        booked = sum(self.weekly(name) for name in ("studio", "experiments", "penalty", "organisation"))
        return np.asarray(booked + self.pay / len(self.weekly("spend")))

    @cached_property
    def incremental(self) -> Float[np.ndarray, "W R"]:
        """Gross profit beyond the dark run's, week by week [currency]."""
        return np.asarray(self.weekly("gross_profit") - row_total(self.dark.ledger["gross_profit"]))

    # --- the last quarter, in which a roll-out has come as far as it comes ---

    @property
    def last_weeks(self) -> slice:
        """The last quarter, in weeks."""
        return slice(-QUARTER_WEEKS, None)

    @property
    def last_ticks(self) -> range:
        """The last quarter, in ticks."""
        length = QUARTER_WEEKS * 7 * 1440 // self.brief.tick_minutes
        return range(max(0, self.brief.ticks - length), self.brief.ticks)

    @cached_property
    def shares(self) -> Data:
        """Mean shares of data over the last quarter, (R,) each [1]."""
        owner, ones = self.team.organisation, np.ones(self.brief.replications)
        if owner is None or self.record is None:
            return Data(ones, ones, 0.0 * ones)
        conditions = Conditions(owner, self.world.tape)
        found = [data(conditions, self.record.use[tick]) for tick in self.last_ticks]
        return Data(
            *(np.add.accumulate(parts, axis=0)[-1] / len(found) for parts in zip(*found, strict=True))
        )

    @cached_property
    def decisions(self) -> tuple[Int[np.ndarray, "N"], Int[np.ndarray, "N R"]]:
        """Ticks at which budgets were planned anew (N,), and at which each plan came into force (N, R)."""
        budget = next(agent for agent in self.team.agents if agent.seat == "budget")
        rhythm = Rhythm.of(budget)
        days = cadence_days(budget.cadence) if rhythm is None else rhythm.days
        every = max(1, round(days / self.brief.tick_days))
        if self.record is None:
            decided = np.arange(0, self.brief.ticks, every)
            return decided, np.repeat(decided[:, None], self.brief.replications, axis=1)
        kept = [turn for turn in self.record.turns if turn.tick % every == 0]
        engaged = [turn.engaged for turn in kept]
        shape = (len(kept), self.brief.replications)
        return np.array([turn.tick for turn in kept], dtype=int), np.array(engaged, dtype=int).reshape(shape)

    @property
    def lead_days(self) -> float:
        """Age of reports on which a plan is made [day]: the data stack's latency, and people's own lead."""
        budget = next(agent for agent in self.team.agents if agent.seat == "budget")
        return float(getattr(budget, "lead_days", 0)) + self.team.stack.latency_minutes / 1440
