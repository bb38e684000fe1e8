"""The knowledge gradient: what one more period's observation of a campaign is worth to who moves money.

A unit of money goes where its marginal return is best: to campaign c, believed to return m_c, or elsewhere
in its row, where money returns λ_c. A period's observation of c moves that belief by σ̃_c Z, Z standard
normal, so before it is seen it is worth

    ν_c = E max(m_c + σ̃_c Z, λ_c) − max(m_c, λ_c) = σ̃_c ψ(−|m_c − λ_c| / σ̃_c),  ψ(z) = φ(z) + z Φ(z)

(Frazier, Powell & Dayanik 2008, SIAM J. Control Optim. 47; normal linear loss, Raiffa & Schlaifer 1961).
Campaigns are taken one by one: what one teaches about another (their 2009 paper) is left out.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from scipy.special import ndtr

from aicmo.core.grid import ShapeGrid
from aicmo.core.posterior import Conditional
from aicmo.policies._learner import LEAST_SHARE, Belief

PERIOD_DAYS = 7.0
"""Over how many days one more observation is gathered: about the time until the next decision."""
TINY = 1e-300


def gradient(
    mean: Float[np.ndarray, "R C"], moved: Float[np.ndarray, "R C"], elsewhere: Float[np.ndarray, "R C"]
) -> Float[np.ndarray, "R C"]:
    """Return ν, what an observation is worth that moves a belief by `moved` standard normals.

    Parameters
    ----------
    mean, elsewhere : (R, C)
        Marginal returns: believed of the campaign, and of the alternative, which is known.
    moved : (R, C)
        Standard deviation σ̃ of the coming change of belief; 0 where nothing can be learned.
    """
    learns = moved > 0.0
    z = np.divide(-np.abs(mean - elsewhere), moved, out=np.full_like(mean, -np.inf), where=learns)
    density = np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi)
    loss = density + np.where(learns, z, 0.0) * ndtr(z)
    return np.where(learns, moved * np.maximum(loss, 0.0), 0.0)


def marginal(
    given: Conditional,
    grid: ShapeGrid,
    relative: float,
    pressure: Float[np.ndarray, "R C"],
    period_days: float = PERIOD_DAYS,
) -> tuple[Float[np.ndarray, "R C"], Float[np.ndarray, "R C"]]:
    """Mean of the marginal response at a pressure, and how far a period at it will move that mean.

    The period shows the response y = θ + noise, Var noise = (φ θ + ρ² θ²) / days, and the belief about the
    slope θ′ follows linearly: σ̃ = |Cov(θ, θ′)| / √(Var θ + Var noise).

    Parameters
    ----------
    given : Conditional
    grid : ShapeGrid
    relative : float
        ρ, standard deviation of a day's noise in proportion to the mean.
    pressure : (R, C) [currency/day]
        Above 0.
    period_days : float
        For how long is observed.

    Returns
    -------
    mean, moved : (R, C) [order/day per unit of pressure]
    """
    h = grid.evaluate(pressure)
    # dh/da of a Hill curve = s · h · (1 − h/ceiling) / a
    slope = grid.exponent * h * (1.0 - h / grid.ceiling) / pressure[:, :, None]
    level, steep = given.mean * h, given.mean * slope
    theta, mean = ((given.weight * values).sum(axis=2) for values in (level, steep))
    spread = given.dispersion / given.precision  # of amplitudes, by the law of total covariance
    variance = (given.weight * (spread * h**2 + (level - theta[:, :, None]) ** 2)).sum(axis=2)
    between = (level - theta[:, :, None]) * (steep - mean[:, :, None])
    together = (given.weight * (spread * h * slope + between)).sum(axis=2)
    dispersion = (given.weight * given.dispersion).sum(axis=2)
    seen = np.maximum(theta, 0.0)
    noise = (dispersion * seen + (relative * seen) ** 2) / period_days
    total = variance + noise
    moved = np.divide(np.abs(together), np.sqrt(total), out=np.zeros_like(mean), where=total > 0.0)
    return mean, moved


def lift(
    belief: Belief,
    pressure: Float[np.ndarray, "R C"],
    gain: Float[np.ndarray, "R C"],
    periods: float,
) -> Float[np.ndarray, "R C"]:
    """Return by what curves are multiplied so that marginal returns rise from m to m + periods · ν.

    That sum is the index of the online knowledge gradient (Ryzhov, Powell & Frazier 2012, Operations Research
    60), whose periods are those that are left; a market that drifts cuts them short. The alternative λ is the
    mean marginal return of the row's other campaigns, weighted by pressure, which is money at price one.

    Parameters
    ----------
    belief : Belief
    pressure : (R, C) [currency/day]
        Where campaigns run now.
    gain : (R, C) [currency per order]
        Gross profit of an order, divided by the price index.
    periods : float
        Further periods in which an observation is made use of.
    """
    grid, relative = belief.tracking.grid, belief.tracking.dynamics.relative
    earns = gain * belief.caused[:, :, 0]
    mean, moved = (
        earns * values
        for values in marginal(
            belief.given, grid, relative, np.maximum(pressure, LEAST_SHARE * grid.reference)
        )
    )
    others = np.maximum(pressure.sum(axis=1, keepdims=True) - pressure, 0.0)
    earned = (mean * pressure).sum(axis=1, keepdims=True) - mean * pressure
    some = others > 1e-9 * pressure  # without an alternative there is nothing to decide, nothing to learn for
    alternative = np.divide(earned, others, out=np.zeros_like(mean), where=some)
    worth = periods * gradient(mean, np.where(some, moved, 0.0), alternative)
    return 1.0 + np.asarray(np.divide(worth, mean, out=np.zeros_like(mean), where=mean > TINY))
