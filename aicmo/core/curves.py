"""Response curves: what each campaign's spend brings, as one structure of arrays that may mix families."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aicmo.core import parameters

if TYPE_CHECKING:
    from aicmo.core.kernels.evaluate import Parameters

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HILL, LOGARITHMIC, EXPONENTIAL, POWER, TABLE, MIXTURE = range(6)


class Envelope(NamedTuple):
    """Straight pieces of the concave envelope of each curve on [lower, upper].

    Between them the envelope is the curve.

    Attributes
    ----------
    begin, end : (C, J) or (R, C, J) [currency/day]
        Ends of the pieces; both equal where a curve has fewer than J of them.
    slope : (C, J) or (R, C, J) [response/currency]
        Slope of each piece; 0 where there is none.
    """

    begin: Floats
    end: Floats
    slope: Floats


@dataclass(frozen=True, eq=False)
class Curves:
    """A set of C response curves, each rising from 0 at zero spend; parameters may differ by row.

    Build one with the constructors named after the families and join sets with `Curves.concatenate`.

    Parameters
    ----------
    kind : (C,)
        Family of each curve.
    scale : (C,) or (R, C) [response]
        Factor a of each family; the ceiling of mixtures and tables.
    half : (C,) or (R, C) [currency/day]
        Spend scale κ or k; 1 where the family has none.
    shape : (C,) or (R, C)
        Hill shape or power exponent; 1 otherwise.
    slot : (C,)
        Which of the mixtures or tables below a curve is.
    parts : (3, 1 or R, D, G)
        Half-saturation, shape and weighted scale of the components of D mixtures.
    knots : (2, 1 or R, E, P)
        Spend and response of the points of E tables.

    Notes
    -----
    Hill a·xˢ/(κˢ+xˢ), logarithmic a·ln(1+x/k), exponential a·(1−e^(−x/k)), power a·xˢ with 0 < s ≤ 1,
    table: straight between points and flat beyond the last, mixture Σ_g w_g·(Hill)_g.
    """

    kind: Ints
    scale: Floats
    half: Floats
    shape: Floats
    slot: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64), repr=False)
    parts: Floats = field(default_factory=lambda: np.zeros((3, 1, 0, 1)), repr=False)
    knots: Floats = field(default_factory=lambda: np.zeros((2, 1, 0, 1)), repr=False)

    def __post_init__(self) -> None:
        """Fill slots that closed families do not need; make all arrays contiguous and read-only."""
        if self.slot.size != self.kind.size:
            object.__setattr__(self, "slot", np.zeros(self.kind.size, dtype=np.int64))
        for name in ("kind", "scale", "half", "shape", "slot", "parts", "knots"):
            object.__setattr__(self, name, parameters.sealed(getattr(self, name)))

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
        return cls._closed(HILL, scale, half_saturation, shape)

    @classmethod
    def logarithmic(cls, scale: ArrayLike, half: ArrayLike) -> "Curves":
        """Logarithmic curves a·ln(1+x/k); `scale` [response] and `half` [currency/day] are (C,) or (R, C)."""
        return cls._closed(LOGARITHMIC, scale, half, 1.0)

    @classmethod
    def exponential(cls, scale: ArrayLike, half: ArrayLike) -> "Curves":
        """Exponential saturation a·(1−e^(−x/k)).

        `scale` [response] and `half` [currency/day] are (C,) or (R, C).
        """
        return cls._closed(EXPONENTIAL, scale, half, 1.0)

    @classmethod
    def power(cls, scale: ArrayLike, exponent: ArrayLike) -> "Curves":
        """Power curves a·xˢ with exponent 0 < s ≤ 1; `scale` [response/currencyˢ], (C,) or (R, C)."""
        return cls._closed(POWER, scale, 1.0, exponent)

    @classmethod
    def table(cls, spend: ArrayLike, response: ArrayLike) -> "Curves":
        """Curves through given points, straight between them and flat beyond the last.

        Parameters
        ----------
        spend : (P,), (C, P) or (R, C, P) [currency/day]
            Rising spends, from 0 on; a repeated last point is padding. A point (0, 0) is added where the
            first spend is above 0.
        response : (P,), (C, P) or (R, C, P) [response]
            Response at each spend, never falling, 0 at 0.

        Returns
        -------
        Curves
            One curve per element of the last axis but one.

        Raises
        ------
        ValueError
            If points are not finite, not in order, fall, or respond at zero spend.
        """
        knots = parameters.table_points(spend, response)
        rows, campaigns = knots.shape[1], knots.shape[2]
        top = knots[1, :, :, -1] if np.ndim(spend) > 2 or np.ndim(response) > 2 else knots[1, 0, :, -1]
        ones = np.ones((rows, campaigns)) if top.ndim > 1 else np.ones(campaigns)
        return cls(np.full(campaigns, TABLE), top, ones, ones, np.arange(campaigns), knots=knots)

    @classmethod
    def mixture(
        cls, scale: ArrayLike, half_saturation: ArrayLike, shape: ArrayLike, weight: ArrayLike | None = None
    ) -> "Curves":
        """Weighted sums of G Hill curves per campaign, such as a posterior mean over a grid of shapes.

        Parameters
        ----------
        scale, half_saturation, shape : (C, G) or (R, C, G)
            Ceiling a ≥ 0 [response], spend κ > 0 [currency/day] and exponent s > 0 of each component.
        weight : (G,), (C, G) or (R, C, G), optional
            Non-negative weights; 1/G each by default, so that the curve is the mean of its components.

        Returns
        -------
        Curves
            One curve per element of the last axis but one.

        Raises
        ------
        ValueError
            If a parameter is not finite, or negative, or zero where it must be positive.
        """
        parts, lead = parameters.components(scale, half_saturation, shape, weight)
        campaigns = parts.shape[2]
        total = parts[2].sum(axis=-1) if lead else parts[2, 0].sum(axis=-1)
        ones = np.ones_like(total)
        return cls(np.full(campaigns, MIXTURE), total, ones, ones, np.arange(campaigns), parts=parts)

    @classmethod
    def concatenate(cls, parts: Sequence["Curves"]) -> "Curves":
        """Join sets of curves along the campaign axis.

        Those without rows are repeated over the rows of the others.
        """
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

        mixture, before_mixtures = parameters.stack([p.parts for p in parts])
        knots, before_tables = parameters.stack([p.knots for p in parts])
        slot = np.concatenate(
            [
                p.slot + np.where(p.kind == MIXTURE, m, np.where(p.kind == TABLE, e, 0))
                for p, m, e in zip(parts, before_mixtures, before_tables, strict=True)
            ]
        )
        kind = np.concatenate([p.kind for p in parts])
        return cls(kind, join("scale"), join("half"), join("shape"), slot, mixture, knots)

    def __len__(self) -> int:
        return int(self.kind.size)

    @property
    def rows(self) -> int | None:
        """Number of rows R, or None if all rows share the curves."""
        return int(self.scale.shape[0]) if self.scale.ndim == 2 else None

    def row(self, r: int) -> "Curves":
        """Take row `r` alone, without the row axis."""
        if self.rows is None:
            return self
        mixture, knots = (x[:, r : r + 1] if x.shape[1] > 1 else x for x in (self.parts, self.knots))
        return Curves(self.kind, self.scale[r], self.half[r], self.shape[r], self.slot, mixture, knots)

    def value(self, x: ArrayLike) -> Floats:
        """Response at spend `x` : scalar, (C,) or (R, C) [currency/day]; exactly 0 at 0."""
        return self._over(0, x, "spend")

    def marginal(self, x: ArrayLike) -> Floats:
        """Marginal return at spend `x` : scalar, (C,) or (R, C) [response/currency].

        Of a table, to the right of `x`.

        Infinite at 0 for Hill and power curves with s < 1.
        """
        return self._over(1, x, "spend")

    def inverse_marginal(self, price: ArrayLike) -> Floats:
        """Largest spend whose marginal return is still `price` : scalar, (C,) or (R, C).

        0 where no spend returns that much.

        A price of zero is met by no finite spend: the answer is infinite for curves that never stop rising.
        """
        return self._over(2, price, "price")

    def envelope(self, lower: ArrayLike, upper: ArrayLike) -> Envelope:
        """Straight pieces of the concave envelope on [lower, upper], each scalar, (C,) or (R.

        C) [currency/day].
        """
        from aicmo.core.groups import tree  # noqa: PLC0415
        from aicmo.core.kernels.pieces import pieces  # noqa: PLC0415  # numba starts at first use only
        from aicmo.core.kernels.solver import problem  # noqa: PLC0415

        low, high = (self._argument(b, name) for b, name in ((lower, "lower"), (upper, "upper")))
        low, high = (np.ascontiguousarray(b) for b in np.broadcast_arrays(low, high))
        if (low > high).any() or not np.isfinite(high).all():
            raise ValueError(
                "curves: envelope needs lower ≤ upper < inf in every element; swap or widen the bounds"
            )
        whole = np.full(len(low), np.inf)
        begin, end, slope = pieces(
            problem(self.parameters(), low, high, whole, whole, tree((), len(self), 1))
        )
        flat = self.rows is None and np.ndim(lower) < 2 and np.ndim(upper) < 2
        return Envelope(begin[0], end[0], slope[0]) if flat else Envelope(begin, end, slope)

    def parameters(self) -> "Parameters":
        """All arrays with a leading row axis (1 or R), as kernels take them."""
        from aicmo.core.kernels.evaluate import Parameters  # noqa: PLC0415  # numba starts at first use only

        a, h, s = (x if x.ndim == 2 else x[None] for x in (self.scale, self.half, self.shape))
        return Parameters(self.kind, self.slot, a, h, s, self.parts, self.knots)

    def _over(self, what: int, x: ArrayLike, name: str) -> Floats:
        from aicmo.core.kernels.evaluate import evaluate  # noqa: PLC0415  # numba starts at first use only

        points = self._argument(x, name)
        out = np.empty_like(points)
        evaluate(self.parameters(), what, points, out)
        return out[0] if self.rows is None and np.ndim(x) < 2 else out

    def _argument(self, x: ArrayLike, name: str) -> Floats:
        """`x` as (R, C) or (1, C), checked."""
        points = np.asarray(x, dtype=np.float64)
        if not (points >= 0.0).all():
            raise ValueError(
                f"curves: {name} must be numbers of at least 0, got {points[~(points >= 0.0)].flat[0]}"
            )
        lead = (self.rows or 1,) if points.ndim < 2 else points.shape[:1]
        if points.ndim == 2 and self.rows not in (None, points.shape[0]):
            raise ValueError(f"curves: {name} has {points.shape[0]} rows, the curves have {self.rows} = R")
        try:
            return np.ascontiguousarray(np.broadcast_to(points, (*lead, len(self))))
        except ValueError:
            want = f"({len(self)},) = (C,) or (R, {len(self)}) = (R, C)"
            raise ValueError(f"curves: {name} must have shape {want}, got {points.shape}") from None

    @classmethod
    def _closed(cls, kind: int, scale: ArrayLike, half: ArrayLike, shape: ArrayLike) -> "Curves":
        a, h, s = parameters.closed_family(parameters.FAMILIES[kind], scale, half, shape)
        return cls(np.full(a.shape[-1], kind), a, h, s)
