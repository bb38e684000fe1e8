"""The one gate in front of every change: the nearest plan within all limits, and a record of what bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from jaxtyping import Float, Int

from aicmo.core.groups import Group
from aicmo.core.project import project
from aicmo.guardrails._merge import availability
from aicmo.guardrails._nodes import Nodes
from aicmo.messages import Intervention, Limits, Standing

# Sums of floats differ by rounding: a joint limit holds up to this share of itself.
TOLERANCE = 1e-9
# A campaign below this share of the mean moves as if it had it, so that none is nailed to zero.
LEAST_SHARE = 1e-3
# Campaigns far beyond the total of all are shrunk to this multiple of it.
LARGEST = 1e3
# Amounts that still can be added up.
ENORMOUS = 1e300


def gate(
    rate: Any, limits: Limits, standing: Standing, pieces: Sequence[Limits]
) -> tuple[Float[np.ndarray, "R C"], tuple[Intervention, ...]]:
    """Let a proposal pass, correct it, or reject it.

    Parameters
    ----------
    rate : (R, C) [currency/day]
        What was proposed; may be anything at all. Rows that are not finite or below zero are rejected, all
        rows if the shape is wrong: the decision in force stays, corrected where it breaks a limit itself.
    limits : Limits
        What all guardrails allow together, from `merge`.
    standing : Standing
        Its `current` is the decision in force.
    pieces : sequence of Limits
        What was merged to `limits`, to name the guardrail that bound.

    Returns
    -------
    rate : (R, C) [currency/day]
        Rows that keep all limits come back bit for bit, others as the nearest plan that does: limits of
        campaigns hold exactly, limits of sums to 1e-9 of them.
    interventions : tuple of Intervention
        One for each guardrail that bound; what they moved adds up to what the projection moved. One more,
        named "gate" and with its reason, for a rejection.
    """
    trial = contained(rate, standing.current, standing.tick)
    trial = replace(trial, rate=_in_proportion(trial.rate, limits.total))
    pieces = [availability(standing), *pieces]
    nodes = Nodes.of([limits, *pieces])
    outside = np.asarray(breaches(nodes, trial.rate, limits).any(axis=1))
    if not outside.any():
        return trial.rate, trial.rejections
    allowed = np.where(outside[:, None], _nearest(trial.rate, limits), trial.rate)
    shares = _broken(nodes, trial.rate, limits, pieces)
    return allowed, (*trial.rejections, *_record(shares, _moved(trial.rate, allowed), standing.tick))


def violations(rate: Float[np.ndarray, "R C"], limits: Limits) -> Int[np.ndarray, "R"]:
    """Count the limits that a decision breaks.

    Parameters
    ----------
    rate : (R, C) [currency/day]
    limits : Limits
        Merged, so that what was waived is no longer among them.

    Returns
    -------
    (R,)
        Campaigns, groups and totals outside their limits.
    """
    return np.asarray(np.sum(breaches(Nodes.of([limits]), rate, limits), axis=1))


def breaches(nodes: Nodes, rate: np.ndarray, limits: Limits) -> np.ndarray:
    """Mark which campaigns, groups and totals lie outside their limits, (R, N); NaN lies outside of all."""
    sums, floor, ceiling = nodes.sums(rate), nodes.lower(limits), nodes.upper(limits)
    joint = np.arange(sums.shape[1]) >= nodes.campaigns
    slack = np.where(joint, TOLERANCE, 0.0)
    return np.asarray(~((sums >= floor * (1.0 - slack)) & (sums <= ceiling * (1.0 + slack))))


@dataclass(frozen=True)
class Trial:
    """What is left of a proposal once rubbish has been replaced by what is in force."""

    rate: np.ndarray
    rejections: tuple[Intervention, ...] = ()


def contained(proposed: Any, current: np.ndarray, tick: int) -> Trial:
    """Replace what is no finite number ≥ 0 by what is in force, by row, or whole if the shape is wrong."""
    try:
        given = np.asarray(proposed)
        # An imaginary part would be lost in silence.
        casting: Literal["same_kind", "unsafe"] = "same_kind" if given.dtype.kind == "c" else "unsafe"
        # In one memory order: NumPy adds up rows of another layout in another order, to other bits.
        proposal = given.astype(np.float64, order="C", casting=casting)
    except (TypeError, ValueError) as error:
        return _rejected(current, current, tick, f"the proposal is no array of numbers: {error}")
    if proposal.shape != current.shape:
        hint = " Transposed?" if proposal.shape == current.shape[::-1] else ""
        shapes = f"of shape {current.shape} = (R, C), got {proposal.shape}.{hint}"
        return _rejected(current, current, tick, f"the proposal must be {shapes}")
    with np.errstate(over="ignore", invalid="ignore"):  # a sum that overflows is no finite number either
        sound = np.asarray(np.isfinite(proposal.sum(axis=1)) & (proposal >= 0.0).all(axis=1))
    if sound.all():
        return Trial(proposal)
    reason = (
        f"{np.count_nonzero(~sound)} of {sound.size} rows hold amounts that are negative or no finite number"
    )
    return _rejected(np.where(sound[:, None], proposal, current), proposal, tick, reason)


def _rejected(kept: np.ndarray, proposal: np.ndarray, tick: int, reason: str) -> Trial:
    """Record a rejection; it moves what stays in force instead of the finite part of the proposal."""
    before = np.where(np.isfinite(proposal), np.clip(proposal, 0.0, ENORMOUS), 0.0)
    return Trial(kept, (Intervention("gate", tick, _moved(before, kept), reason),))


def _in_proportion(rate: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Shrink rows that dwarf their total, (R, C): limits would drown in the rounding of such sums."""
    largest, most = rate.max(axis=1), LARGEST * total
    shrink = (largest > most) & (most > 0.0)
    return np.asarray(rate * np.divide(most, largest, out=np.ones_like(most), where=shrink)[:, None])


