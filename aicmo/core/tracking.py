"""Tracked response curves: the shape stays, the amplitude drifts, and how fast is learned from the data.

A hypothesis is a shape of the grid together with a memory. Each follows the amplitude with its own discount
and is scored by the density of its predictions one step ahead. What the shape is shows in how outcomes
answer to pressure within days; slow drift of the amplitude, which a single sum over a quarter takes for the
shape of the curve, cancels in one-step errors. Several memories stand side by side, so nobody has to know
how fast the market drifts; where it jumps often, the weight moves to the shorter ones.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from aicmo.core.checked import Floats, checked, frozen
from aicmo.core.grid import ShapeGrid
from aicmo.core.posterior import Conditional


@dataclass(frozen=True)
class Dynamics:
    """What is believed about drift and noise before any data.

    Parameters
    ----------
    memories : tuple of float [tick]
        Half-lives of evidence on the amplitude, one hypothesis each.
    caution : float
        Power of each predictive density: below one, evidence that no curve of the grid is quite true to and
        that is not independent counts for less (safe Bayes, Grünwald & van Ommen 2017, Bayesian Analysis 12).
    dispersion, strength : float
        Prior mean φ₀ of variance ÷ mean, and how many observations it is worth.
    relative : float
        Standard deviation of noise in proportion to the mean.
    freedom : float
        Degrees of freedom of the predictive distribution's tails.
    patience : float [tick]
        Half-life over which the dispersion is learned.
    reserve : float [log]
        Log odds below which no memory falls: after a calm year, a jump still finds the short ones ready.
        Infinite: the weights of memories never forget.

    Raises
    ------
    ValueError
        When a setting is not a positive number, or there is no memory.
    """

    memories: tuple[float, ...] = (3.0, 10.0)
    caution: float = 0.5
    dispersion: float = 2.0
    strength: float = 20.0
    relative: float = 0.1
    freedom: float = 8.0
    patience: float = 120.0
    reserve: float = 5.0

    def __post_init__(self) -> None:
        if not self.memories:
            raise ValueError("Dynamics: memories must name at least one half-life, got none.")
        named = {f"memories[{i}]": memory for i, memory in enumerate(self.memories)}
        for name in ("caution", "dispersion", "strength", "freedom", "patience"):
            named[name] = getattr(self, name)
        for name, value in named.items():
            if not 0.0 < value < np.inf:
                raise ValueError(f"Dynamics: {name} must be finite and > 0, got {value}.")
        if not self.reserve > 0.0:
            raise ValueError(f"Dynamics: reserve must be > 0, got {self.reserve}.")
        if not 0.0 <= self.relative < np.inf:
            raise ValueError(f"Dynamics: relative must be finite and ≥ 0, got {self.relative}.")


@dataclass(frozen=True, eq=False)
class Tracking:
    """Everything known about the drifting curves of R × C campaigns; made by `init`, moved on by `absorb`.

    Attributes
    ----------
    grid : ShapeGrid
    dynamics : Dynamics
    level : (R, C) [outcome per unit of multiplier]
        Prior mean of the response at the reference.
    least : (R, C)
        Precision of that prior, to which evidence decays.
    amplitude, precision : (R, C, H)
        Mean and precision of the amplitude under each hypothesis; H = M·G, memory by memory.
    score : (R, C, H) [log]
    surprise : (R, C, 2)
        Discounted sums of squared errors in units of their expected size, and of ones.
    """

    grid: ShapeGrid
    dynamics: Dynamics
    level: Float[np.ndarray, "R C"]
    least: Float[np.ndarray, "R C"]
    amplitude: Float[np.ndarray, "R C H"]
    precision: Float[np.ndarray, "R C H"]
    score: Float[np.ndarray, "R C H"]
    surprise: Float[np.ndarray, "R C 2"]

    @property
    def dispersion(self) -> Float[np.ndarray, "R C"]:
        """Variance ÷ mean as learned."""
        told, prior = self.dynamics.strength, self.dynamics.dispersion
        return np.asarray((told * prior + self.surprise[..., 0]) / (told + self.surprise[..., 1]))

    def by_memory(self, values: Floats) -> Float[np.ndarray, "R C M G"]:
        """Return values of hypotheses (R, C, H) by memory and shape."""
        return values.reshape(*values.shape[:2], len(self.dynamics.memories), self.grid.size)


def init(grid: ShapeGrid, level: ArrayLike, cv: ArrayLike, dynamics: Dynamics | None = None) -> Tracking:
    """Start from the prior: every hypothesis equally likely.

    Parameters
    ----------
    grid : ShapeGrid
    level : (R, C) or broadcastable [outcome per unit of multiplier]
        Prior mean of the response at the reference pressure; > 0.
    cv : (R, C) or broadcastable
        Its standard deviation relative to the mean; > 0.
    dynamics : Dynamics, optional

    Returns
    -------
    Tracking

    Raises
    ------
    ValueError
        When a parameter is not positive or does not fit the grid.
    """
    dynamics = dynamics or Dynamics()
    shape = grid.reference.shape
    mean = checked("init: level", level, shape, "(R, C)", positive=True)
    relative = checked("init: cv", cv, shape, "(R, C)", positive=True)
    least = 1.0 / (relative * mean) ** 2
    wide = (*shape, len(dynamics.memories) * grid.size)
    return Tracking(
        grid=grid,
        dynamics=dynamics,
        level=frozen(mean),
        least=frozen(least),
        amplitude=frozen(np.broadcast_to(mean[..., None], wide).copy()),
        precision=frozen(np.broadcast_to(least[..., None], wide).copy()),
        score=frozen(np.zeros(wide)),
        surprise=frozen(np.zeros((*shape, 2))),
    )


def absorb(
    state: Tracking, pressure: ArrayLike, outcome: ArrayLike, multiplier: ArrayLike, *, judge: bool = True
) -> Tracking:
    """Learn from W origins, oldest first, one tick apart.

    Parameters
    ----------
    state : Tracking
    pressure : (W, R, C) [pressure]
        Adstocked pressure of each origin.
    outcome : (W, R, C) [outcome]
        Conversions credited to it.
    multiplier : (W, R, C) or broadcastable
        Season × demand × maturity × days of the tick; 0 where nothing was delivered.
    judge : bool
        Whether hypotheses are scored, or amplitudes only follow (while carry-over settles, say).

    Returns
    -------
    Tracking

    Raises
    ------
    ValueError
        When an array does not fit or holds negative, infinite or missing numbers.
    """
    from aicmo.core.kernels.tracking import track  # noqa: PLC0415 - Numba only when it computes

    R, C, H = state.amplitude.shape
    window, N, told = np.shape(pressure)[0], R * C, state.dynamics
    given = {"pressure": pressure, "outcome": outcome, "multiplier": multiplier}
    data = {k: checked(f"absorb: {k}", v, (window, R, C), "(W, R, C)") for k, v in given.items()}
    amplitude, precision, score, surprise = (
        a.copy().reshape(N, -1) for a in (state.amplitude, state.precision, state.score, state.surprise)
    )
    track(
        amplitude,
        precision,
        score,
        surprise,
        state.level.ravel(),
        state.least.ravel(),
        state.grid.reference.ravel(),
        state.grid.knee,
        state.grid.inverse_power(data["pressure"]).reshape(-1, window, N),
        0.5 ** (1.0 / np.array(told.memories)),
        _noise(told),
        data["pressure"].reshape(window, N),
        data["outcome"].reshape(window, N),
        data["multiplier"].reshape(window, N),
        told.caution if judge else 0.0,
    )
    return replace(
        state,
        amplitude=frozen(amplitude.reshape(R, C, H)),
        precision=frozen(precision.reshape(R, C, H)),
        score=frozen(score.reshape(R, C, H)),
        surprise=frozen(surprise.reshape(R, C, 2)),
    )


def _noise(told: Dynamics) -> tuple[float, float, float, float, float, float]:
    """Return the settings in the order in which the kernel takes them."""
    kept = 0.5 ** (1.0 / told.patience)
    return told.dispersion, told.strength, told.relative, told.freedom, kept, told.reserve


def conditional(state: Tracking) -> Conditional:
    """Posterior of the shape, and of the amplitude given each shape; memories mixed by how they predicted."""
    score = state.by_memory(state.score)
    within, evidence = _softmax(score, axis=2)  # memories of a shape
    weight, _ = _softmax(evidence, axis=2)  # shapes
    mean = state.by_memory(state.amplitude)
    dispersion = np.broadcast_to(state.dispersion[..., None], weight.shape)
    mixed = (within * mean).sum(axis=2)
    spread = 1.0 / state.by_memory(state.precision) + (mean - mixed[:, :, None]) ** 2
    return Conditional(weight, mixed, dispersion / (within * spread).sum(axis=2), dispersion)


def memory(state: Tracking) -> Float[np.ndarray, "R C M"]:
    """Posterior probability of each memory."""
    R, C, _ = state.score.shape
    weight, _ = _softmax(state.score, axis=2)
    return np.asarray(state.by_memory(weight.reshape(R, C, -1)).sum(axis=3))


class _Softmax(NamedTuple):
    weight: Floats
    log_total: Floats


def _softmax(score: Floats, axis: int) -> _Softmax:
    """Weights ∝ exp(score) along an axis, and the log of their sum."""
    top = score.max(axis=axis, keepdims=True)
    weight = np.exp(score - top)
    total = weight.sum(axis=axis, keepdims=True)
    return _Softmax(weight / total, np.squeeze(top + np.log(total), axis=axis))
