"""The contract of a response-curve family (`aicmo.core.curves.Curves`), one function a clause."""

from __future__ import annotations

from typing import Any

import numpy as np

from aicmo.checks.contract import require
from aicmo.core.curves import Curves

SPEND = np.geomspace(0.5, 2000.0, 41)
STEP = 1e-6
"""Relative step of the finite difference; its error is of the order of its square."""
_SCALE = np.array([[10.0, 20.0, 5.0], [1.0, 2.0, 3.0]])
_SIZE = np.array([50.0, 200.0, 10.0])
_SHAPE = np.array([0.6, 1.0, 2.5])
_KNOTS = np.array([0.0, 100.0, 300.0, 900.0])
ROUNDING = 1e-9
"""A price is asked for a hair below: a straight piece returns its price all along, or by rounding nowhere."""
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "hill": (_SCALE, _SIZE, _SHAPE),
    "logarithmic": (_SCALE, _SIZE),
    "exponential": (_SCALE, _SIZE),
    "power": (_SCALE, np.array([0.2, 0.5, 1.0])),
    "table": (np.tile(_KNOTS, (2, 3, 1)), _SCALE[..., None] * np.array([0.0, 1.0, 1.6, 2.0])),
    "mixture": (_SCALE[..., None] * np.ones(2), _SIZE[:, None] * np.array([1.0, 3.0]), 1.0, np.full(2, 0.5)),
}
"""What each family is made with here: two rows of three curves."""


def families() -> dict[str, Curves]:
    """Return a set of curves of every family that the core has.

    Raises
    ------
    ContractError
        When a family has no arguments here, so that nothing would check it.
    """
    found = [name for name, member in vars(Curves).items() if isinstance(member, classmethod)]
    names = [name for name in found if not name.startswith("_") and name != "concatenate"]
    for name in names:
        require(name in ARGUMENTS, f"curves {name!r}: give the family arguments in aicmo.checks.curves")
    return {name: getattr(Curves, name)(*ARGUMENTS[name]) for name in names}


def zero_at_zero(curves: Curves) -> None:
    """Require exactly no response where nothing is spent."""
    _require(curves, curves.value(np.zeros(len(curves))) == 0.0, "the response at 0 must be exactly 0")


def never_falls(curves: Curves) -> None:
    """Require that more money never brings less."""
    response = np.stack([curves.value(np.full(len(curves), x)) for x in SPEND])
    _require(curves, (np.diff(response, axis=0) >= 0.0).all(axis=0), "the response must never fall")


def marginal_is_the_slope(curves: Curves) -> None:
    """Require the marginal return to equal the central finite difference."""
    for x in SPEND:
        high, low = (curves.value(np.full(len(curves), x * (1.0 + sign * STEP))) for sign in (1.0, -1.0))
        slope, told = (high - low) / (2.0 * STEP * x), curves.marginal(np.full(len(curves), x))
        room = 1e-6 * np.abs(told) + 1e-9 * np.abs(high) / x
        _require(
            curves, np.abs(slope - told) <= room, f"marginal() at {x:.6g} must equal the slope of value()"
        )


def inverse_inverts(curves: Curves) -> None:
    """Require the largest spend that still returns the price: no less before it, no more beyond it."""
    for x in SPEND:
        price = curves.marginal(np.full(len(curves), x))
        spend = curves.inverse_marginal(price * (1.0 - ROUNDING))
        inside = np.isfinite(spend) & (price > 0.0)
        point = np.where(inside, spend, x)
        before, after = curves.marginal(point * (1.0 - 1e-7)), curves.marginal(point * (1.0 + 1e-7))
        kept = (
            (spend >= x * (1.0 - 1e-7)) & (before >= price * (1.0 - 1e-5)) & (after <= price * (1.0 + 1e-5))
        )
        _require(curves, kept | ~inside, f"inverse_marginal() must invert marginal() at {x:.6g}")


def broadcasts(curves: Curves) -> None:
    """Require the same bits for a curve at a time, for all at once, and for rows."""
    x = np.array([3.0, 70.0, 800.0])[: len(curves)]
    together = curves.value(np.tile(x, (2, 1)))
    _require(curves, together == curves.value(x), "value() of (C,) and of (R, C) must agree to the bit")


def concave_but_for_its_envelope(curves: Curves) -> None:
    """Require chords where the envelope is straight, and marginal returns that never rise elsewhere."""
    top = np.full(len(curves), SPEND[-1])
    pieces = curves.envelope(np.zeros(len(curves)), top)
    slope = np.stack([curves.marginal(np.full(len(curves), x)) for x in SPEND])
    straight = np.zeros(slope.shape, dtype=bool)
    for begin, end, chord in zip(*(np.moveaxis(part, -1, 0) for part in pieces), strict=True):
        rise = curves.value(end) - curves.value(begin)
        right = np.abs(rise - chord * (end - begin)) <= 1e-6 * np.abs(rise)
        _require(
            curves, right | (end <= begin), "straight pieces of the envelope must be chords of the curve"
        )
        straight |= (begin <= SPEND[:, None, None]) & (SPEND[:, None, None] <= end)
    both = ~(straight[1:] | straight[:-1])
    falls = (np.diff(slope, axis=0) <= 1e-9 * slope[:-1]) | ~both
    _require(curves, falls.all(axis=0), "marginal returns must not rise where the envelope is the curve")


def _require(curves: Curves, holds: Any, law: str) -> None:
    bad = np.argwhere(~np.atleast_1d(holds))
    require(not bad.size, f"curves (kind {curves.kind.tolist()}): {law}; broken at {bad[:3].tolist()}")
