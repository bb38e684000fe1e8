"""Carry-over of pressure into later ticks: normalised, exact for any tick, with an optional delayed peak.

The stock a follows two linear stages, ȧ = β(b − a), ḃ = α(u − b), solved exactly over a tick in which the
pressure u is constant:

    a ← θ a + κ b + (1 − θ − κ) u,    b ← φ b + (1 − φ) u,    θ = e^(−β dt),  φ = e^(−α dt),

with κ = β (θ − φ) / (α − β). Without a delay α = ∞, so φ = κ = 0, and the first line is the normalised
geometric adstock a ← θ a + (1 − θ) u. With one, the response to a pulse is ∝ e^(−βt) − e^(−αt) (Bateman
1910), which rises from zero, peaks at ln(α/β)/(α − β) and decays with the half-life ln 2/β. Unlike a delayed
adstock over a window of lags (Jin et al. 2017), it needs no cut-off, has the same shape at every tick, and
keeps two numbers as its whole memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray


class Stock(NamedTuple):
    """What is carried from tick to tick; both arrays broadcast to (R, C), in the unit of the pressure."""

    value: NDArray[np.float64]
    stage: NDArray[np.float64]


def retention(half_life: ArrayLike, dt: ArrayLike) -> NDArray[np.float64]:
    """Share of the stock left after a tick, θ = 2^(−dt/half-life): exactly 0 at half-life 0, 1 at infinity.

    Parameters
    ----------
    half_life, dt : array [days]
        Half-life ≥ 0, tick > 0.

    Raises
    ------
    ValueError
        If a half-life is negative or a tick not positive, or either is not a number.
    """
    half_life, dt = np.asarray(half_life, dtype=float), np.asarray(dt, dtype=float)
    if not (half_life >= 0.0).all() or not (dt > 0.0).all():
        raise ValueError(
            f"half-lives must be ≥ 0 days and ticks > 0 days, got {half_life.min()} and {dt.min()}"
        )
    with np.errstate(divide="ignore"):
        kept: NDArray[np.float64] = np.exp2(-dt / half_life)
    return kept


@dataclass(frozen=True)
class Carryover:
    """The coefficients of one tick, arrays that broadcast to (R, C); build it by `from_days`.

    Parameters
    ----------
    keep, hold, cross : array [1]
        θ, φ and κ of the module's equations.

    Examples
    --------
    >>> weekly = Carryover.from_days(half_life=7.0, dt=7.0)
    >>> stocks, last = weekly.over(np.array([[[8.0]], [[0.0]], [[0.0]]]), weekly.steady(np.zeros((1, 1))))
    >>> stocks[:, 0, 0].tolist()
    [4.0, 2.0, 1.0]
    """

    keep: NDArray[np.float64]
    hold: NDArray[np.float64]
    cross: NDArray[np.float64]

    @classmethod
    def from_days(cls, half_life: ArrayLike, dt: float, peak: ArrayLike = 0.0) -> Carryover:
        """Coefficients from what people know.

        Parameters
        ----------
        half_life : array [days]
            Of the decay, ≥ 0; 0 is no carry-over, infinity a stock that never moves.
        dt : float [days]
            Tick, > 0.
        peak : array [days]
            When the response to a pulse is highest, from 0 (at once) to half_life / ln 2.

        Raises
        ------
        ValueError
            If a half-life is negative or a peak later than its half-life allows.
        """
        half_life, peak = np.broadcast_arrays(
            np.asarray(half_life, dtype=float), np.asarray(peak, dtype=float)
        )
        keep = retention(half_life, dt)
        if not ((peak >= 0.0) & (peak * np.log(2.0) <= half_life)).all():
            raise ValueError(
                f"a peak after {peak.max()} days needs a half-life of at least "
                f"{peak.max() * np.log(2.0):.4g} days (peak · ln 2, peak ≥ 0), got {half_life.min()}"
            )
        hold, cross = np.zeros(keep.shape), np.zeros(keep.shape)
        late = (peak > 0.0) & (half_life < np.inf)
        if not late.any():
            return cls(keep, hold, cross)
        decay = np.log(2.0) / half_life[late]
        rise = _rise_rate(decay, peak[late])
        hold[late] = np.exp(-rise * dt)
        # κ = θ β dt · (1 − e^(−d))/d with d = (α − β) dt, without the cancellation at α = β
        apart = np.maximum((rise - decay) * dt, 1e-300)
        cross[late] = keep[late] * decay * dt * (-np.expm1(-apart) / apart)
        return cls(keep, hold, cross)

    def steady(self, pressure: ArrayLike) -> Stock:
        """Stock under a constant pressure, which equals the pressure, since the weights sum to one."""
        value = np.array(pressure, dtype=float)
        return Stock(value, value.copy())

    def step(self, stock: Stock, pressure: ArrayLike) -> Stock:
        """Stock at the end of a tick of constant pressure."""
        u = np.asarray(pressure, dtype=float)
        value = self.keep * stock.value + self.cross * stock.stage + (1.0 - self.keep - self.cross) * u
        return Stock(value, self.hold * stock.stage + (1.0 - self.hold) * u)

    def over(
        self, pressure: Float[np.ndarray, "W R C"], carry_in: Stock
    ) -> tuple[Float[np.ndarray, "W R C"], Stock]:
        """Stocks at the end of each tick of a window, and what to carry into the next.

        Parameters
        ----------
        pressure : (W, R, C)
            One rate a tick.
        carry_in : Stock
            At the start of the window; `steady` of a usual pressure, or the last stock of the window before.
        """
        from aicmo.core.kernels.carryover import filter_window  # noqa: PLC0415 - Numba only when it runs

        cells = pressure.shape[1:]
        fields = (*carry_in, self.keep, self.hold, self.cross)
        value, stage, *coefficients = (
            np.array(np.broadcast_to(field, cells)).reshape(-1) for field in fields
        )
        out = np.empty(pressure.shape)
        flat = (pressure.shape[0], value.size)
        rates = np.ascontiguousarray(pressure, dtype=float).reshape(flat)
        filter_window(out.reshape(flat), rates, value, stage, *coefficients)
        return out, Stock(value.reshape(cells), stage.reshape(cells))

    def weights(self, ticks: int) -> Float[np.ndarray, "W ..."]:
        """Weight in the present stock of the pressure 0, 1, … ticks ago: the stock is linear in past spend.

        Returns
        -------
        (W, …) [1]
            Not negative, W = `ticks`; with `carry_in_weight` they sum to one.
        """
        out = np.empty((ticks, *self.keep.shape))
        stock = self.step(self.steady(np.zeros(self.keep.shape)), 1.0)
        for lag in range(ticks):
            out[lag] = stock.value
            stock = self.step(stock, 0.0)
        return out

    def carry_in_weight(self, ticks: int) -> NDArray[np.float64]:
        """Weight in the present stock of a steady stock `ticks` ago."""
        stock = self.steady(np.ones(self.keep.shape))
        for _ in range(ticks):
            stock = self.step(stock, 0.0)
        return stock.value


def _rise_rate(decay: NDArray[np.float64], peak: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve ln(α/β) = p (α − β) for α ≥ β: with y = pβ ≤ 1 it is α/β = −W₋₁(−y e^(−y)) / y."""
    from scipy.special import lambertw  # noqa: PLC0415 - SciPy only where a peak is delayed

    y = np.clip(peak * decay, 1e-12, 1.0)  # a peak within 1e-12 half-lives is at once
    branch = lambertw(-y * np.exp(-y), k=-1).real
    # within rounding of the branch point (y = 1, α = β) SciPy has no value; there W is −1
    ratio = np.where(np.isfinite(branch), -branch, 1.0) / y
    rate: NDArray[np.float64] = decay * np.maximum(ratio, 1.0)
    return rate
