"""Response curves as a posterior has them: a draw, the mean, or a cautious bound; ready for the allocator."""

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from aicmo.core.checked import Floats, checked
from aicmo.core.curves import Curves
from aicmo.core.forecast import bound
from aicmo.core.posterior import Posterior, mean, sample


def _units(state: Posterior, gain: ArrayLike, price: ArrayLike) -> tuple[Floats, Floats]:
    shape = state.count.shape
    return (
        checked("believed: gain", gain, shape, "(R, C)"),
        checked("believed: price", price, shape, "(R, C)", positive=True),
    )


def drawn(
    state: Posterior,
    normals: ArrayLike,
    uniforms: ArrayLike,
    temperature: float = 1.0,
    gain: ArrayLike = 1.0,
    price: ArrayLike = 1.0,
) -> Curves:
    """One curve a campaign from the tempered posterior: allocating on it is Thompson sampling.

    Parameters
    ----------
    state : Posterior
    normals, uniforms, temperature
        As in `posterior.sample`.
    gain : (R, C) or broadcastable [response / outcome per unit of multiplier]
        What one unit of the posterior's outcome is worth.
    price : (R, C) or broadcastable [currency / pressure]
        Money that one unit of pressure costs.

    Returns
    -------
    Curves
        (R, C) curves of response by money.

    Raises
    ------
    ValueError
        When an argument does not fit or lies outside its range.
    """
    worth, cost = _units(state, gain, price)
    curve = sample(state, normals, uniforms, temperature)
    return Curves.hill(curve.scale * worth, curve.half_saturation * cost, curve.shape)


def expected(state: Posterior, gain: ArrayLike = 1.0, price: ArrayLike = 1.0) -> Curves:
    """Posterior mean curves, mixtures over the grid's shapes; `gain` and `price` as in `drawn`."""
    worth, cost = _units(state, gain, price)
    curve = mean(state)
    return Curves.mixture(
        curve.scale * worth[..., None], curve.half_saturation * cost[..., None], curve.shape, curve.weight
    )


def cautious(
    state: Posterior,
    z: float,
    pressure: Float[np.ndarray, "R C P"],
    gain: ArrayLike = 1.0,
    price: ArrayLike = 1.0,
) -> Curves:
    """Mean + z standard deviations as curves through P points; z < 0 plans for what is rather sure.

    Parameters
    ----------
    state : Posterior
    z : float
        Standard deviations; positive values are upper confidence curves.
    pressure : (R, C, P) [pressure]
        Increasing pressures at which the bound is computed; between them it is straight, beyond them flat.
    gain, price
        As in `drawn`.

    Returns
    -------
    Curves

    Raises
    ------
    ValueError
        When an argument does not fit or lies outside its range.
    """
    worth, cost = _units(state, gain, price)
    response = bound(state, z, pressure)
    return Curves.table(np.asarray(pressure) * cost[..., None], response * worth[..., None])
