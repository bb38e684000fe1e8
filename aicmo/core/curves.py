"""Response curves: what each campaign's spend brings, as one structure of arrays that may mix families."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KINDS = ("hill", "logarithmic", "exponential", "power")
HILL, LOGARITHMIC, EXPONENTIAL, POWER = range(4)


class Envelope(NamedTuple):
    """Concave envelope of each curve on [lower, upper]: straight from `lower` to `tangent`, then the curve itself.

    Attributes
    ----------
    tangent : (C,) or (R, C) [currency/day]
        End of the straight piece; equal to the lower bound where the curve is concave.
    slope : (C,) or (R, C) [response/currency]
        Slope of the straight piece, or the marginal return at the lower bound where there is none.
    """

    tangent: Floats
    slope: Floats


@dataclass(frozen=True, eq=False)
class Curves:
    """A set of C response curves, each increasing from 0 at zero spend; parameters may differ by row.

    Build one with the constructors named after the families and join sets with `Curves.concatenate`.

    Parameters
    ----------
    kind : (C,)
        Family of each curve, an index into ``KINDS``.
    scale : (C,) or (R, C) [response]
        Factor a of each family.
    half : (C,) or (R, C) [currency/day]
        Spend scale κ or k; 1 for power curves.
    shape : (C,) or (R, C)
        Hill shape or power exponent; 1 otherwise.

    Notes
    -----
    Hill a·xˢ/(κˢ+xˢ), logarithmic a·ln(1+x/k), exponential a·(1−e^(−x/k)), power a·xˢ with 0 < s ≤ 1. The logistic saturation
    β(1−e^(−λx))/(1+e^(−λx)) of MMM packages is Hill-like; enter it as a table.
    """

    kind: Ints
    scale: Floats
    half: Floats
    shape: Floats

    @classmethod
    def hill(cls, scale: ArrayLike, half_saturation: ArrayLike, shape: ArrayLike = 1.0) -> "Curves":
        """Hill curves a·xˢ/(κˢ+xˢ) of any shape s > 0; S-shaped for s > 1.

        Parameters
        ----------
        scale : (C,) or (R, C) [response]
            Ceiling a ≥ 0.
        half_saturation : (C,) or (R, C) [currency/day]
            Spend κ > 0 that brings half of the ceiling.
        shape : (C,) or (R, C)
            Exponent s > 0.

        Returns
        -------
        Curves
            One curve per element of the last axis.

        Raises
        ------
        ValueError
            If a parameter is not finite, negative, or zero where it must be positive.
        """
        return _curves(HILL, scale, half_saturation, shape)

    @classmethod
    def logarithmic(cls, scale: ArrayLike, half: ArrayLike) -> "Curves":
        """Logarithmic curves a·ln(1+x/k); `scale` [response] and `half` [currency/day] are (C,) or (R, C)."""
        return _curves(LOGARITHMIC, scale, half, 1.0)

    @classmethod
    def exponential(cls, scale: ArrayLike, half: ArrayLike) -> "Curves":
        """Exponential saturation a·(1−e^(−x/k)); `scale` [response] and `half` [currency/day] are (C,) or (R, C)."""
        return _curves(EXPONENTIAL, scale, half, 1.0)

    @classmethod
    def power(cls, scale: ArrayLike, exponent: ArrayLike) -> "Curves":
        """Power curves a·xˢ with exponent 0 < s ≤ 1; `scale` [response/currencyˢ], (C,) or (R, C)."""
        curves = _curves(POWER, scale, 1.0, exponent)
        if (curves.shape > 1.0).any():
            worst = float(curves.shape.max())
            raise ValueError(
                f"power curves: exponent must lie in (0, 1], got {worst:g}; a convex power has no best plan"
            )
        return curves

    @classmethod
    def concatenate(cls, parts: Sequence["Curves"]) -> "Curves":
        """Join sets of curves along the campaign axis; those without rows are repeated over the rows of the others."""
        if not parts:
            raise ValueError("Curves.concatenate: got no sets of curves, expected at least one")
        rows = {p.rows for p in parts if p.rows is not None}
        if len(rows) > 1:
            raise ValueError(f"Curves.concatenate: sets have different numbers of rows R: {sorted(rows)}")
        lead = tuple(rows)

        def join(name: str) -> Floats:
            return np.concatenate(
                [np.broadcast_to(getattr(p, name), (*lead, len(p))) for p in parts], axis=-1
            )

        kind = np.concatenate([p.kind for p in parts])
        return cls(kind, join("scale"), join("half"), join("shape"))

    def __len__(self) -> int:
        return int(self.kind.size)

    @property
    def rows(self) -> int | None:
        """Number of rows R, or None if all rows share the curves."""
        return int(self.scale.shape[0]) if self.scale.ndim == 2 else None

    @property
    def concave(self) -> NDArray[np.bool_]:
        """Whether each curve is concave from zero spend on: (C,) or (R, C)."""
        concave: NDArray[np.bool_] = (self.kind != HILL) | (self.shape <= 1.0)
        return concave

    def parameters(self) -> tuple[Ints, Floats, Floats, Floats]:
        """Kind (C,) and scale, half, shape with a leading row axis (1, C) or (R, C), as kernels take them."""
        return self.kind, np.atleast_2d(self.scale), np.atleast_2d(self.half), np.atleast_2d(self.shape)

    def value(self, x: ArrayLike) -> Floats:
        """Response at spend `x` : (C,) or (R, C) [currency/day]; exactly 0 at 0."""
        from aicmo.core.kernels.evaluate import values

        return self._over(values, x, "spend")

    def marginal(self, x: ArrayLike) -> Floats:
        """Marginal return at spend `x` : (C,) or (R, C) [response/currency]; infinite at 0 for Hill s < 1 and power s < 1."""
        from aicmo.core.kernels.evaluate import marginals

        return self._over(marginals, x, "spend")

    def inverse_marginal(self, price: ArrayLike) -> Floats:
        """Largest spend whose marginal return is still `price` : (C,) or (R, C); 0 where no spend returns that much.

        A price of zero is met by no finite spend: the answer is infinite for curves that never stop rising.
        """
        from aicmo.core.kernels.evaluate import inverse_marginals

        return self._over(inverse_marginals, price, "price")

    def envelope(self, lower: ArrayLike, upper: ArrayLike) -> Envelope:
        """Concave envelope on [lower, upper], each (C,) or (R, C) [currency/day]."""
        from aicmo.core.kernels.evaluate import tangents

        low, high = self._argument(lower, "lower"), self._argument(upper, "upper")
        low, high = (np.ascontiguousarray(b) for b in np.broadcast_arrays(low, high))
        if (low > high).any():
            raise ValueError("envelope: a lower bound exceeds its upper bound; swap or widen them")
        point, slope = np.empty_like(low), np.empty_like(low)
        tangents(*self.parameters(), low, high, point, slope)
        flat = self.rows is None and np.ndim(lower) < 2 and np.ndim(upper) < 2
        return Envelope(point[0], slope[0]) if flat else Envelope(point, slope)

    def _over(self, loop: object, x: ArrayLike, name: str) -> Floats:
        points = self._argument(x, name)
        out = np.empty_like(points)
        loop(*self.parameters(), points, out)  # type: ignore[operator]  # kernels share this signature
        return out[0] if self.rows is None and np.ndim(x) < 2 else out

    def _argument(self, x: ArrayLike, name: str) -> Floats:
        """`x` as (R, C) or (1, C), checked."""
        points = np.asarray(x, dtype=np.float64)
        if np.isnan(points).any() or (points < 0.0).any():
            raise ValueError(
                f"curves: {name} must be numbers of at least 0, got {points[~(points >= 0.0)].flat[0]}"
            )
        lead = (self.rows or 1,) if points.ndim < 2 else points.shape[:1]
        if points.ndim == 2 and self.rows not in (None, points.shape[0], 1):
            raise ValueError(f"curves: {name} has {points.shape[0]} rows, the curves have {self.rows} = R")
        try:
            return np.ascontiguousarray(np.broadcast_to(points, (*lead, len(self))))
        except ValueError:
            want = f"({len(self)},) = (C,) or (R, {len(self)}) = (R, C)"
            raise ValueError(f"curves: {name} must have shape {want}, got {points.shape}") from None


def _curves(kind: int, scale: ArrayLike, half: ArrayLike, shape: ArrayLike) -> Curves:
    named = {"scale": scale, "half-saturation": half, "shape": shape}
    arrays = [_parameter(KINDS[kind], name, x) for name, x in named.items()]
    try:
        common = np.broadcast_shapes(*(x.shape for x in arrays))
    except ValueError:
        shapes = ", ".join(f"{name} {x.shape}" for name, x in zip(named, arrays, strict=True))
        raise ValueError(
            f"{KINDS[kind]} curves: parameters do not broadcast to (C,) or (R, C): {shapes}"
        ) from None
    common = common or (1,)
    if len(common) > 2:
        raise ValueError(
            f"{KINDS[kind]} curves: parameters must be (C,) or (R, C), got {len(common)} axes: {common}"
        )
    a, h, s = (_frozen(np.broadcast_to(x, common)) for x in arrays)
    return Curves(_frozen(np.full(common[-1], kind)), a, h, s)


def _parameter(kind: str, name: str, x: ArrayLike) -> Floats:
    array = np.asarray(x, dtype=np.float64)
    least = "at least 0" if name == "scale" else "greater than 0"
    sound = np.isfinite(array) & ((array >= 0.0) if name == "scale" else (array > 0.0))
    if not sound.all():
        where = tuple(int(i) for i in np.argwhere(~sound)[0])
        got = array[where] if array.ndim else array
        raise ValueError(f"{kind} curves: {name} must be finite and {least}, got {got} at index {where}")
    return array


def _frozen(array: Floats) -> Floats:
    fresh = np.array(array, order="C")
    fresh.flags.writeable = False
    return fresh  # type: ignore[return-value]
