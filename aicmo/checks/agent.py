"""The contract of an agent (`aicmo.agents.Agent`), one function a clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from aicmo.agents.containment import sound_breadth, sound_mix, sound_timing
from aicmo.checks.contract import ContractError, fingerprint, require, require_amounts, require_shape
from aicmo.checks.record import Record, history, one_paused
from aicmo.core.noise import Draws
from aicmo.messages import SEATS, Brief, Holdouts, Intervention, Mix, Pace, Proposal

DAYS = range(0, 28, 7)
"""Ticks of the decisions that a check looks at."""
CADENCE = re.compile(r"period|\d+(h|d|w)")


def says_how_often_it_decides(agent: Any) -> None:
    """Require a cadence that the clock can read."""
    cadence = getattr(agent, "cadence", None)
    right = isinstance(cadence, str) and CADENCE.fullmatch(cadence) is not None
    require(
        right, f"agent {agent.kind!r}: cadence must be such as '1d', '12h', '1w' or 'period', got {cadence!r}"
    )


def writes_only_its_seat(agent: Any) -> None:
    """Require proposals for the seat that it declares, one of those that exist."""
    require(agent.seat in SEATS, f"agent {agent.kind!r}: seat must be one of {SEATS}, got {agent.seat!r}")
    for proposal in _proposals(agent, history()):
        require(
            proposal.seat == agent.seat,
            f"agent {agent.kind!r}: fills seat {agent.seat!r} but wrote to {proposal.seat!r}, which "
            "has a writer of its own",
        )


def right_axes(agent: Any) -> None:
    """Require values (R, C), finite and at least 0; of `Holdouts` and a `Mix` each by its own axes."""
    record, who = history(), f"agent {agent.kind!r}"
    brief = record.brief
    sizes = dict(zip("RCVD", (*brief.shape, brief.variants, brief.dayparts), strict=True))
    for proposal in _proposals(agent, record):
        for what, (array, axes) in _arrays(proposal.value).items():
            shape = tuple(sizes[axis] for axis in axes.split())
            require_shape(f"{who}: act()", what, array, shape, f"({axes.replace(' ', ', ')})")
            require_amounts(who, what, array)


def survives_missing_data(agent: Any) -> None:
    """Require proposals where nothing has arrived, and where a campaign may not run."""
    record, who = history(), f"agent {agent.kind!r}"
    try:
        found = _proposals(agent, record, delivered=False) + _proposals(agent, record, paused=True)
    except (ArithmeticError, ValueError, LookupError, RuntimeWarning) as error:
        raise ContractError(f"{who}: missing data raised {type(error).__name__}: {error}") from error
    for proposal in found:
        for what, (array, _) in _arrays(proposal.value).items():
            require_amounts(f"{who} without data", what, array)


def holdouts_can_be_begun(agent: Any) -> None:
    """Require that a holdout keeps out some people, not all, for some time."""
    for proposal in _proposals(agent, history()):
        wish = proposal.value
        if isinstance(wish, Holdouts):
            begun = wish.tested.any(axis=1)
            fine = (wish.share > 0.0) & (wish.share < 1.0) & (wish.days > 0.0)
            said = "a holdout keeps out a share above 0 and below 1 for more than 0 days"
            require(bool(fine[begun].all()), f"agent {agent.kind!r}: {said}")


def can_be_put_in_force(agent: Any) -> None:
    """Require breadths from .1 to 1, days of mean one, and a mix of live variants that orders at most V."""
    record = history()
    for tick, proposal in zip(DAYS, _proposals(agent, record), strict=True):
        rejections: Sequence[Intervention] = ()
        seen = record.observe(tick).creatives
        if agent.seat == "targeting":
            _, rejections = sound_breadth(proposal.value, np.ones(record.brief.shape), tick)
        if agent.seat == "pacing" and isinstance(proposal.value, Pace) and proposal.value.timing is not None:
            even = np.ones((*record.brief.shape, record.brief.dayparts))
            _, rejections = sound_timing(proposal.value.timing, even, tick)
        if agent.seat == "creative" and seen is not None:
            _, rejections = sound_mix(proposal.value, seen.live, seen.traffic, tick)
        require(not rejections, f"agent {agent.kind!r}: {' and '.join(item.reason for item in rejections)}")


def leaves_inputs_untouched(agent: Any) -> None:
    """Require that brief and observation stay as they are."""
    record = history()
    brief, seen = record.brief, record.observe(DAYS[1])
    before = fingerprint((brief, seen))
    agent.act(agent.update(agent.init(brief), seen), seen, _draws(agent, brief).at(seen.tick))
    changed = fingerprint((brief, seen)) != before
    require(not changed, f"agent {agent.kind!r}: changed the brief or the observation; copy before writing")


def _arrays(value: Any) -> dict[str, tuple[Any, str]]:
    """Return the numbers of a proposal by what to call them, with their axes."""
    if isinstance(value, Mix):
        more = {"what it retires": (value.retire, "R C V"), "what it orders": (value.order, "R C")}
        given = {what: (array * 1.0, axes) for what, (array, axes) in more.items() if array is not None}
        return {"the traffic of the proposal": (value.traffic, "R C V"), **given}
    if isinstance(value, Pace):
        factor = {"the factor of the proposal": (value.factor, "R C")}
        return factor | ({} if value.timing is None else {"its timing": (value.timing, "R C D")})
    if not isinstance(value, Holdouts):
        return {"the proposal": (value, "R C")}
    each = {f"{name} of the proposal": (getattr(value, name), "R") for name in ("share", "days", "wash_out")}
    return {"what the proposal tests": (value.tested * 1.0, "R C"), **each}


def _proposals(agent: Any, record: Record, *, delivered: bool = True, paused: bool = False) -> list[Proposal]:
    state, draws = agent.init(record.brief), _draws(agent, record.brief)
    found = []
    for tick in DAYS:
        seen = record.observe(tick, one_paused if paused else None, delivered=delivered)
        state = agent.update(state, seen)
        found.append(agent.act(state, seen, draws.at(tick)))
        right = isinstance(found[-1], Proposal)
        require(right, f"agent {agent.kind!r}: act() must return a Proposal, got {type(found[-1]).__name__}")
    return found


def _draws(agent: Any, brief: Brief) -> Draws:
    return Draws(1, f"{agent.seat}/{agent.kind}", brief.replications)
