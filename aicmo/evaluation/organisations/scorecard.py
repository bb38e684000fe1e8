"""The scorecard: every measure with its definition, unit, published benchmark, and what in the run moves it.

A measure reads one run, its ledger, decisions and the organisation's record, and gives one number a world,
NaN where `undefined` says why there is none. Benchmarks are figures that vendors and analysts publish for
such programmes; they are quoted to be compared with, not as facts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.organisations.lived import QUARTER_WEEKS, Lived
from aicmo.evaluation.organisations.tracks import age
from aicmo.simulation.organisation import NEVER

Rows = Float[np.ndarray, "R"]
Against = Literal["level", "relative", "multiple", "speed"]
BY_PEOPLE = ("planner",)
"""Kinds of agents in the budget seat that are people with a rule."""
BY_RULES = ("marketing_automation",)
"""Kinds of policies in it that are fixed if-then rules, and no AI either."""


@dataclass(frozen=True)
class Measure:
    """One line of the scorecard.

    Attributes
    ----------
    name, unit, meaning : str
    against : {"level", "relative", "multiple", "speed"}
        What the benchmark speaks of: the value itself, its change over the manual baseline's, how many times
        the baseline's it is, or how many times faster.
    benchmark : (low, high) or None
        In the unit of `against`; None where nobody has published a figure.
    published : str
        The benchmark in words.
    moved_by : tuple of str
        Conditions of the organisation that it hangs on (`scenario/capabilities.py`).
    read : callable
        Lived → (R,).
    undefined : str
        Why a world has none.
    lower_is_better : bool
    """

    name: str
    unit: str
    meaning: str
    against: Against
    benchmark: tuple[float, float] | None
    published: str
    moved_by: tuple[str, ...]
    read: Callable[[Lived], Rows]
    undefined: str = ""
    lower_is_better: bool = False


def _ratio(numerator: Rows, denominator: Rows | float) -> Rows:
    """Divide, NaN where there is nothing to divide by."""
    below = np.broadcast_to(np.asarray(denominator, dtype=float), numerator.shape)
    return np.asarray(np.divide(numerator, below, out=np.full(numerator.shape, np.nan), where=below > 0.0))


def _over_weeks(weekly: Float[np.ndarray, "W R"]) -> Rows:
    return np.asarray(np.add.accumulate(weekly, axis=0)[-1])


def pipeline(run: Lived) -> Rows:
    """Share of the last quarter's revenue that campaigns caused under budgets that an agent had written."""
    seated = next(agent for agent in run.team.agents if agent.seat == "budget")
    rule = getattr(getattr(seated, "policy", None), "kind", "")
    revenue = _over_weeks(run.weekly("revenue")[run.last_weeks])
    if seated.kind in BY_PEOPLE or rule in BY_RULES:
        return np.zeros_like(revenue)
    _, engaged = run.decisions
    first = np.where(engaged == NEVER, np.iinfo(engaged.dtype).max, engaged).min(
        axis=0, initial=run.brief.ticks
    )
    weeks = np.arange(len(run.weekly("spend")))[:, None] * (7 * 1440 // run.brief.tick_minutes)
    touched = run.weekly("driven_revenue") * (weeks >= first)
    return _ratio(_over_weeks(touched[run.last_weeks]), revenue)


def revenue_per_customer(run: Lived) -> Rows:
    """Revenue of a customer in a quarter, over the horizon."""
    days = run.run.ledger.total("customer_days")
    return _ratio(run.run.ledger.total("revenue") * 91.0, days)


def brief_to_live(run: Lived) -> Rows:
    """Mean time from ordering a creative to its going live, by Little's law (1961): W = L / λ."""
    ordered, launched = run.weekly("ordered"), run.weekly("launched")
    under_way = run.under_way + np.cumsum(ordered - launched, axis=0) + 0.5 * (launched - ordered)
    return _ratio(_over_weeks(under_way), _over_weeks(launched))


def leverage(run: Lived) -> Rows:
    """Budgets of campaigns changed for each 1,000 paid to people."""
    people = run.run.ledger["organisation"][:, :, 0].sum(axis=0) + run.pay
    return _ratio(run.run.ledger.account.changes, people / 1000.0)


def experiments(run: Lived) -> Rows:
    """Holdouts begun in a quarter, on average over the run."""
    if run.team.stack.experiments.capacity == 0:
        return np.full(run.brief.replications, np.nan)
    return np.asarray(run.run.ledger.account.experiments * QUARTER_WEEKS / len(run.weekly("spend")))


def depth(run: Lived) -> Rows:
    """Share of customer profiles that campaigns address by what is known of them, last quarter."""
    if run.world.market.targeting is None:
        return np.full(run.brief.replications, np.nan)
    known = run.team.stack.identity_of(run.world.market.consent)
    return np.asarray(known * run.shares.identity * run.shares.addressed)


def response(run: Lived) -> Rows:
    """Mean time from a signal to budgets that rest on it, last quarter."""
    decided, engaged = run.decisions
    return age(decided, engaged, run.last_ticks) * run.brief.tick_days + run.lead_days


NO_PEOPLE = "no segment of this scenario counts people (`market.segments.*.people`)"
SCORECARD = (
    Measure(
        "AI-influenced pipeline", "share",
        "revenue that campaigns caused under budgets written by an agent ÷ all revenue, last quarter",
        "level", (0.3, 1.0), "30 % or more within 18 months",
        ("autonomy", "collect", "unify", "understand", "engage"), pipeline,
    ),
    Measure(
        "CAC", "currency/person", "acquisition spend ÷ new customers that campaigns caused",
        "relative", (-0.4, -0.2), "20 to 40 % less", ("match", "consent", "addressed"),
        lambda run: run.metrics["cac_paid"], NO_PEOPLE, lower_is_better=True,
    ),
    Measure(
        "Revenue per customer", "currency/person/quarter", "all revenue ÷ mean number of customers",
        "relative", (0.1, 0.25), "10 to 25 % more", ("match", "consent", "addressed"),
        revenue_per_customer, NO_PEOPLE,
    ),
    Measure(
        "Content velocity", "week", "mean time from ordering a creative to its going live, whole run",
        "speed", (3.0, 5.0), "3 to 5 times as fast", ("studio",), brief_to_live,
        "nothing new went live: the scenario has no studio, or nothing was ordered", lower_is_better=True,
    ),
    Measure(
        "Team leverage", "changes/1,000", "budgets of campaigns changed ÷ 1,000 of currency paid to people",
        "multiple", None, "no figure published", ("autonomy", "understand"), leverage, "nobody is paid",
    ),
    Measure(
        "Experiments", "1/quarter", "holdouts begun in a quarter, whole run", "multiple", (5.0, 10.0),
        "5 to 10 times as many", ("experiments",), experiments,
        "this scenario lets nobody run experiments (`measurement.experiments`)",
    ),
    Measure(
        "Personalisation depth", "share",
        "profiles that can be joined, may be used, and are addressed by what is known of them, last quarter",
        "level", (0.6, 0.8), "from below 20 % to 60-80 %", ("match", "consent", "addressed"), depth,
        "no channel of this scenario can target (`market.channels.*.targeting`)",
    ),
    Measure(
        "Response latency", "day", "mean time from a signal to budgets that rest on it, last quarter",
        "level", (0.0, 1.0 / 24.0), "from hours or days to minutes",
        ("collect", "unify", "understand", "autonomy", "engage"), response, lower_is_better=True,
    ),
    Measure(
        "Share of attention", "1", "excess share of voice: own share beyond an even one, whole run",
        "level", None, "no figure published", (), lambda run: run.metrics["share_of_voice"],
        "the market has no rivals, or nothing was spent the year before",
    ),
    Measure(
        "Payback of a customer", "month", "months until a new customer's contribution covers the paid CAC",
        "level", None, "no figure published", ("match", "consent", "addressed"),
        lambda run: run.metrics["payback"],
        f"{NO_PEOPLE}, or a new customer does not pay back within 3 years", lower_is_better=True,
    ),
)  # fmt: skip
