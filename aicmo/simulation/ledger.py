"""The ledger: everything that happened, as declared fields with axes, unit, resolution and meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np

from aicmo.market.totals import total_by
from aicmo.messages import Answer, Brief, Decision, Intervention, Proposal, Request, read_only
from aicmo.simulation.organisation.record import EXPENSES, Record
from aicmo.simulation.promises import Promises
from aicmo.simulation.restraint import Restraint

Resolution = Literal["tick", "week"]
NOTHING = 1e-9
"""A total of rates below this share of what moved is none: a ratio to it says nothing."""


@dataclass(frozen=True)
class Field:
    """One fact about the run.

    Attributes
    ----------
    axes : str
        `T` first where the fact has time. At resolution `week`, T counts weeks and C is summed into K.
    """

    name: str
    axes: str
    unit: str
    meaning: str


FIELDS = (
    Field("planned", "T R C", "currency", "money that the decision in force planned for the tick"),
    Field("spend", "T R C", "currency", "money delivered by the media; what could not be is returned"),
    Field("orders_driven", "T R C", "order", "true orders caused by each campaign"),
    Field("driven_revenue", "T R C", "currency", "true orders caused × order value"),
    Field("claimed", "T R C", "order", "orders that platforms will claim once conversions have matured"),
    Field("claimed_revenue", "T R C", "currency", "claimed orders × order value"),
    Field("unified", "T R C", "order", "orders credited after identity resolution once matured"),
    Field("unified_revenue", "T R C", "currency", "unified orders × order value"),
    Field("orders", "T R S", "order", "all orders of a segment, organic ones included"),
    Field("gross_profit", "T R S", "currency", "orders × order value × margin"),
    Field("penalty", "T R K", "currency", "what incidents cost"),
    Field("studio", "T R C", "currency", "price of the variants that were ordered"),
    Field("ordered", "T R C", "variant", "new variants that were ordered"),
    Field("launched", "T R C", "variant", "new variants that went live"),
    Field("experiments", "T R K", "currency", "what setting experiments up cost, by the channels tested"),
    Field(
        "organisation", "T R E", "currency", "what the organisation costs: people, tools, integration work"
    ),
    Field("revenue", "T R S", "currency", "orders × order value"),
    Field("customers_won", "T R S", "person", "first orders, where people are counted"),
    Field("customers_driven", "T R S", "person", "of the customers won those that campaigns caused"),
    Field("customers_lost", "T R S", "person", "customers who left"),
    Field("customers_saved", "T R S", "person", "customers who would have left without retention"),
    Field("customer_days", "T R S", "person·day", "customers when the tick opened × its length"),
    Field("acquisition_spend", "T R S", "currency", "money spent on winning people who are counted"),
    Field("retention_spend", "T R S", "currency", "money spent on keeping customers who are counted"),
)
CUSTOMERS = (
    "customers_won", "customers_driven", "customers_lost", "customers_saved", "customer_days",
)  # fmt: skip
"""Fields of a `Movement`, in its order."""
_BY_NAME = {item.name: item for item in FIELDS}


@dataclass
class Account:
    """Per-replication facts without a time axis.

    Attributes
    ----------
    moved, ordered : (R,) [currency/day]
        Σ|Δrate| and Σ rate over all decisions.
    violations : (R,)
        Breaches of guardrails that no waiver covers.
    interventions, waivers : (R,)
        How many corrections and recorded exceptions.
    changes : (R,)
        How many budgets of campaigns decisions have changed.
    experiments : (R,)
        How many holdouts have begun.
    """

    moved: np.ndarray
    ordered: np.ndarray
    violations: np.ndarray
    interventions: np.ndarray
    waivers: np.ndarray
    changes: np.ndarray
    experiments: np.ndarray

    @classmethod
    def empty(cls, replications: int) -> Account:
        """Nothing has been decided."""
        return cls(*(np.zeros(replications) for _ in fields(cls)))

    @property
    def turnover(self) -> np.ndarray:
        """Share of the budget that an average decision moves, Σ|Δrate| / Σ rate, (R,)."""
        shares: np.ndarray = np.divide(
            self.moved, self.ordered, out=np.zeros_like(self.moved), where=self.ordered > NOTHING * self.moved
        )
        return shares


class Ledger:
    """What happened over ticks `first … last` of one run.

    Parameters
    ----------
    brief : Brief
    ticks : range
        The ticks that are written down.
    resolution : {"tick", "week"}
        `week` keeps weekly totals by channel, a hundredth of the memory.

    Attributes
    ----------
    decisions : list of Decision
        In order of time; kept at resolution `tick` only.
    restraint : dict of str to Restraint
        What each guardrail did.
    steering : list of (tick, Proposal)
        What the seats that move no money asked for, taken but where it is among the rejections.
    rejections : list of Intervention
        Proposals that were rejected because an agent failed or answered with rubbish.
    requests, answers : list
        What people were asked to approve, and what they said.
    promises : Promises
        What was expected of budget decisions, and what they brought.
    reviews : list of (tick, before, after)
        Factor on what needs no approval, (R,), before and after a period was judged.
    organisation : Record or None
        What the organisation around the team did: queues, capabilities, the customer intelligence loop.
    """

    def __init__(self, brief: Brief, ticks: range, resolution: Resolution = "tick") -> None:
        self.brief = brief
        self.ticks = ticks
        self.resolution = resolution
        self.decisions: list[Decision] = []
        self.restraint: dict[str, Restraint] = {}
        self.steering: list[tuple[int, Proposal]] = []
        self.rejections: list[Intervention] = []
        self.requests: list[Request] = []
        self.answers: list[Answer] = []
        self.promises = Promises(brief)
        self.reviews: list[tuple[int, np.ndarray, np.ndarray]] = []
        self.organisation: Record | None = None
        self.account = Account.empty(brief.replications)
        self._bins = self._time_bins()
        self._arrays = {item.name: np.zeros(self._shape(item)) for item in FIELDS}
        self._periods = [item for item in brief.periods if item.end > ticks.start and item.start < ticks.stop]
        self._by_period = {item.name: np.zeros(self._period_shape(item)) for item in FIELDS}

    def _time_bins(self) -> np.ndarray:
        """Row of the ledger to which each tick is added."""
        offset = np.arange(len(self.ticks))
        if self.resolution == "tick":
            return offset
        return (offset * self.brief.tick_minutes) // (7 * 1440)

    def _shape(self, item: Field) -> tuple[int, ...]:
        lengths = {
            "T": int(self._bins[-1]) + 1 if len(self._bins) else 0,
            "R": self.brief.replications,
            "C": len(self.brief.channels) if self.resolution == "week" else len(self.brief.campaigns),
            "K": len(self.brief.channels),
            "S": len(self.brief.segments),
            "E": len(EXPENSES),
        }
        return tuple(lengths[axis] for axis in item.axes.split())

    def _period_shape(self, item: Field) -> tuple[int, ...]:
        parts = {"S": self.brief.segments, "E": EXPENSES}.get(item.axes[-1], self.brief.channels)
        return len(self._periods), self.brief.replications, len(parts)

    def axes(self, name: str) -> tuple[str, ...]:
        """Axis letters of a field as it is kept: at `week`, T is weeks and C has become K."""
        axes = _BY_NAME[name].axes.split()
        return tuple("K" if axis == "C" and self.resolution == "week" else axis for axis in axes)

    def write(self, tick: int, facts: Mapping[str, np.ndarray]) -> None:
        """Add one tick's facts, (R, C) or (R, S) by field name."""
        if "orders_driven" in facts:
            self.promises.earn(facts["orders_driven"])
        row = self._bins[tick - self.ticks.start]
        period = sum(item.end <= tick for item in self._periods)
        for name, value in facts.items():
            by_campaign = _BY_NAME[name].axes.endswith("C")
            part = total_by(value, self.brief.channel, len(self.brief.channels)) if by_campaign else value
            self._by_period[name][period] += part
            if self.resolution == "tick":
                self._arrays[name][row] = value
            else:
                self._arrays[name][row] += part

    def decide(self, decision: Decision, violations: np.ndarray) -> None:
        """Put a decision on record, with how many limits it breaks, (R,)."""
        if self.resolution == "tick":
            self.decisions.append(decision)
        self.promises.note(decision)
        account = self.account
        account.moved += row_total(np.abs(decision.rate - decision.before))
        account.ordered += row_total(decision.rate) * decision.due
        account.changes += (decision.rate != decision.before).sum(axis=1) * decision.due
        account.violations += violations * decision.due
        self.intervene(decision.interventions)
        for waiver in decision.waivers:
            account.waivers += waiver.amount > 0
        for item in decision.bindings:
            self._restraint(item.guardrail).bind(item, decision.due)

    def _restraint(self, guardrail: str) -> Restraint:
        return self.restraint.setdefault(guardrail, Restraint.none(self.brief.replications))

    def hold(self, limits: Mapping[str, np.ndarray]) -> None:
        """Put on record at how many limits of each guardrail a decision lies that moves no money, (R,)."""
        for guardrail, many in limits.items():
            self._restraint(guardrail).hold(many)

    def steer(self, proposal: Proposal, tick: int) -> None:
        """Put on record what a seat that moves no money asks for."""
        if self.resolution == "tick":
            self.steering.append((tick, proposal))

    def intervene(self, interventions: Iterable[Intervention]) -> None:
        """Count corrections, and keep what was rejected whole with its reason."""
        for item in interventions:
            self.account.interventions += item.moved > 0
            if item.reason:
                self.rejections.append(item)
            else:
                self._restraint(item.guardrail).correct(item)

    def __getitem__(self, name: str) -> np.ndarray:
        """Return a field, read-only.

        Raises
        ------
        KeyError
            When no field of that name is declared.
        """
        if name not in self._arrays:
            raise KeyError(f"the ledger declares no field {name!r}; it has {', '.join(self._arrays)}")
        return read_only(self._arrays[name])

    def by_period(self, name: str) -> np.ndarray:
        """Totals of a field by budget period of the run, exact where a week straddles two.

        Returns
        -------
        (P, R, K), (P, R, S) or (P, R, E)
            Campaigns are summed by channel.
        """
        return read_only(self._by_period[name])

    @property
    def fields(self) -> Iterable[Field]:
        """What is declared."""
        return FIELDS

    def total(self, name: str) -> np.ndarray:
        """Sum of a field over all axes but the replications, (R,)."""
        by_time = self[name].sum(axis=2)
        return np.asarray(np.add.accumulate(by_time, axis=0)[-1])  # one order whatever R: see DESIGN, "Bits"


def row_total(values: np.ndarray) -> np.ndarray:
    """Sum rows from left to right, (…, C) → (…,); `sum` takes an order that the memory layout decides."""
    return np.asarray(np.add.accumulate(values, axis=-1)[..., -1])
