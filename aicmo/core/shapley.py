"""What each player adds to a coalition's worth, whatever the order: Shapley values."""

from __future__ import annotations

from math import factorial

import numpy as np
from jaxtyping import Float


def shapley_values(worth: Float[np.ndarray, "G R"]) -> Float[np.ndarray, "N R"]:
    """Share what all players together add among them (Shapley 1953), replication by replication.

    φ_i = Σ_{S ∌ i} |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S)): the mean of what i adds over all orders in
    which players can join. It is the one rule that adds up to v(all) − v(nobody), treats alike players alike,
    gives nothing to who adds nothing, and is linear in v.

    Parameters
    ----------
    worth : (G, R)
        v of each coalition, G = 2ⁿ; player i takes part in coalition g where bit i of g is set.

    Returns
    -------
    (N, R)
        In the unit of `worth`; n = 0 gives no rows.

    Raises
    ------
    ValueError
        If the number of coalitions is no power of two.

    Examples
    --------
    Alone they add 1 and 2, together 2 more:

    >>> shapley_values(np.array([[0.0], [1.0], [2.0], [5.0]])).ravel().tolist()
    [2.0, 3.0]
    """
    players = len(worth).bit_length() - 1
    if len(worth) != 1 << players:
        raise ValueError(f"n players form 2ⁿ coalitions, got {len(worth)} of them")
    values = np.zeros((players, *worth.shape[1:]))
    for coalition in range(len(worth)):
        size = coalition.bit_count()
        for player in range(players):
            if not coalition >> player & 1:
                weight = factorial(size) * factorial(players - size - 1) / factorial(players)
                values[player] += weight * (worth[coalition | 1 << player] - worth[coalition])
    return values
