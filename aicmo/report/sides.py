"""The headline of a decision: which objective and segment returns more, and what guardrails allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from babel.numbers import get_currency_name
from jaxtyping import Bool, Float
from scipy.special import ndtri

from aicmo.report.money import LOCALE, money
from aicmo.report.words import listed, percent

LEVEL = 0.9
WEEK = 7.0
NOTHING = 1e-6
"""Share of a plan below which an amount is rounding."""


@dataclass(frozen=True, eq=False)
class Sides:
    """One world's decision by objective and segment.

    Attributes
    ----------
    side : sequence of str, (C,)
        Of each campaign, such as ``retention in families``.
    rate, change, asked : (C,) [currency/day]
        What is in force now, what changed, and what would have changed had people allowed all that is wished.
    marginal, marginal_sd : (C,) [currency/currency]
        Gross profit of a further unit of money at these rates, and its standard deviation.
    held : mapping of str to (C,)
        Which campaigns each guardrail holds.
    """

    currency: str
    side: Sequence[str]
    rate: Float[np.ndarray, "C"]
    change: Float[np.ndarray, "C"]
    asked: Float[np.ndarray, "C"]
    marginal: Float[np.ndarray, "C"]
    marginal_sd: Float[np.ndarray, "C"]
    held: Mapping[str, Bool[np.ndarray, "C"]]


def headline(sides: Sides) -> str:
    """Say that one side surely returns more than the other, where money moves towards it; else nothing.

    The sides are those that gain and lose most. A side's return is the mean over its money, campaigns err
    independently, and the ratio of two is log-normal.
    """
    names = list(dict.fromkeys(sides.side))
    members = [np.array([side == name for side in sides.side]) for name in names]
    change = np.array([sides.change[inside].sum() for inside in members])
    up, down = int(np.argmax(change)), int(np.argmin(change))
    if not change[down] < -NOTHING * sides.rate.sum() < 0.0 < change[up]:
        return ""
    (more, sure), (less, doubt) = (_return(sides, members[which]) for which in (up, down))
    if not (more > 0.0 and less > 0.0):
        return ""
    ratio = more / less
    width = np.exp(ndtri(0.5 + 0.5 * LEVEL) * np.sqrt(np.log1p(sure**2) + np.log1p(doubt**2)))
    if ratio / width <= 1.0:
        return ""
    low, high = (percent(bound - 1.0, digits=0) for bound in (ratio / width, ratio * width))
    unit = get_currency_name(sides.currency, count=1, locale=LOCALE)
    return (
        f"{_capital(names[up])} returns {percent(ratio - 1.0, digits=0)} more per {unit} than {names[down]} "
        f"({LEVEL:.0%} interval {low} to {high}): {_order(sides, members[up])}."
    )


def _return(sides: Sides, inside: Bool[np.ndarray, "C"]) -> tuple[float, float]:
    """Mean return of a further unit of money on one side, and its standard deviation as a share of it."""
    weight = sides.rate[inside] / max(float(sides.rate[inside].sum()), NOTHING)
    mean = float((weight * sides.marginal[inside]).sum())
    sd = float(np.sqrt(((weight * sides.marginal_sd[inside]) ** 2).sum()))
    return mean, sd / mean if mean > 0.0 else np.inf


def _order(sides: Sides, inside: Bool[np.ndarray, "C"]) -> str:
    """Say what moves to one side, and which guardrail allows how much of it."""
    allowed, wanted = (WEEK * float(values[inside].sum()) for values in (sides.change, sides.asked))
    holding = [name for name, where in sides.held.items() if name != "budget" and (where & inside).any()]
    guardrails = f"the {listed(holding)} guardrail{'s' if len(holding) > 1 else ''}"
    allow = "allow" if len(holding) > 1 else "allows"
    if holding and wanted > allowed + NOTHING * float(sides.rate.sum()):
        return (
            f"move {money(wanted, sides.currency)} a week; {guardrails} {allow} "
            f"{money(allowed, sides.currency)}"
        )
    if holding:
        return f"move {money(allowed, sides.currency)} a week; {guardrails} {allow} no more"
    return f"move {money(allowed, sides.currency)} a week"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
