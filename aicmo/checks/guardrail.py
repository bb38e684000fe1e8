"""The contract of a guardrail (`aicmo.guardrails.Guardrail`), one function a clause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from aicmo.checks import fixtures
from aicmo.checks.contract import ContractError, fingerprint, require, require_shape
from aicmo.checks.record import history
from aicmo.checks.rows import take
from aicmo.guardrails import SHELF, gate, held_breadth, held_orders, merge, violations
from aicmo.messages import RANKS, Brief, Limits, Standing

TOLERANCE = 1e-9


def says_what_it_allows(guardrail: Any) -> None:
    """Require `Limits` of the right shapes, without NaN, under the guardrail's own name."""
    who = f"guardrail {guardrail.kind!r}"
    for brief, standing in _standings():
        for piece in _pieces(guardrail, brief, standing):
            for name in ("lower", "upper"):
                require_shape(who, f"limits.{name}", getattr(piece, name), brief.shape, "(R, C)")
            require_shape(who, "limits.total", piece.total, brief.shape[:1], "(R,)")
            bounds = np.concatenate([piece.lower, piece.upper, piece.total[:, None]], axis=1)
            require(not np.isnan(bounds).any(), f"{who}: limits hold NaN; inf means no limit")
            require(np.isfinite(piece.lower).all(), f"{who}: limits.lower must be finite")
            require(
                piece.source == guardrail.kind,
                f"{who}: source must be {guardrail.kind!r}, got {piece.source!r}",
            )
            known = piece.lower_rank in RANKS and piece.upper_rank in RANKS
            require(known, f"{who}: ranks must be of {RANKS}, got {piece.lower_rank!r}, {piece.upper_rank!r}")


def feasible_alone(guardrail: Any) -> None:
    """Require limits that can all hold while no other guardrail speaks."""
    for brief, standing in _standings():
        _, waivers = merge(_pieces(guardrail, brief, standing), standing)
        amount = max((float(w.amount.max()) for w in waivers), default=0.0)
        require(
            not waivers,
            f"guardrail {guardrail.kind!r}: its own limits collide at tick {standing.tick} by up to "
            f"{amount:,.6g} a day; a lower limit exceeds an upper one, or minimums exceed the total",
        )


def leaves_a_feasible_decision_alone(guardrail: Any) -> None:
    """Require limits, alone and among all others, within which the gate leaves a decision bit for bit."""
    for brief, standing in _standings():
        for pieces in (_pieces(guardrail, brief, standing), _all(guardrail, brief, standing)):
            limits = _merged(guardrail, pieces, standing)
            once, _ = gate(_wild(brief), limits, standing, pieces)
            twice, interventions = gate(once, limits, standing, pieces)
            require(
                once.tobytes() == twice.tobytes() and not interventions,
                f"guardrail {guardrail.kind!r}: what has passed the gate is changed when it passes again",
            )
            require(
                not violations(once, limits).any(),
                f"guardrail {guardrail.kind!r}: the gate lets breaches pass",
            )


def reports_exactly_what_it_touched(guardrail: Any) -> None:
    """Require interventions that add up to the money that moved, and none by anybody else."""
    for brief, standing in _standings():
        pieces = _pieces(guardrail, brief, standing)
        limits, _ = merge(pieces, standing)
        rate, interventions = gate(_wild(brief), limits, standing, pieces)
        moved = np.abs(rate - _wild(brief)).sum(axis=1) / 2.0
        told = sum((item.moved for item in interventions), np.zeros(len(moved)))
        names = {item.guardrail for item in interventions} - {"availability"}
        require(
            bool(np.allclose(told, moved, rtol=TOLERANCE, atol=TOLERANCE * rate.sum()))
            and names <= {guardrail.kind},
            f"guardrail {guardrail.kind!r}: the record tells of {told.tolist()} moved by {sorted(names)}, "
            f"but {moved.tolist()} was",
        )


