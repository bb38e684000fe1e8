"""A prior that campaigns share: thin campaigns borrow from those of the same channel, segment or other group.

Log efficiencies θ_c = ln(A_c / level_c) follow a crossed random-effects model, row by row,

    θ_c = Σ_f u_f[group_f(c)] + e_c,     u_f ~ N(0, σ_f²),     e_c ~ N(0, τ²),

with one factor for the grand mean and one for each grouping. Effects and variances are found by expectation
maximisation from the campaigns' likelihoods (empirical Bayes: Efron & Morris 1975, JASA 70); a campaign's new
prior is the prediction from everybody else, so that its own data does not count twice.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

from aicmo.core.checked import Floats, frozen
from aicmo.core.posterior import Conditional, Posterior, conditional

Ints = NDArray[np.int64]


class _Likelihood(NamedTuple):
    """What a campaign's own data says about θ: exp(−½·precision·θ² + moment·θ), each (R, C)."""

    precision: Floats
    moment: Floats


def pool(
    state: Posterior, groups: Sequence[Int[np.ndarray, "C"]], strength: float = 1.0, rounds: int = 20
) -> Posterior:
    """Replace the prior of every campaign by what the other campaigns of its groups suggest.

    A function of the data and of the prior given to `init` alone: pooling a pooled state changes nothing.

    Parameters
    ----------
    state : Posterior
    groups : sequence of (C,) integer arrays
        Group of each campaign, one array a grouping: ``[channel, segment]``.
    strength : float
        Observations that the variances implied by the prior of `init` are worth, > 0.
    rounds : int
        Steps of expectation maximisation.

    Returns
    -------
    Posterior
        The same data under the new prior.

    Raises
    ------
    ValueError
        When a grouping does not have one integer ≥ 0 a campaign, or a setting lies outside its range.
    """
    if not (0.0 < strength < np.inf and rounds >= 1):
        raise ValueError(f"pool: needs strength > 0 and rounds ≥ 1, got {strength} and {rounds}.")
    C = state.count.shape[1]
    factors = [np.zeros(C, dtype=np.int64), *(_index(n, group, C) for n, group in enumerate(groups))]
    alone = conditional(state.unpooled())
    prior = np.log1p(state.cv**2)
    own = _likelihood(state, alone)
    centred = _Likelihood(
        own.precision, own.moment + 0.5 * own.precision * prior
    )  # θ + ½·prior has mean zero
    shift, variance = _CrossedEffects(factors, _sum(prior) / C, strength).predict(centred, rounds)
    response = state.level * np.exp(shift + 0.5 * (variance - prior))
    dispersion = (alone.weight * alone.dispersion).sum(axis=-1)
    precision = dispersion / (response * response * np.expm1(variance))
    return replace(state, response=frozen(response), precision=frozen(precision))


def _index(n: int, group: Int[np.ndarray, "C"], C: int) -> Ints:
    index = np.asarray(group)
    if index.shape != (C,) or index.dtype.kind not in "iu" or np.any(index < 0):
        raise ValueError(
            f"pool: groups[{n}] must hold one integer ≥ 0 for each of {C} campaigns, "
            f"got the shape {index.shape} of {index.dtype}."
        )
    return np.unique(index, return_inverse=True)[1].astype(np.int64)


def _likelihood(state: Posterior, alone: Conditional) -> _Likelihood:
    """Divide the log-normal that matches the posterior under `init`'s prior by that prior."""
    mean = (alone.weight * alone.mean).sum(axis=-1)
    between = alone.mean - mean[..., None]
    variance = (alone.weight * (alone.dispersion / alone.precision + between**2)).sum(axis=-1)
    after, before = np.log1p(variance / mean / mean), np.log1p(state.cv**2)
    precision = np.maximum(1.0 / after - 1.0 / before, 0.0)
    moment = np.log(mean / state.level) / after  # ln-means −½·after and −½·before cancel
    return _Likelihood(precision, np.where(precision > 0.0, moment, 0.0))


