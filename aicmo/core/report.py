"""A plan as a table that a person can read."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from aicmo.core.allocation import Allocation

STATES = {-1: "at minimum", 0: "", 1: "at maximum", 2: "fixed"}
MOST = 40


def plan_table(plan: "Allocation") -> str:
    """One line a campaign, then groups that bind, then the totals with the certificate.

    A batch as one line a row.
    """
    return _single(plan) if plan.spend.ndim == 1 else _batch(plan)


def _single(plan: "Allocation") -> str:
    response, marginal, share = (
        plan.curves.value(plan.spend),
        plan.marginal,
        plan.spend / max(plan.spend.sum(), 1e-300),
    )
    head = f"{'campaign':>8} {'spend':>14} {'share':>7} {'response':>14} {'marginal':>12}  limit"
    lines = [head]
    for c in range(min(plan.spend.size, MOST)):
        numbers = f"{plan.spend[c]:>14,.6g} {share[c]:>7.1%} {response[c]:>14,.6g} {marginal[c]:>12.5g}"
        lines.append(f"{c:>8} {numbers}  {STATES[int(plan.active[c])]}".rstrip())
    if plan.spend.size > MOST:
        lines.append(f"     … and {plan.spend.size - MOST} more campaigns")
    lines.append(
        f"{'total':>8} {plan.spend.sum():>14,.6g} {1:>7.1%} {plan.response:>14,.6g} {plan.price:>12.5g}"
        "  price of money"
    )
    for g, price in enumerate(plan.group_price):
        if price:
            end = "maximum" if price > 0.0 else "minimum"
            lines.append(
                f"group {plan.groups[g].name or g}: {end} binds; one more unit is worth {price:+.5g}"
            )
    relative = plan.gap / plan.response if plan.response > 0.0 else plan.gap
    lines.append(
        f"no plan within these limits brings more than {plan.bound:,.10g} ({relative:.1e} above this one)"
    )
    return "\n".join([*lines, plan.reason] if plan.reason else lines)


def _batch(plan: "Allocation") -> str:
    lines = [
        f"{len(plan.spend)} plans of {plan.spend.shape[1]} campaigns",
        f"{'row':>8} {'spend':>14} {'response':>14} {'price':>12} {'gap':>9}",
    ]
    total = plan.spend.sum(axis=1)
    lines += [
        f"{r:>8} {total[r]:>14,.6g} {plan.response[r]:>14,.6g} {plan.price[r]:>12.5g} {plan.gap[r]:>9.1e}"
        for r in range(min(len(plan.spend), MOST))
    ]
    if len(plan.spend) > MOST:
        lines.append(f"     … and {len(plan.spend) - MOST} more rows; largest gap {np.max(plan.gap):.1e}")
    return "\n".join([*lines, plan.reason] if plan.reason else lines)
