"""Facts of every family: 0 at 0, never falling, marginal = finite difference, inverse inverts.

Envelope above the curve.
"""

import numpy as np
import pytest

from aicmo.core.curves import Curves
from tests.core.instances import any_family, mixed

SPEND = np.geomspace(1e-3, 1e3, 61)


@pytest.fixture(name="curves")
def _curves() -> Curves:
    return any_family(np.random.default_rng(7))


def test_nothing_for_nothing_and_never_less_for_more(curves: Curves) -> None:
    value = curves.value(np.repeat(SPEND[:, None], len(curves), axis=1))
    assert (curves.value(0.0) == 0.0).all()
    assert (np.diff(value, axis=0) >= 0.0).all()


def test_marginal_is_the_slope_of_the_value(curves: Curves) -> None:
    for x in (0.37, 2.9, 11.3):
        h = 1e-6 * x
        slope = (curves.value(x + h) - curves.value(x - h)) / (2 * h)
        assert curves.marginal(x) == pytest.approx(slope, rel=1e-5, abs=1e-9)


def test_inverse_marginal_inverts(curves: Curves) -> None:
    smooth = np.flatnonzero(curves.kind != 4)
    x = curves.inverse_marginal(0.03)
    found = curves.marginal(x)[smooth]
    assert found[x[smooth] > 0.0] == pytest.approx(0.03, rel=1e-9)


def test_envelope_lies_above_the_curve_and_touches_it_at_the_ends(curves: Curves) -> None:
    pieces = curves.envelope(0.0, 50.0)
    for c in range(len(curves)):
        for begin, end, slope in zip(pieces.begin[c], pieces.end[c], pieces.slope[c], strict=True):
            if end > begin:
                x = np.linspace(begin, end, 101)
                value = curves.value(np.repeat(x[:, None], len(curves), axis=1))[:, c]
                line = value[0] + slope * (x - begin)
                assert (value <= line * (1 + 1e-9) + 1e-12).all()
                assert value[-1] == pytest.approx(line[-1], rel=1e-9)


def test_envelope_of_a_hill_curve_from_nothing_ends_at_its_tangent_point() -> None:
    pieces = Curves.hill([1.0, 2.0], [3.0, 5.0], [2.0, 4.0]).envelope(0.0, 100.0)
    assert pieces.end[:, 0] == pytest.approx([3.0, 5.0 * 3 ** (1 / 4)])


def test_concatenated_curves_are_the_curves_themselves() -> None:
    rng = np.random.default_rng(1)
    parts = [any_family(rng), mixed(rng), Curves.mixture([[1.0, 2.0]], [[1.0, 3.0]], [[0.5, 2.0]])]
    joined = Curves.concatenate(parts).value(2.5)
    assert joined == pytest.approx(np.concatenate([p.value(2.5) for p in parts]), rel=1e-15)


def test_a_mixture_of_one_is_that_one() -> None:
    one = Curves.hill([2.0], [3.0], [1.7])
    same = Curves.mixture([[2.0]], [[3.0]], [[1.7]])
    assert same.value(4.2) == pytest.approx(one.value(4.2), rel=1e-14)
    assert same.marginal(4.2) == pytest.approx(one.marginal(4.2), rel=1e-14)


def test_extreme_spends_overflow_nowhere() -> None:
    value = Curves.hill([1.0, 1.0], [1e-12, 1e12], 6.0).value([1e12, 1e-12])
    assert value.tolist() == pytest.approx([1.0, 0.0], abs=1e-140)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (
            lambda: Curves.hill([1.0, np.nan], 1.0, 1.0),
            r"hill curves: scale must be finite and at least 0, got nan at index \(1,\)",
        ),
        (lambda: Curves.hill(1.0, [0.0], 1.0), "half-saturation must be finite and greater than 0"),
        (lambda: Curves.power([1.0], [1.2]), r"exponent must lie in \(0, 1\], got 1.2"),
        (lambda: Curves.logarithmic([1.0, 2.0], [1.0, 2.0, 3.0]), "do not broadcast"),
        (lambda: Curves.table([0.0, 1.0], [0.5, 1.0]), "subtract what comes without spend"),
        (lambda: Curves.table([0.0, 1.0, 2.0], [0.0, 2.0, 1.0]), "must never fall"),
        (lambda: Curves.mixture([1.0], [1.0], [1.0]), r"must broadcast to \(C, G\)"),
        (lambda: Curves.hill([1.0], [1.0], [1.0]).value(-1.0), "at least 0"),
        (lambda: Curves.hill([1.0], [1.0], [1.0]).value([1.0, 2.0]), r"must have shape \(1,\) = \(C,\)"),
    ],
)
def test_what_cannot_be_a_curve_is_refused_with_the_reason(make: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make()  # type: ignore[operator]  # each case is a thunk
