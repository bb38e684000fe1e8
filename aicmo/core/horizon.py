"""What ties periods together: carry-over of spend into stock, prices, weights, and the tail after them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from aicmo.core.checked import Floats
from aicmo.core.curves import Curves


@dataclass(frozen=True, eq=False)
class Horizon:
    """T periods of C campaigns and H periods after them in which nothing is spent.

    Parameters
    ----------
    keep : (R, C)
        Share θ of the stock left after a period, 0 ≤ θ < 1.
    price : (R, C, T) [currency / pressure]
        Money that one unit of pressure costs in each period.
    weight : (R, C, T + H)
        What a unit of response is worth in each period: season × demand × value; after the horizon also the
        weight of the terminal value and discounting.
    carry : (R, C) [pressure]
        Stock before the first period.

    Raises
    ------
    ValueError
        When an array does not fit the others or lies outside its range.
    """

    keep: Float[np.ndarray, "R C"]
    price: Float[np.ndarray, "R C T"]
    weight: Float[np.ndarray, "R C TH"]
    carry: Float[np.ndarray, "R C"]

    def __post_init__(self) -> None:
        R, C, T = self.shape
        if self.keep.shape != (R, C) or self.carry.shape != (R, C) or self.weight.shape[:2] != (R, C):
            raise ValueError(
                f"Horizon: price has (R, C, T) = {(R, C, T)}; keep and carry must be {(R, C)}, got "
                f"{self.keep.shape}, {self.carry.shape}; weight must be ({R}, {C}, ≥ {T}), got "
                f"{self.weight.shape}."
            )
        if self.weight.shape[2] < T:
            raise ValueError(f"Horizon: weight needs at least {T} = T periods, got {self.weight.shape[2]}.")
        sound = (
            np.all((self.keep >= 0.0) & (self.keep < 1.0)) and np.all(self.carry >= 0.0)
            and np.all(self.weight >= 0.0) and np.all(self.price > 0.0)
        )  # fmt: skip
        if not sound or not all(np.isfinite(x).all() for x in (self.price, self.weight, self.carry)):
            raise ValueError(
                "Horizon: needs 0 ≤ keep < 1, price > 0, weight ≥ 0 and carry ≥ 0, all finite; a stock that "
                "never decays has no plan."
            )

    @property
    def shape(self) -> tuple[int, int, int]:
        """R, C and T."""
        R, C, T = self.price.shape
        return R, C, T

    def stock(self, spend: Floats) -> Float[np.ndarray, "R C TH"]:
        """Stock of every period under a plan (R, C, T)."""
        T = self.price.shape[2]
        stock, level = np.empty(self.weight.shape), self.carry
        for t in range(self.weight.shape[2]):
            level = self.keep * level
            if t < T:
                level = level + (1.0 - self.keep) * spend[:, :, t] / self.price[:, :, t]
            stock[:, :, t] = level
        return stock

    def adjoint(self, by_stock: Floats) -> Float[np.ndarray, "R C T"]:
        """Turn derivatives by each period's stock (R, C, T + H) into derivatives by pressure bought."""
        T = self.price.shape[2]
        bought, later = np.empty(self.price.shape), np.zeros(self.keep.shape)
        for t in reversed(range(self.weight.shape[2])):
            later = by_stock[:, :, t] + self.keep * later
            if t < T:
                bought[:, :, t] = (1.0 - self.keep) * later
        return bought


