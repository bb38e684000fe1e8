"""What a posterior of response curves says about responses and about observations still to come."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike
from scipy import special

from aicmo.core.checked import Floats, checked
from aicmo.core.posterior import Conditional, Posterior, conditional


class Prediction(NamedTuple):
    """Mean and standard deviation of the expected response at a pressure.

    Attributes
    ----------
    mean : (R, C) or (R, C, P) [outcome per unit of multiplier]
    sd : (R, C) or (R, C, P) [outcome per unit of multiplier]
        Uncertainty about the curve alone, without the noise of an observation.
    """

    mean: Float[np.ndarray, "R C ..."]
    sd: Float[np.ndarray, "R C ..."]


class Interval(NamedTuple):
    """Equal-tailed predictive interval of an observed outcome.

    Attributes
    ----------
    low, high : (R, C) [outcome]
    """

    low: Float[np.ndarray, "R C"]
    high: Float[np.ndarray, "R C"]


def _pressure(where: str, state: Posterior, pressure: ArrayLike) -> Floats:
    shape, axes = state.count.shape, "(R, C)"
    if np.ndim(pressure) == 3:
        shape, axes = (*shape, np.shape(pressure)[2]), "(R, C, P)"
    return checked(f"{where}: pressure", pressure, shape, axes)


def _moments(state: Posterior, given: Conditional, pressure: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of the response over amplitudes and shapes, by the law of total variance."""
    h = state.grid.evaluate(pressure)
    weight, amplitude, precision, dispersion = (
        a.reshape(*a.shape[:2], *(1,) * (pressure.ndim - 2), -1) for a in given
    )
    mean = (weight * amplitude * h).sum(axis=-1)
    between = amplitude * h - mean[..., None]
    return mean, (weight * (dispersion / precision * h * h + between * between)).sum(axis=-1)


def predict(state: Posterior, pressure: ArrayLike) -> Prediction:
    """Mean and standard deviation of the expected response per unit of multiplier.

    Parameters
    ----------
    state : Posterior
    pressure : (R, C) or (R, C, P) [pressure]
        Adstocked pressure, one or P a campaign.

    Returns
    -------
    Prediction

    Raises
    ------
    ValueError
        When the pressure does not fit or holds negative, infinite or missing numbers.
    """
    mean, variance = _moments(state, conditional(state), _pressure("predict", state, pressure))
    return Prediction(mean, np.sqrt(variance))


def bound(state: Posterior, z: float, pressure: ArrayLike) -> Float[np.ndarray, "R C P"]:
    """Mean + z standard deviations of the response at increasing pressures, as a curve that never falls.

    A lower bound (z < 0) becomes its largest non-falling minorant, clipped at zero; an upper bound its
    smallest non-falling majorant. At pressure zero both are zero, since every curve of the posterior is.

    Parameters
    ----------
    state : Posterior
    z : float
        Standard deviations; negative for a lower bound.
    pressure : (R, C, P) [pressure]
        Increasing along P.

    Returns
    -------
    (R, C, P) ndarray [outcome per unit of multiplier]

    Raises
    ------
    ValueError
        When the pressure does not fit, does not increase, or z is not finite.
    """
    if np.ndim(pressure) != 3 or not np.isfinite(z):
        raise ValueError(
            f"bound: needs a finite z and pressures (R, C, P), got z = {z} and shape {np.shape(pressure)}."
        )
    if np.any(np.diff(pressure, axis=2) <= 0.0):
        raise ValueError("bound: pressures must increase along the last axis; sort them and drop repeats.")
    mean, sd = predict(state, pressure)
    curve = np.maximum(mean + z * sd, 0.0)
    if z < 0.0:
        return np.asarray(np.minimum.accumulate(curve[..., ::-1], axis=2)[..., ::-1])
    return np.asarray(np.maximum.accumulate(curve, axis=2))


def interval(
    state: Posterior, pressure: ArrayLike, multiplier: ArrayLike = 1.0, level: float = 0.9
) -> Interval:
    """Predictive interval of an observation: uncertainty of curve, noise scale and noise together.

    The mixture of Student distributions over shapes is matched by one with its mean, variance and degrees of
    freedom; outcomes are counts, so nothing below zero is predicted.

    Parameters
    ----------
    state : Posterior
    pressure : (R, C) [pressure]
    multiplier : (R, C) or broadcastable
        As in `absorb`.
    level : float
        Probability inside, 0 < level < 1.

    Returns
    -------
    Interval

    Raises
    ------
    ValueError
        When an argument does not fit or lies outside its range.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"interval: level must lie between 0 and 1, got {level}.")
    R, C = state.count.shape
    a = checked("interval: pressure", pressure, (R, C), "(R, C)")
    m = checked("interval: multiplier", multiplier, (R, C), "(R, C)")
    given = conditional(state)
    mean, variance = _moments(state, given, a)
    noise = (given.weight * given.dispersion).sum(axis=-1) * state.variance(a, m)
    freedom = state.freedom
    t = special.stdtrit(freedom, 0.5 + 0.5 * level) * np.sqrt(1.0 - 2.0 / freedom)  # t of variance one
    half = t * np.sqrt(m * m * variance + noise)
    return Interval(np.maximum(m * mean - half, 0.0), m * mean + half)
