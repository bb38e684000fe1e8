"""Plans for the bad case: the largest conditional value at risk of a plan over draws of its curves.

CVaR of the lower tail is the mean of the worst share α of draws, and the least expectation under weights q of
which none exceeds 1/(αD) (Rockafellar & Uryasev 2000, J. Risk 2). The best plan solves max_x min_q Σ q_d F_d:
given weights, the exact allocator maximises the mixture Σ q_d f_d, whose gradient in q is F(x), and weights
descend by exponentiated gradients (mirror descent; Beck & Teboulle 2003, Oper. Res. Lett. 31). Whatever the
weights, the mixture's best value bounds every plan's CVaR.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from aicmo.core.allocate import allocate
from aicmo.core.checked import Floats, checked
from aicmo.core.curves import Curves
from aicmo.core.grid import Hill
from aicmo.core.groups import Group


@dataclass(frozen=True, eq=False)
class TailPlan:
    """A plan, what it brings in the bad case, and a certificate.

    Attributes
    ----------
    spend : (R, C) [currency]
    cvar : (R,) [response]
        Mean response over the worst share of draws.
    gap : (R,) [response]
        No plan within the limits has a conditional value at risk above ``cvar + gap``.
    weight : (R, D)
        Weights of draws under which the upper bound was proved.
    """

    spend: Float[np.ndarray, "R C"]
    cvar: Float[np.ndarray, "R"]
    gap: Float[np.ndarray, "R"]
    weight: Float[np.ndarray, "R D"]


def tail_mean(response: Float[np.ndarray, "R D"], share: float) -> Float[np.ndarray, "R"]:
    """Mean of the worst `share` of D equally likely responses, the last of them in part."""
    D = response.shape[1]
    ranked = np.sort(response, axis=1)
    taken = np.clip(share * D - np.arange(D), 0.0, 1.0)
    return np.asarray((ranked * taken).sum(axis=1) / (share * D))


def maximise_tail(
    draws: Sequence[Hill],
    share: float,
    budget: ArrayLike,
    lower: ArrayLike = 0.0,
    upper: ArrayLike = np.inf,
    groups: Sequence[Group] | None = None,
    rounds: int = 200,
    tolerance: float = 1e-4,
) -> TailPlan:
    """Allocate so that the mean of the worst `share` of draws is as large as it can be.

    Parameters
    ----------
    draws : sequence of D Hill, each (R, C)
        Draws of all curves at once, such as from `posterior.sample`, in units of money.
    share : float
        Tail α, 0 < α ≤ 1; 1 is the expectation.
    budget : scalar or (R,) [currency]
    lower, upper : scalar, (C,) or (R, C) [currency]
    groups : sequence of Group, optional
    rounds : int
        Solves at most.
    tolerance : float
        A row is left as it is once its gap is at most this share of its bound.

    Returns
    -------
    TailPlan

    Raises
    ------
    Infeasible
        When the limits cannot all hold.
    ValueError
        When an argument does not fit or lies outside its range.
    """
    if not 0.0 < share <= 1.0 or not draws or rounds < 1:
        raise ValueError(f"maximise_tail: needs draws, rounds ≥ 1 and 0 < share ≤ 1, got share {share}.")
    R = draws[0].scale.shape[0]
    money = checked("maximise_tail: budget", budget, (R,), "(R,)")
    game = _Game(draws, share, tolerance)
    limits = (money, lower, upper, groups)
    for n in range(rounds):
        plan = allocate(game.mixture(), *limits)
        game.play(plan.spend, plan.response + plan.gap, n)
        if not game.open.any():
            break
    return TailPlan(game.spend, game.cvar, game.gap, game.proof)


class _Game:
    """Nature weighs draws against the plan; both sides' best so far."""

    def __init__(self, draws: Sequence[Hill], share: float, tolerance: float) -> None:
        self.scale, self.half, self.shape = (np.stack(parts, axis=2) for parts in zip(*draws, strict=True))
        R, _, D = self.scale.shape
        self.share, self.cap, self.tolerance = share, 1.0 / (share * D), tolerance
        self.weight = np.full((R, D), 1.0 / D)
        self.spend, self.mean = np.zeros(self.scale.shape[:2]), np.zeros(self.scale.shape[:2])
        self.cvar, self.bound = np.full(R, -np.inf), np.full(R, np.inf)
        self.proof, self.pace, self.last = self.weight, np.full(R, 8.0), np.full(R, np.inf)

    @property
    def gap(self) -> Floats:
        """Distance between the bound and the best plan, (R,)."""
        return np.asarray(np.maximum(self.bound - self.cvar, 0.0))

    @property
    def open(self) -> NDArray[np.bool_]:
        """Rows whose gap is still too wide, (R,)."""
        return np.asarray(np.isinf(self.bound) | (self.gap > self.tolerance * self.bound))

    def mixture(self) -> Curves:
        """Mean curves under the current weights."""
        weight = np.broadcast_to(self.weight[:, None, :], self.scale.shape)
        return Curves.mixture(self.scale, self.half, self.shape, weight)

    def play(self, spend: Floats, bound: Floats, n: int) -> None:
        """Take the best answer to the weights, then weigh down the draws in which it does well."""
        running = self.open
        proved = running & (bound < self.bound)
        self.bound = np.where(proved, bound, self.bound)
        self.proof = np.where(proved[:, None], self.weight, self.proof)
        response = self._responses(spend)
        # Averages of answers reach the best plan where answers themselves jump between its neighbours.
        self.mean += 2.0 / (n + 2.0) * (spend - self.mean)
        self._keep(spend, response, running)
        self._keep(self.mean, self._responses(self.mean), running)
        self._descend(response, bound)

    def _descend(self, response: Floats, bound: Floats) -> None:
        """Step against the gradient in relative entropy; shorter after a step that went too far."""
        self.pace = np.where(bound > self.last, 0.5, 1.1) * self.pace
        self.last = bound
        spread = np.ptp(response, axis=1)
        step = self.pace / np.where(spread > 0.0, spread, 1.0)
        centred = response - (self.weight * response).sum(axis=1, keepdims=True)
        self.weight = _capped(
            self.weight * np.exp(np.clip(-step[:, None] * centred, -200.0, 200.0)), self.cap
        )

    def _responses(self, spend: Floats) -> Floats:
        """Total response of a plan under every draw, (R, D)."""
        ratio = (spend[..., None] / self.half) ** self.shape
        return np.asarray((self.scale * ratio / (1.0 + ratio)).sum(axis=1))

    def _keep(self, spend: Floats, response: Floats, running: NDArray[np.bool_]) -> None:
        value = tail_mean(response, self.share)
        better = running & (value > self.cvar)
        self.spend = np.where(better[:, None], spend, self.spend)
        self.cvar = np.where(better, value, self.cvar)


def _capped(weight: Floats, cap: float) -> Floats:
    """Nearest weights, in relative entropy, that sum to one and of which none exceeds `cap`; (R, D)."""
    full = np.zeros(weight.shape, dtype=np.bool_)
    for _ in range(weight.shape[1]):
        free = np.where(full, 0.0, weight)
        room = 1.0 - cap * full.sum(axis=1, keepdims=True)
        scaled = np.where(full, cap, free * room / np.maximum(free.sum(axis=1, keepdims=True), 1e-300))
        over = scaled > cap * (1.0 + 1e-12)
        if not over.any():
            break
        full |= over
    return scaled