def holds_the_other_seats(guardrail: Any) -> None:
    """Require bands of breadth within 0 and 1 and room for orders, to which the gate holds what is wished."""
    who = f"guardrail {guardrail.kind!r}"
    for brief, standing in _standings():
        pieces = _pieces(guardrail, brief, standing)
        limits = _merged(guardrail, pieces, standing)
        for given in [piece.latitude for piece in pieces if piece.latitude is not None]:
            for name in ("narrowest", "widest"):
                require_shape(who, f"latitude.{name}", getattr(given, name), brief.shape, "(R, C)")
            require_shape(who, "latitude.orders", given.orders, brief.shape[:1], "(R,)")
            band = (given.narrowest >= 0.0) & (given.narrowest <= given.widest) & (given.widest <= 1.0)
            require(bool(band.all()), f"{who}: needs 0 ≤ narrowest ≤ widest ≤ 1 in its latitude")
            require(bool((given.orders >= 0).all()), f"{who}: latitude.orders must be at least 0, no NaN")
        wild, many = _wild_seats(brief)
        once, told = held_breadth(wild, limits, pieces, standing.tick)
        again, _ = held_breadth(once, limits, pieces, standing.tick)
        require(once.tobytes() == again.tobytes(), f"{who}: a breadth that it allows is changed")
        moved = (once != wild).sum(axis=1)
        count = sum((item.moved for item in told), np.zeros(len(moved)))
        require(
            bool((count == moved).all()), f"{who}: tells of {count.tolist()} breadths of {moved.tolist()}"
        )
        cut, said = held_orders(many, standing.current, limits, pieces, standing.tick)
        lost = (many - cut).sum(axis=1)
        count = sum((item.moved for item in said), np.zeros(len(lost)))
        right = (cut >= 0).all() and (cut <= many).all() and bool((count == lost).all())
        require(bool(right), f"{who}: tells of {count} orders that were cut, {lost} were")


def leaves_inputs_untouched(guardrail: Any) -> None:
    """Require that brief and standing stay as they are."""
    for brief, standing in _standings():
        before = fingerprint((brief, standing))
        guardrail.limits(brief, standing)
        changed = fingerprint((brief, standing)) != before
        require(
            not changed,
            f"guardrail {guardrail.kind!r}: limits() changed what it was given; copy before writing",
        )


def rows_independent(guardrail: Any) -> None:
    """Require the same limits for a replication alone and in a batch."""
    rows = [2, 0]
    for brief, standing in _standings():
        together = [take(piece, rows) for piece in _pieces(guardrail, brief, standing)]
        apart = _pieces(guardrail, take(brief, rows), take(standing, rows))
        require(
            [_bits(piece) for piece in together] == [_bits(piece) for piece in apart],
            f"guardrail {guardrail.kind!r}: rows {rows} get other limits alone than in a batch; nothing may "
            "mix the axis R",
        )


def _bits(piece: Limits) -> list[bytes]:
    arrays = [piece.lower, piece.upper, piece.total]
    arrays += [bound for group in piece.groups for bound in (group.lower, group.upper)]
    given = piece.latitude
    arrays += [] if given is None else [given.narrowest, given.widest, given.orders]
    return [np.ascontiguousarray(array).tobytes() for array in arrays]


def _pieces(guardrail: Any, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
    pieces = guardrail.limits(brief, standing)
    right = isinstance(pieces, tuple) and all(isinstance(piece, Limits) for piece in pieces)
    require(
        right, f"guardrail {guardrail.kind!r}: limits() must return a tuple of Limits, got {pieces!r:.60}"
    )
    return tuple(pieces)


def _merged(guardrail: Any, pieces: tuple[Limits, ...], standing: Standing) -> Limits:
    try:
        return merge(pieces, standing)[0]
    except ValueError as error:
        raise ContractError(
            f"guardrail {guardrail.kind!r} cannot stand beside the others: {error}"
        ) from error


def _all(guardrail: Any, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
    """Limits of this guardrail and of all examples of every other kind."""
    others = [item for part in SHELF if part.kind != guardrail.kind for item in part.examples()]
    return tuple(piece for item in (guardrail, *others) for piece in item.limits(brief, standing))


def _standings() -> Iterator[tuple[Brief, Standing]]:
    """Yield the opening, the middle of a period after uneven spend, and its last tick, a campaign paused."""
    record = history()
    brief = record.brief
    for tick, spent in ((0, 0.0), (40, 0.6), (brief.periods[1].end - 1, 0.995)):
        seen = record.observe(tick)
        standing = fixtures.standing(brief, tick, current=np.asarray(seen.current), spent=spent)
        last = np.arange(brief.shape[1]) == brief.shape[1] - 1
        paused = np.broadcast_to(last & (tick > 50), brief.shape)
        week_ago = record.spend[brief.row(tick) - 8] / brief.tick_days
        changed = tick - np.broadcast_to(np.arange(brief.shape[1]), brief.shape)
        yield (
            brief,
            replace(
                standing,
                paused=paused,
                week_ago=week_ago,
                changed=changed,
                best=standing.week_ago,
                observation=seen,
                in_studio=np.arange(brief.replications),
                briefed=np.arange(brief.replications) + 1,
            ),
        )


def _wild_seats(brief: Brief) -> tuple[np.ndarray, np.ndarray]:
    """Wish for breadths and orders that hardly any limit allows."""
    rng = np.random.default_rng(12)
    return rng.uniform(0.1, 1.0, brief.shape), rng.integers(0, 3, brief.shape)


def _wild(brief: Brief) -> np.ndarray:
    """Propose something that hardly any limit allows."""
    rng = np.random.default_rng(11)
    return np.asarray(fixtures.PACE * rng.lognormal(-1.0, 2.0, brief.shape))
