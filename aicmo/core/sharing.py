"""Shapes that rows of a group share: thin ones borrow the distribution of shapes from the others.

The shape of row c is a draw from its group's distribution p, itself Dirichlet around an even one. Weights
under an even prior are likelihoods, so p and the rows' posteriors follow by expectation maximisation
(empirical Bayes of a mixture with known components; Laird 1978, JASA 73).
"""

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

ROUNDS = 4


def shared(
    weight: Float[np.ndarray, "R C G"], group: Int[np.ndarray, "C"], strength: float
) -> NDArray[np.float64]:
    """Posterior weights of shapes under their group's distribution.

    Parameters
    ----------
    weight : (R, C, G)
        Weights under an even prior; each campaign's sum to one.
    group : (C,)
    strength : float
        Campaigns that the even prior is worth, > 0; infinite keeps every campaign to itself.

    Returns
    -------
    (R, C, G) ndarray

    Raises
    ------
    ValueError
        When the strength is not positive.
    """
    if not strength > 0.0:
        raise ValueError(f"shared: strength must be > 0, got {strength}.")
    R, _, G = weight.shape
    result = np.array(weight)
    for label in np.unique(group):
        members = np.flatnonzero(group == label)
        own = weight[:, members]
        prior = np.full((R, G), 1.0 / G)
        for _ in range(ROUNDS):
            result[:, members] = _normalised(own * prior[:, None])
            # members are summed one after the other, so that a row's bits do not depend on its batch
            count = np.add.accumulate(result[:, members], axis=1)[:, -1]
            even = 1.0 / G if np.isinf(strength) else (strength / G + count) / (strength + members.size)
            prior = np.broadcast_to(even, (R, G))
    return result


def _normalised(weight: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(weight / weight.sum(axis=2, keepdims=True))