class _CrossedEffects:
    """Expectation maximisation of the crossed random-effects model with L effects in all, rows side by side.

    Parameters
    ----------
    factors : list of (C,) integer arrays
        Group of each campaign under each factor.
    spread : (R,)
        Variance of θ under the prior: half of it is guessed to lie between campaigns, half in the effects.
    strength : float
        Observations that the guess is worth.
    """

    def __init__(self, factors: list[Ints], spread: Floats, strength: float) -> None:
        sizes = [int(factor.max()) + 1 for factor in factors]
        self.factor = np.repeat(np.arange(len(sizes)), sizes)
        self.column = np.stack(factors, axis=1) + np.concatenate([[0], np.cumsum(sizes)[:-1]])
        self.guess, self.strength = 0.5 * spread, strength
        self.tau = self.guess.copy()
        self.sigma = np.repeat(self.guess[:, None] / len(sizes), len(sizes), axis=1)
        self.prior = self.sigma.copy()

    def predict(self, own: _Likelihood, rounds: int) -> tuple[Floats, Floats]:
        """Mean and variance (R, C) of each campaign's θ given everybody else's data."""
        for _ in range(rounds):
            said, effect, covariance = self._effects(own)
            self._maximise(own, effect, covariance)
        said, effect, covariance = self._effects(own)
        fitted, variance = self._fitted(effect, covariance)
        # the campaign's own factor divided out of the Gaussian
        without = 1.0 / (1.0 / variance - said.precision)
        return without * (fitted / variance - said.moment), without + self.tau[:, None]

    def _effects(self, own: _Likelihood) -> tuple[_Likelihood, Floats, Floats]:
        """Return what campaigns say, own deviations integrated out, and the effects' mean and covariance."""
        shrink = 1.0 + own.precision * self.tau[:, None]
        said = _Likelihood(own.precision / shrink, own.moment / shrink)
        R, L = self.tau.size, self.factor.size
        precision, moment = np.zeros((R, L, L)), np.zeros((R, L))
        precision[:, np.arange(L), np.arange(L)] = 1.0 / self.sigma[:, self.factor]
        for c, column in enumerate(self.column):  # one by one: the bits of a row do not depend on its batch
            precision[:, column[:, None], column] += said.precision[:, c, None, None]
            moment[:, column] += said.moment[:, c, None]
        covariance: Floats = np.asarray(np.linalg.inv(precision), dtype=np.float64)
        effect = np.zeros((R, L))
        for k in range(L):
            effect += covariance[:, :, k] * moment[:, k, None]
        return said, effect, covariance

    def _fitted(self, effect: Floats, covariance: Floats) -> tuple[Floats, Floats]:
        """Mean and variance (R, C) of the sum of each campaign's effects."""
        pairs = covariance[:, self.column[:, :, None], self.column[:, None, :]]
        return _sum(effect[:, self.column]), _sum(pairs.reshape(*pairs.shape[:2], -1))

    def _maximise(self, own: _Likelihood, effect: Floats, covariance: Floats) -> None:
        squares = effect**2 + np.diagonal(covariance, axis1=1, axis2=2)
        for f in range(self.sigma.shape[1]):
            self.sigma[:, f] = self._variance(self.prior[:, f], squares[:, self.factor == f])
        fitted, variance = self._fitted(effect, covariance)
        total = own.precision + 1.0 / self.tau[:, None]
        rest = (own.moment - own.precision * fitted) / total
        self.tau = self._variance(self.guess, rest**2 + 1.0 / total + (own.precision / total) ** 2 * variance)

    def _variance(self, guess: Floats, squares: Floats) -> Floats:
        return np.asarray((self.strength * guess + _sum(squares)) / (self.strength + squares.shape[1]))


def _sum(x: Floats) -> Floats:
    """Sum over the last axis in an order that the number of rows, by way of the layout, cannot change."""
    return np.asarray(np.ascontiguousarray(x).sum(axis=-1))
