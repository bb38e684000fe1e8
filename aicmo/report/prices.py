"""What a plan brings, what the next euro and each limit are worth, how sure the optimum is: in sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from babel.numbers import get_currency_name

from aicmo.core.curves import TABLE
from aicmo.report.change_table import marginal
from aicmo.report.money import LOCALE, money
from aicmo.report.plan import Reallocation
from aicmo.report.words import listed, percent, plain

PROVEN = 1e-6
"""Relative gap below which a plan is called optimal."""
ROUNDING = 1e-12
"""Of the largest ceiling: a gap that small is none."""
SHOWN = 12
"""Limits and names that are spelled out; the JSON has all."""


def finding(change: Reallocation) -> str:
    """State what the plan brings, against today where that is known."""
    brings = f"{_cash(change, change.plan.total)} brings {outcome(float(change.response[1].sum()))}"
    before = change.response[0]
    if change.current is None or before is None:
        return f"{brings}."
    today = float(before.sum())
    gain = float(change.response[1].sum()) / today - 1.0 if today else 0.0
    gained = f" ({percent(gain, signed=True)})" if today else ""
    return f"{brings}{gained}; today {_cash(change, change.current_total)} brings {outcome(today)}."


def sentences(change: Reallocation) -> Iterator[str]:
    """Yield the goal, the price of money, what limits cost, the certificate, and remarks."""
    yield _price(change)
    yield from _limits(change)
    yield _certificate(change)
    yield from _unspent(change)
    yield from _beyond(change)


def outcome(amount: float) -> str:
    """Write an amount of outcome with four significant digits.

    >>> outcome(2057839.6), outcome(0.5)
    ('2,058,000', '0.5')
    """
    return f"{float(f'{amount:.4g}'):,.10g}"


def euro(change: Reallocation) -> str:
    """Name one unit of the currency, as in a sentence."""
    return get_currency_name(change.currency, count=1, locale=LOCALE)


def proven(change: Reallocation) -> bool:
    """Tell whether the gap is no more than rounding, also of a plan that does best to spend nothing."""
    plan = change.plan
    worth = plan.goal.amount if plan.goal.kind == "profit" else 1.0
    rounding = ROUNDING * worth * float(np.max(change.given.curves.scale))
    return plan.gap <= max(PROVEN * abs(plan.achieved), rounding)


def at_maximum(change: Reallocation) -> list[str]:
    """Name the campaigns and groups that may not spend more."""
    spend, allocation = change.spend, change.allocation
    full = [change.campaigns[c] for c in np.flatnonzero(allocation.active > 0)]
    for group in allocation.groups:
        spent = float(spend[np.asarray(group.members, dtype=np.int64)].sum())
        if spent >= float(np.max(group.upper)) * (1.0 - PROVEN):
            full.append(f"group {plain(group.name)}")
    return full


def reason(change: Reallocation) -> str:
    """Say why money is left; empty where none is."""
    if not change.allocation.unallocated:
        return ""
    full = at_maximum(change)
    if not full:
        return "no campaign gains from more: every curve is flat there"
    rest = "" if len(full) == len(change.campaigns) else "; no other campaign gains from more"
    return f"{_few(full)} {'are' if len(full) > 1 else 'is'} at the maximum{rest}"


def _cash(change: Reallocation, amount: float) -> str:
    return money(amount, change.currency)


def _price(change: Reallocation) -> str:
    goal, price, unit = change.plan.goal, float(change.allocation.price), euro(change)
    if goal.free and change.plan.total < change.budget * (1.0 - PROVEN):
        profit = f", for a profit of {_cash(change, change.plan.achieved)}" if goal.kind == "profit" else ""
        return f"Spending stops where one more {unit} returns {marginal(goal.hurdle)}{profit}."
    if goal.kind == "target-response":
        target = f"{outcome(goal.amount)} is reached; the last {unit} returns {marginal(price)}"
        return f"{target}, so one more unit costs {1.0 / price:.3g}." if price > 0.0 else f"{target}."
    return f"One more {unit} of budget returns {marginal(price) if price else 'nothing'}."


def _limits(change: Reallocation) -> Iterator[str]:
    """Yield what each binding limit costs, the dearest first."""
    allocation = change.allocation
    priced = [
        (float(change.bound_price[c]), change.campaigns[c], float(change.spend[c]))
        for c in np.flatnonzero(change.bound_price)
    ]
    priced += [
        (
            float(price),
            f"group {plain(group.name)}",
            float(np.max(group.upper if price > 0.0 else group.lower)),
        )
        for group, price in zip(allocation.groups, change.group_price, strict=True)
        if price
    ]
    priced.sort(key=lambda limit: -abs(limit[0]))
    for price, name, amount in priced[:SHOWN]:
        end = "maximum" if price > 0.0 else "minimum"
        cost = f"{marginal(abs(price))} per {euro(change)}"
        yield f"The {end} of {name} ({_cash(change, amount)}) costs {cost}."
    if len(priced) > SHOWN:
        yield f"… and {len(priced) - SHOWN:,} more limits that cost less."


def _certificate(change: Reallocation) -> str:
    gap, achieved = change.plan.gap, abs(change.plan.achieved)
    relative = gap / achieved if achieved else 0.0
    if proven(change):
        return (
            f"Proven optimal: no plan within these limits is better by more than {relative:.1e} of this one."
        )
    said = f"{relative:.2%}" if achieved else outcome(gap)
    return f"Not proven optimal: the best plan within these limits may be better by up to {said}."


def _unspent(change: Reallocation) -> Iterator[str]:
    if why := reason(change):
        yield f"{_cash(change, float(change.allocation.unallocated))} stay unspent: {why}."


def _beyond(change: Reallocation) -> Iterator[str]:
    """Warn of spend for which the curve is only a model's guess."""
    observed = change.given.observed
    far = np.flatnonzero(change.spend > observed)  # false where the file does not say
    if far.size:
        named = [
            f"{change.campaigns[c]} ({_cash(change, float(change.spend[c]))}, observed up to "
            f"{_cash(change, float(observed[c]))})"
            for c in far
        ]
        yield f"Beyond what was observed: {_few(named)}."
    last = (change.given.curves.kind == TABLE) & (change.spend >= observed) & (change.spend > 0.0)
    if last.any():
        ends = _few([change.campaigns[c] for c in np.flatnonzero(last)])
        yield f"At the last point of the curve, beyond which it is taken as flat: {ends}."


def _few(names: list[str]) -> str:
    return listed(names if len(names) <= SHOWN else [*names[:SHOWN], f"{len(names) - SHOWN:,} more"])
