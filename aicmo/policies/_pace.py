"""Pace: how fast the period's money is spent, and the nearest plan of that size within the limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float

from aicmo.core import feasibility
from aicmo.core.groups import Group, tree
from aicmo.core.project import project
from aicmo.messages import Brief, Limits, Observation

# A decision stands for days: today's weekday must not set the pace of the week.
AHEAD_DAYS = 7.0
# A campaign below this share of the mean moves as if it had it, so that none is nailed to zero.
LEAST_SHARE = 1e-3
# Sums of minimums differ by rounding: a total meant to hold them all is raised by this share.
HAIR = 1e-12


def season_weight(brief: Brief, start: int, end: int, exponent: float = 1.0) -> Float[np.ndarray, "R S"]:
    """Mean believed demand index over ticks `start` to `end` (exclusive), to a power.

    Parameters
    ----------
    exponent : float
        How far spend follows demand: 0 not at all, 1 in proportion, which is optimal for log response.

    Returns
    -------
    (R, S) [1]
    """
    index = brief.season[brief.row(start) : max(brief.row(end), brief.row(start) + 1)]
    return np.asarray((index**exponent).mean(axis=0))


def season_ahead(brief: Brief, tick: int, exponent: float = 1.0) -> Float[np.ndarray, "R S"]:
    """Return the believed demand index of the week that begins, within the running period."""
    end = min(tick + max(round(AHEAD_DAYS / brief.tick_days), 1), brief.period_at(tick).end)
    return season_weight(brief, tick, end, exponent)


def total_rate(
    brief: Brief,
    observation: Observation,
    shares: Float[np.ndarray, "R C"] | None = None,
    exponent: float = 1.0,
) -> Float[np.ndarray, "R"]:
    """Total to plan now so that the running period's money is spent fully, phased by believed demand.

    remaining / days_left × w(now) / mean of w over the rest of the period; at least what minimums need, at
    most `limits.total`.

    Parameters
    ----------
    shares : (R, C), optional
        How the season of each campaign's segment counts; equally by default.
    exponent : float
        How far spend follows demand; 0 is an even pace.

    Returns
    -------
    (R,) [currency/day]
    """
    weights = np.ones(brief.shape) if shares is None else shares
    now = season_ahead(brief, observation.tick, exponent)[:, brief.segment]
    rest = season_weight(brief, observation.tick, observation.period.end, exponent)[:, brief.segment]
    above, below = (weights * now).sum(axis=1), (weights * rest).sum(axis=1)
    phase = np.divide(above, below, out=np.ones_like(above), where=below > 0.0)
    even = np.maximum(observation.remaining, 0.0) / max(observation.days_left, brief.tick_days)
    least, _ = _reach(observation.limits)
    return np.asarray(np.minimum(np.maximum(even * phase, least * (1.0 + HAIR)), observation.limits.total))


def phased(
    brief: Brief, observation: Observation, shares: Float[np.ndarray, "R C"], exponent: float = 1.0
) -> Float[np.ndarray, "R C"]:
    """Plan the period's money by shares that follow each segment's believed demand, within the limits."""
    now = shares * season_ahead(brief, observation.tick, exponent)[:, brief.segment]
    return within(observation.limits, now, total_rate(brief, observation, shares, exponent))


def at_pace(
    brief: Brief, observation: Observation, plan: Float[np.ndarray, "R C"], exponent: float = 1.0
) -> Float[np.ndarray, "R C"]:
    """Scale a plan to the period's pace, within the limits; its proportions stay where nothing binds."""
    return within(observation.limits, plan, total_rate(brief, observation, None, exponent))


def within(
    limits: Limits, plan: Float[np.ndarray, "R C"], total: Float[np.ndarray, "R"]
) -> Float[np.ndarray, "R C"]:
    """Scale a plan to a total and move it as little as possible so that all limits hold.

    Parameters
    ----------
    plan : (R, C)
        Proportions, ≥ 0; a row of zeros is an equal split of what may run.
    total : (R,) [currency/day]
        What the plan shall add up to, or the nearest that the limits allow.

    Returns
    -------
    (R, C) [currency/day]
    """
    runs = limits.upper > 0.0
    wanted = np.where(runs, plan, 0.0)
    wanted = np.where(wanted.any(axis=1, keepdims=True), wanted, runs)
    size = wanted.sum(axis=1, keepdims=True)
    wanted = wanted * (total[:, None] / np.where(size > 0.0, size, 1.0))
    return _nearest(limits, wanted, total)


def _nearest(limits: Limits, wanted: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Project with weights 1/wanted, so that money which finds no room goes to the others in proportion."""
    rows, campaigns = wanted.shape
    least, most = _reach(limits)
    size = np.minimum(np.clip(total, least, most), limits.total)
    everyone = Group(np.arange(campaigns), size, size, "pace")
    scale = np.maximum(wanted, LEAST_SHARE * wanted.mean(axis=1, keepdims=True))
    scale = np.where(wanted.any(axis=1, keepdims=True), scale, 1.0)
    weight = scale.max(axis=1, keepdims=True) / scale
    plan = project(wanted, limits.lower, limits.upper, limits.total, [*_groups(limits), everyone], weight)
    return np.asarray(np.clip(plan, limits.lower, limits.upper).reshape(rows, campaigns))


def _groups(limits: Limits) -> list[Group]:
    return [Group(item.members, item.lower, item.upper, item.name) for item in limits.groups]


def _reach(limits: Limits) -> tuple[np.ndarray, np.ndarray]:
    """Least and most that the limits let all campaigns spend together, (R,) each."""
    rows, campaigns = limits.lower.shape
    groups = _groups(limits)
    nest = tree(groups, campaigns, rows)
    least, most = feasibility.reach(
        feasibility.Limits(limits.lower, limits.upper, limits.total, nest, groups, exact=False)
    )
    return least[:, -1], most[:, -1]


def bounded(
    shares: Float[np.ndarray, "R C"], factor: Float[np.ndarray, "R C"], change: float
) -> Float[np.ndarray, "R C"]:
    """Multiply shares by factors and keep their sum; none changes by more than `change` of itself."""
    free = Limits.none(*shares.shape)
    box = replace(free, lower=shares * (1.0 - change), upper=shares * (1.0 + change))
    return within(box, shares * np.clip(factor, 1.0 - change, 1.0 + change), shares.sum(axis=1))