class Response:
    """Weighted response of a plan, its slopes, a bound of its curvature, and tangents from above.

    Parameters
    ----------
    curves : Curves
    horizon : Horizon
    least, most : (R, C, T) [currency]
        Plans lie between; no stock is below the one or above the other.
    """

    def __init__(self, curves: Curves, horizon: Horizon, least: Floats, most: Floats) -> None:
        self.curves, self.horizon = curves, horizon
        ceiling = horizon.stock(most).max(axis=2) * (1.0 + 1e-9) + 1e-150
        self.floor = horizon.stock(least).min(axis=2) * (1.0 - 1e-9)
        self.ceiling = np.maximum(ceiling, self.floor)
        self.pieces = curves.envelope(self.floor, self.ceiling)
        R, C, T = horizon.shape
        # for the metric: what one more unit of pressure in every period adds to each stock
        ones = Horizon(horizon.keep, np.ones((R, C, T)), horizon.weight, np.zeros((R, C)))
        self.reach = ones.stock(np.ones((R, C, T)))

    @property
    def bent(self) -> Bool[np.ndarray, "R"]:
        """Rows in which some curve has a convex stretch that plans can reach."""
        return np.asarray((self.pieces.begin < self.pieces.end).any(axis=(1, 2)))

    def total(self, spend: Floats) -> Float[np.ndarray, "R"]:
        """Weighted response of all periods."""
        value, _ = self._curve(self.horizon.stock(spend))
        return np.asarray((self.horizon.weight * value).reshape(len(spend), -1).sum(axis=1))

    def slope(self, spend: Floats) -> tuple[Floats, Floats]:
        """Slope by money, and a diagonal bound of the curvature estimated from secants; (R, C, T) each."""
        stock = self.horizon.stock(spend)
        near, usual = self._near(stock)
        wide = near + 1e-5 * usual
        (_, marginal), (_, beyond) = self._curve(near), self._curve(near + wide)
        bend = (marginal - beyond) / wide
        bend = np.maximum(bend, 0.1 * marginal / (near + wide))  # where a curve is straight or convex
        weight, price = self.horizon.weight, self.horizon.price
        curvature = self.horizon.adjoint(weight * bend * self.reach) / price**2
        least = 1e-12 * curvature.max(axis=(1, 2), keepdims=True) + 1e-300
        return self.horizon.adjoint(weight * marginal) / price, np.maximum(curvature, least)

    def tangent(self, spend: Floats) -> tuple[Float[np.ndarray, "R"], Float[np.ndarray, "R C T"]]:
        """Constant and slopes of a linear function, tangent at the plan, that no plan's response exceeds."""
        at, _ = self._near(self.horizon.stock(spend))
        value, marginal = self._envelope(at)
        weighted = self.horizon.weight * marginal
        idle = self.horizon.stock(np.zeros(spend.shape))
        constant = (self.horizon.weight * value + weighted * (idle - at)).reshape(len(spend), -1).sum(axis=1)
        return np.asarray(constant), self.horizon.adjoint(weighted) / self.horizon.price

    def _curve(self, stock: Floats) -> tuple[Floats, Floats]:
        """Response and marginal response at each stock, (R, C, T + H)."""
        return self._each(stock, self.curves.value), self._each(stock, self.curves.marginal)

    def _envelope(self, stock: Floats) -> tuple[Floats, Floats]:
        """Do the same on the concave envelopes between the least and the largest stock."""
        value, marginal = Response._curve(self, stock)
        for j in range(self.pieces.slope.shape[-1]):
            begin, end, slope = (x[..., j][..., None] for x in self.pieces)
            inside = (stock >= begin) & (stock < end)
            foot = self.curves.value(np.broadcast_to(begin[..., 0], self.ceiling.shape))[..., None]
            value = np.where(inside, foot + slope * (stock - begin), value)
            marginal = np.where(inside, slope, marginal)
        return value, marginal

    def _near(self, stock: Floats) -> tuple[Floats, Floats]:
        """Stocks a hair above zero, where curves may be infinitely steep, and the size usual for them."""
        usual = stock.mean(axis=2, keepdims=True) + 1e-6 * self.ceiling[:, :, None]
        return stock + 1e-12 * usual, usual

    def _each(self, stock: Floats, function: Callable[[Floats], Floats]) -> Floats:
        """Apply a function of (R, C) to every period."""
        return np.stack(
            [function(np.ascontiguousarray(stock[:, :, t])) for t in range(stock.shape[2])], axis=2
        )


class Relaxation(Response):
    """The same on the concave envelopes: what is best there bounds every plan, and tells which to fund."""

    def _curve(self, stock: Floats) -> tuple[Floats, Floats]:
        return self._envelope(stock)
