"""Spend of campaigns over periods with carry-over: where and when, and how far from the best that can be.

The stock is linear in spend, a_t = θ a_{t−1} + (1 − θ) x_t / price_t, so Σ_t w_t f(a_t) is concave where the
curves are. It is climbed by accelerated projected gradients (Beck & Teboulle 2009, SIAM J. Imaging Sci. 2;
restarts: O'Donoghue & Candès 2015) in a diagonal metric after the curvature, each step projected exactly onto
the limits. The certificate is the Frank–Wolfe gap (Jaggi 2013): tangents of the curves' concave envelopes at
the plan bound every plan from above, and the best that they allow is one exact allocation. What the last
periods leave behind counts through periods after the horizon in which nothing is spent.

On S-shaped curves the climb ends at some local optimum. Rows whose certificate stays open then climb the
envelopes themselves, a concave problem whose optimum bounds every plan as closely as envelopes can, and
climb the curves again from there: what the envelopes fund is what is worth funding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from aicmo.core.allocate import allocate
from aicmo.core.checked import Floats, checked
from aicmo.core.curves import Curves
from aicmo.core.groups import Group
from aicmo.core.horizon import Horizon, Relaxation, Response
from aicmo.core.project import project

STALLED = 1e9  # steps this many times shorter than the metric's change nothing but rounding


@dataclass(frozen=True, eq=False)
class SpendPath:
    """A plan over periods with its certificate.

    Attributes
    ----------
    spend : (R, C, T) [currency]
    stock : (R, C, T + H) [pressure]
        Adstocked pressure in the periods and after them.
    response : (R,) [response]
        Weighted response of all periods, those after the horizon included.
    gap : (R,) [response]
        No plan within the limits brings more than ``response + gap``.
    """

    spend: Float[np.ndarray, "R C T"]
    stock: Float[np.ndarray, "R C TH"]
    response: Float[np.ndarray, "R"]
    gap: Float[np.ndarray, "R"]


def plan_ahead(
    curves: Curves,
    budget: ArrayLike,
    horizon: Horizon,
    lower: ArrayLike = 0.0,
    upper: ArrayLike = np.inf,
    period_upper: ArrayLike = np.inf,
    rounds: int = 2000,
    tolerance: float = 1e-5,
) -> SpendPath:
    """Plan the spend of every campaign and period so that the total response is as large as it can be.

    Parameters
    ----------
    curves : Curves
        Response a period by stock; C curves, shared by all rows or one set a row.
    budget : scalar or (R,) [currency]
        Money for all periods together.
    horizon : Horizon
        Carry-over, prices and weights.
    lower, upper : scalar or broadcastable to (R, C, T) [currency]
    period_upper : scalar, (T,) or (R, T) [currency]
        Most that all campaigns together may spend in a period.
    rounds : int
        Steps at most.
    tolerance : float
        A row is left as it is once its gap is at most this share of its response.

    Returns
    -------
    SpendPath
        For S-curves the plan is the better of two local optima, the gap nevertheless a bound.

    Raises
    ------
    Infeasible
        When the limits cannot all hold.
    ValueError
        When an input does not fit or lies outside its range.
    """
    limits = _Limits(horizon.shape, budget, lower, upper, period_upper)
    ends = (limits.lower.reshape(limits.shape), limits.upper.reshape(limits.shape))
    curve, goal = Response(curves, horizon, *ends), (rounds, tolerance)
    even = np.broadcast_to(limits.budget[:, None, None] / np.prod(limits.shape[1:]), limits.shape)
    climb = _Ascent(curve, limits, np.ascontiguousarray(even)).run(*goal)
    best, value, bound = climb.best, climb.value, climb.bound
    caught = climb.open(tolerance) & curve.bent
    if caught.any():
        relaxed = _Ascent(Relaxation(curves, horizon, *ends), limits, climb.best, caught).run(*goal)
        again = _Ascent(curve, limits, relaxed.best, caught).run(*goal)
        better = caught & (again.value > value)
        best = np.where(better[:, None, None], again.best, best)
        value = np.where(better, again.value, value)
        bound = np.where(caught, np.minimum(np.minimum(bound, relaxed.bound), again.bound), bound)
    return SpendPath(best, horizon.stock(best), value, np.maximum(bound - value, 0.0))


class _Limits:
    """Bounds of every campaign and period, of every period, and of all money; flat over (C, T)."""

    def __init__(
        self,
        shape: tuple[int, int, int],
        budget: ArrayLike,
        lower: ArrayLike,
        upper: ArrayLike,
        period_upper: ArrayLike,
    ) -> None:
        R, C, T = self.shape = shape
        self.budget = checked("plan_ahead: budget", budget, (R,), "(R,)")
        self.lower = checked("plan_ahead: lower", lower, shape, "(R, C, T)").reshape(R, C * T)
        capped = np.minimum(np.asarray(upper, dtype=np.float64), self.budget[:, None, None])
        self.upper = checked("plan_ahead: upper", capped, shape, "(R, C, T)").reshape(R, C * T)
        most = np.minimum(np.asarray(period_upper, dtype=np.float64), self.budget[:, None])
        most = checked("plan_ahead: period_upper", most, (R, T), "(R, T)")
        self.groups: Sequence[Group] | None = None
        if np.isfinite(np.asarray(period_upper)).any():
            members = np.arange(C * T).reshape(C, T)
            self.groups = [Group(members[:, t], 0.0, most[:, t], f"period {t}") for t in range(T)]

    def nearest(self, point: Floats, metric: Floats) -> Floats:
        """Project (R, C, T) in a diagonal metric."""
        R = self.shape[0]
        flat, cost = point.reshape(R, -1), metric.reshape(R, -1)
        nearest = project(flat, self.lower, self.upper, self.budget, self.groups, cost)
        return np.asarray(nearest).reshape(self.shape)

    def best_linear(self, slope: Floats) -> Floats:
        """Largest Σ slope · x within the limits, (R,)."""
        rate = slope.reshape(self.shape[0], -1)
        ends = np.stack([np.zeros_like(rate), np.maximum(self.upper, 1e-300)], axis=2)
        line = Curves.table(ends, rate[..., None] * ends)
        plan = allocate(line, self.budget, self.lower, self.upper, self.groups, total="at_most")
        return np.asarray(plan.response + plan.gap)


class _Ascent:
    """Accelerated projected gradients, rows side by side; each row keeps its best plan and its own pace."""

    def __init__(
        self, response: Response, limits: _Limits, start: Floats, rows: NDArray[np.bool_] | None = None
    ) -> None:
        self.response, self.limits = response, limits
        R = limits.shape[0]
        self.best = limits.nearest(start, np.ones(limits.shape))
        self.before, self.value = self.best, response.total(self.best)
        self.bound = np.full(R, np.inf)
        self.running = np.ones(R, dtype=np.bool_) if rows is None else rows
        self.inertia, self.pace = np.ones(R), np.ones(R)

    def run(self, rounds: int, tolerance: float) -> _Ascent:
        """Climb until every row is close to its bound, or stands still."""
        for n in range(rounds):
            if n % 10 == 0:
                self.certify()
                self.running = self.running & self.open(tolerance)
                if not self.running.any():
                    break
            self.step()
        self.certify()
        return self

    def certify(self) -> None:
        """Bound every plan by the tangents at the best one."""
        constant, slope = self.response.tangent(self.best)
        self.bound = np.minimum(self.bound, constant + self.limits.best_linear(slope))

    def open(self, tolerance: float) -> NDArray[np.bool_]:
        """Rows whose bound is still too far away, (R,)."""
        return np.asarray(self.bound - self.value > tolerance * np.abs(self.value))

    def step(self) -> None:
        """Step from where the last two plans point to; rows that lose by it start anew, then slower."""
        inertia = 0.5 + np.sqrt(0.25 + self.inertia**2)
        push = ((self.inertia - 1.0) / inertia)[:, None, None]
        point = np.maximum(self.best + push * (self.best - self.before), 0.0)
        slope, curvature = self.response.slope(point)
        metric = curvature * self.pace[:, None, None]
        new = self.limits.nearest(point + slope / metric, metric)
        value = self.response.total(new)
        gained = self.running & (value > self.value)
        lost = self.running & ~gained
        self.before = np.where(self.running[:, None, None], self.best, self.before)
        self.best = np.where(gained[:, None, None], new, self.best)
        self.value = np.where(gained, value, self.value)
        fresh = lost & (self.inertia > 1.0)
        self.inertia = np.where(gained, inertia, 1.0)
        self.pace = np.where(gained, 0.9 * self.pace, np.where(lost & ~fresh, 3.0 * self.pace, self.pace))
        self.running = self.running & (self.pace < STALLED)
