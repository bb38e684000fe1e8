"""The terms in which people write limits: whom they address, and amounts per day, week or quarter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from aicmo.messages import Brief, Observation, Period, Standing
from aicmo.shelf import did_you_mean

Per = Literal["day", "week", "quarter", "period", "share"]
# A quarter is thirteen weeks, so that an amount per quarter is the same rate in each.
DAYS = {"day": 1.0, "week": 7.0, "quarter": 91.0}


class GuardrailError(ValueError):
    """Settings of a guardrail that make no sense, with what to change."""


def even_rate(brief: Brief, period: Period) -> float:
    """Budget of a period spread evenly over its days [currency/day]."""
    return period.budget / (period.ticks * brief.tick_days)


def daily(amount: float, per: Per, brief: Brief, period: Period) -> float:
    """Turn an amount into a rate [currency/day].

    Parameters
    ----------
    amount : float
        Money, or for `share` a share of the even rate of the running period's budget.
    per : {"day", "week", "quarter", "period", "share"}
        What the amount is for; `period` is the running budget period.
    """
    if per == "share":
        return amount * even_rate(brief, period)
    return amount / (period.ticks * brief.tick_days if per == "period" else DAYS[per])


def require_per(where: str, per: str) -> None:
    """Refuse a unit of time that is not known.

    Raises
    ------
    GuardrailError
        With the nearest known one.
    """
    if per not in get_args(Per):
        raise GuardrailError(
            f"{where}: no unit of time named {per!r}. {did_you_mean(per, list(get_args(Per)))}"
        )


def index_of(where: str, noun: str, name: str, known: Sequence[str]) -> int:
    """Position of a name.

    Raises
    ------
    GuardrailError
        When there is none, with the nearest known one.
    """
    if name not in known:
        raise GuardrailError(f"{where}: the brief has no {noun} {name!r}. {did_you_mean(name, list(known))}")
    return list(known).index(name)


def select(
    where: str,
    brief: Brief,
    *,
    campaign: str | None = None,
    segment: str | None = None,
    channel: str | None = None,
    objective: str | None = None,
) -> np.ndarray:
    """Campaigns of this segment, channel and objective, as indices (M,); what is not given is free.

    Raises
    ------
    GuardrailError
        When a name is unknown or no campaign fits.
    """
    fits = np.ones(len(brief.campaigns), dtype=bool)
    if campaign is not None:
        fits &= np.arange(len(fits)) == index_of(where, "campaign", campaign, brief.campaigns)
    if segment is not None:
        fits &= brief.segment == index_of(where, "segment", segment, brief.segments)
    if channel is not None:
        fits &= brief.channel == index_of(where, "channel", channel, brief.channels)
    if objective is not None:
        retention = index_of(where, "objective", objective, ("acquisition", "retention")) == 1
        fits &= brief.retention == retention
    if not fits.any():
        raise GuardrailError(
            f"{where}: no campaign of the brief fits; take the limit away or correct its names"
        )
    return np.flatnonzero(fits)


def delivered(kind: str, standing: Standing) -> Observation:
    """Return what the CDP has delivered.

    Raises
    ------
    GuardrailError
        When the standing carries no observation: results cannot be judged unseen.
    """
    if standing.observation is None:
        raise GuardrailError(
            f"guardrail {kind!r} judges results: the standing of tick {standing.tick} must carry them"
        )
    return standing.observation
