"""The merged limits can always be held, and the gate holds every change to them and touches nothing else."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aicmo.guardrails import gate, merge, violations
from aicmo.messages import RANKS, GroupLimit, Limits
from tests.guardrails.instances import C, R, at_ten, pieces, plans


@settings(max_examples=150, deadline=None)
@given(pieces(), plans())
def test_whatever_is_proposed_leaves_the_gate_within_the_merged_limits(
    wanted: tuple[Limits, ...], plan: np.ndarray
) -> None:
    standing = at_ten()
    limits, _ = merge(wanted, standing)
    rate, _ = gate(plan, limits, standing, wanted)
    assert (rate >= limits.lower).all()
    assert (rate <= limits.upper).all()
    assert (rate.sum(axis=1) <= limits.total * (1 + 1e-9)).all()
    for group in limits.groups:
        joint = rate[:, group.members].sum(axis=1)
        assert (joint >= group.lower * (1 - 1e-9)).all()
        assert (joint <= group.upper * (1 + 1e-9)).all()
    assert not violations(rate, limits).any()


@settings(max_examples=100, deadline=None)
@given(pieces(), plans())
def test_what_has_passed_the_gate_passes_again_with_every_bit(
    wanted: tuple[Limits, ...], plan: np.ndarray
) -> None:
    standing = at_ten()
    limits, _ = merge(wanted, standing)
    once, _ = gate(plan, limits, standing, wanted)
    twice, interventions = gate(once, limits, standing, wanted)
    assert twice.tobytes() == once.tobytes()
    assert interventions == ()


@settings(max_examples=100, deadline=None)
@given(pieces(collide=False))
def test_limits_that_can_all_hold_waive_nothing_and_leave_a_plan_within_them_alone(
    wanted: tuple[Limits, ...],
) -> None:
    standing = at_ten()
    limits, waivers = merge(wanted, standing)
    rate, interventions = gate(standing.current, limits, standing, wanted)
    assert waivers == ()
    assert interventions == ()
    assert rate.tobytes() == standing.current.tobytes()


@settings(max_examples=150, deadline=None)
@given(pieces())
def test_what_is_never_waived_holds_on_its_upper_side(wanted: tuple[Limits, ...]) -> None:
    limits, _ = merge(wanted, at_ten())
    for piece in wanted:
        assert (limits.total <= piece.total).all()
        if piece.upper_rank == "never":
            assert (limits.upper <= piece.upper).all()


@settings(max_examples=150, deadline=None)
@given(pieces())
def test_a_rank_is_waived_only_where_it_collides_with_stronger_ones(wanted: tuple[Limits, ...]) -> None:
    """If everything from the strongest rank down to this one can hold together, none of it is waived."""
    standing = at_ten()
    _, waivers = merge(wanted, standing)
    given_up = {w.guardrail: w.amount > 0 for w in waivers}
    for depth in range(len(RANKS)):
        strong = tuple(_only(piece, RANKS[: depth + 1]) for piece in wanted)
        _, alone = merge(strong, standing)
        collides = np.any([w.amount > 0 for w in alone], axis=0) if alone else np.zeros(R, dtype=bool)
        limits, _ = merge(wanted, standing)
        for piece in strong:
            kept = _holds(limits, piece)
            assert (kept | collides).all(), (RANKS[depth], piece.source, given_up)


def _only(piece: Limits, ranks: tuple[str, ...]) -> Limits:
    free = Limits.none(R, C)
    low, high = piece.lower_rank in ranks, piece.upper_rank in ranks
    groups = tuple(
        GroupLimit(
            g.name, g.members, g.lower if low else np.zeros(R), g.upper if high else np.full(R, np.inf)
        )
        for g in piece.groups
    )
    return replace(
        piece,
        lower=piece.lower if low else free.lower,
        upper=piece.upper if high else free.upper,
        groups=groups,
    )


def _holds(limits: Limits, piece: Limits) -> np.ndarray:
    """Rows (R,) in which merged limits are at least as tight as the piece."""
    tight = ((limits.lower >= piece.lower * (1 - 1e-9)) & (limits.upper <= piece.upper * (1 + 1e-9))).all(
        axis=1
    )
    merged = {g.name: g for g in limits.groups}
    for group in piece.groups:
        if group.lower.any() or np.isfinite(group.upper).any():
            tight &= merged[group.name].lower >= group.lower * (1 - 1e-9)
            tight &= merged[group.name].upper <= group.upper * (1 + 1e-9)
    return np.asarray(tight)


@settings(max_examples=60, deadline=None)
@given(pieces(), plans(), st.integers(0, R - 1))
def test_a_row_has_the_same_bits_alone_and_in_a_batch(
    wanted: tuple[Limits, ...], plan: np.ndarray, row: int
) -> None:
    standing = at_ten()
    limits, _ = merge(wanted, standing)
    rate, _ = gate(plan, limits, standing, wanted)
    alone = tuple(_row(piece, row) for piece in wanted)
    single = replace(
        standing,
        **{
            name: getattr(standing, name)[row : row + 1]
            for name in ("current", "changed", "paused", "remaining")
        },
    )
    limits_alone, _ = merge(alone, single)
    rate_alone, _ = gate(plan[row : row + 1], limits_alone, single, alone)
    assert rate_alone.tobytes() == rate[row : row + 1].tobytes()


def _row(piece: Limits, row: int) -> Limits:
    cut = slice(row, row + 1)
    groups = tuple(GroupLimit(g.name, g.members, g.lower[cut], g.upper[cut]) for g in piece.groups)
    return replace(
        piece, lower=piece.lower[cut], upper=piece.upper[cut], total=piece.total[cut], groups=groups
    )


@settings(max_examples=60, deadline=None)
@given(pieces(), plans())
def test_the_record_of_guardrails_adds_up_to_what_the_gate_moved(
    wanted: tuple[Limits, ...], plan: np.ndarray
) -> None:
    standing = at_ten()
    limits, _ = merge(wanted, standing)
    rate, interventions = gate(plan, limits, standing, wanted)
    moved = np.abs(rate - plan).sum(axis=1) / 2
    np.testing.assert_allclose(
        sum((i.moved for i in interventions), np.zeros(R)), moved, rtol=1e-9, atol=1e-6
    )
    assert {i.guardrail for i in interventions} <= {piece.source for piece in wanted}


@pytest.mark.parametrize("rubbish", [np.nan, np.inf, -np.inf, -1.0])
def test_a_row_of_rubbish_leaves_the_decision_in_force_and_other_rows_free(rubbish: Any) -> None:
    standing = at_ten()
    free = Limits.none(R, C)
    plan = np.full((R, C), 7.0)
    plan[1, 2] = rubbish
    rate, interventions = gate(plan, free, standing, ())
    assert (rate[1] == 10.0).all()
    assert (rate[[0, 2]] == 7.0).all()
    (rejection,) = interventions
    assert rejection.guardrail == "gate"
    assert "1 of 3 rows" in rejection.reason
    assert (rejection.moved > 0).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("rubbish", "words"),
    [
        (np.ones((C, R)), "Transposed"),
        (np.ones(C), r"\(3, 6\)"),
        ("all of it", "no array of numbers"),
        (None, r"\(3, 6\)"),
        ([[1.0], [1.0, 2.0]], "no array of numbers"),
    ],
)
def test_a_proposal_of_the_wrong_shape_is_rejected_whole(rubbish: Any, words: str) -> None:
    standing = at_ten()
    tight = replace(Limits.none(R, C, source="cap"), total=np.full(R, 30.0))
    limits, _ = merge((tight,), standing)
    rate, (rejection, correction) = gate(rubbish, limits, standing, (tight,))
    assert pytest.approx(30.0) == rate.sum(axis=1)
    assert re.search(words, rejection.reason)
    assert correction.guardrail == "cap"


def test_a_cut_of_the_total_takes_the_same_share_from_every_campaign() -> None:
    standing = at_ten()
    plan = np.tile([1.0, 2.0, 4.0, 8.0, 16.0, 32.0], (R, 1))
    tight = replace(Limits.none(R, C, source="cap"), total=np.full(R, 21.0))
    limits, _ = merge((tight,), standing)
    rate, _ = gate(plan, limits, standing, (tight,))
    np.testing.assert_allclose(rate, plan / 3.0, rtol=1e-9)


def test_paused_campaigns_get_nothing_and_are_named() -> None:
    paused = np.zeros((R, C), dtype=bool)
    paused[:, 0] = True
    standing = replace(at_ten(), paused=paused)
    limits, waivers = merge((), standing)
    rate, (intervention,) = gate(standing.current, limits, standing, ())
    assert (rate[:, 0] == 0).all()
    assert (rate[:, 1:] == 10).all()
    assert intervention.guardrail == "availability"
    assert waivers == ()


@pytest.mark.parametrize("size", [1e6, 1e150, 1e300])
def test_of_a_proposal_out_of_all_proportion_the_proportions_stay(size: float) -> None:
    standing = at_ten()
    plan = size * np.tile([1.0, 2.0, 4.0, 8.0, 16.0, 32.0], (R, 1))
    tight = replace(Limits.none(R, C, source="cap"), total=np.full(R, 63.0), upper=np.full((R, C), 31.0))
    limits, _ = merge((tight,), standing)
    rate, (cut,) = gate(plan, limits, standing, (tight,))
    expected = np.array([1.0, 2.0, 4.0, 8.0, 16.0]) * 32.0 / 31.0
    np.testing.assert_allclose(rate, [[*expected, 31.0]] * R, rtol=1e-9)
    assert np.isfinite(cut.moved).all()