def _moved(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Money that changed places, (R,); rounding is no correction."""
    moved = np.abs(after - before).sum(axis=1) / 2.0
    return np.where(moved > TOLERANCE * after.sum(axis=1), moved, 0.0)


def _nearest(rate: np.ndarray, limits: Limits) -> np.ndarray:
    """Project onto the limits; weights 1/rate, so that a cut takes the same share from every campaign."""
    scale = np.maximum(rate, LEAST_SHARE * rate.mean(axis=1, keepdims=True))
    scale = np.where(rate.any(axis=1, keepdims=True), scale, 1.0)
    groups = [Group(g.members, g.lower, g.upper, g.name) for g in limits.groups]
    nearest = project(
        rate,
        limits.lower,
        limits.upper,
        limits.total,
        groups,
        weight=scale.max(axis=1, keepdims=True) / scale,
    )
    return np.asarray(np.clip(nearest, limits.lower, limits.upper))


def _broken(
    nodes: Nodes, rate: np.ndarray, limits: Limits, pieces: Sequence[Limits]
) -> dict[str, np.ndarray]:
    """How far a proposal broke each guardrail's own limits, where they were not waived, (R,) each."""
    sums, floor, ceiling = nodes.sums(rate), nodes.lower(limits), nodes.upper(limits)
    broken: dict[str, np.ndarray] = {}
    for piece in pieces:
        short = np.minimum(nodes.lower(piece), floor) - sums
        over = sums - np.maximum(nodes.upper(piece), ceiling)
        excess = np.maximum(np.maximum(short, over), 0.0).sum(axis=1)
        broken[piece.source] = broken.get(piece.source, np.zeros(len(excess))) + excess
    return broken


def _record(broken: dict[str, np.ndarray], moved: np.ndarray, tick: int) -> tuple[Intervention, ...]:
    """Share what moved among the guardrails in proportion to how far each was broken."""
    excess = np.stack(list(broken.values()))
    total = excess.sum(axis=0)
    amounts = moved * excess / np.where(total > 0.0, total, 1.0)
    return tuple(Intervention(n, tick, a) for n, a in zip(broken, amounts, strict=True) if a.any())
