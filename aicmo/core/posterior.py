"""Posteriors of response curves: a grid of shapes, a conjugate amplitude each, an unknown noise scale.

The model of an observation of one origin, given shape g of the grid, is

    y_t = A · m_t · h_g(a_t) + √(φ · v_t) · ε_t,     h_g(ref) = 1,     A | φ ~ N(response, φ / precision)
    v_t = μ_t + ρ² μ_t² / φ₀,     μ_t = m_t · level · (2a_t / (a_t + ref) + floor),     φ ~ InverseGamma

so A is the response at the reference pressure, and the variance is about φ · mean, as conversions have it,
with φ learned. The variance function hangs on nothing but the prior and the inputs: given the grid the
posterior is exact, its sums are those of the data alone and do not depend on how observations were grouped
into calls, and discounting forgets towards the prior, not towards nothing.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from aicmo.core.checked import Floats, checked, frozen
from aicmo.core.grid import Hill, Mixture, ShapeGrid

if TYPE_CHECKING:
    from aicmo.core.kernels.posterior import Rows


@dataclass(frozen=True)
class Noise:
    """What is believed about noise before any data.

    Parameters
    ----------
    dispersion : float [outcome]
        Prior mean φ₀ of variance ÷ mean: 1 for counts of independent conversions.
    strength : float
        Shape of φ's inverse-gamma prior, > 1; worth 2·strength observations.
    relative : float
        Standard deviation ρ of noise in proportion to the mean (a common demand shock), beside φ.
    floor : float
        Smallest mean, relative to the response at the reference, that the variance is computed from, > 0.
    coarseness : float
        Relative error to which curves of the grid can stand for the truth; see `Posterior.trust`.

    Raises
    ------
    ValueError
        When a setting lies outside its range.
    """

    dispersion: float = 1.0
    strength: float = 3.0
    relative: float = 0.0
    floor: float = 0.01
    coarseness: float = 0.02

    def __post_init__(self) -> None:
        for name, least in (("dispersion", 0.0), ("strength", 1.0), ("floor", 0.0)):
            if not least < getattr(self, name) < np.inf:
                raise ValueError(f"Noise: {name} must be finite and > {least:g}, got {getattr(self, name)}.")
        for name in ("relative", "coarseness"):
            if not 0.0 <= getattr(self, name) < np.inf:
                raise ValueError(f"Noise: {name} must be finite and ≥ 0, got {getattr(self, name)}.")


@dataclass(frozen=True, eq=False)
class Posterior:
    """Everything known about the curves of R × C campaigns; made by `init`, moved on by `absorb` and `pool`.

    Attributes
    ----------
    grid : ShapeGrid
    noise : Noise
    level, cv : (R, C)
        Prior mean [outcome per unit of multiplier] and relative standard deviation given to `init`; the
        variance function is computed from this level. They never change.
    response, precision : (R, C)
        Prior of the amplitude in force, N(response, φ / precision).
    log_shape : (G,)
        Log prior of the shapes.
    xx, xy : (R, C, G)
        Discounted sums Σ w x²/v and Σ w xy/v.
    yy, count : (R, C)
        Discounted sums Σ w y²/v and Σ w.
    """

    grid: ShapeGrid
    noise: Noise
    level: Float[np.ndarray, "R C"]
    cv: Float[np.ndarray, "R C"]
    response: Float[np.ndarray, "R C"]
    precision: Float[np.ndarray, "R C"]
    log_shape: Float[np.ndarray, "G"]
    xx: Float[np.ndarray, "R C G"]
    xy: Float[np.ndarray, "R C G"]
    yy: Float[np.ndarray, "R C"]
    count: Float[np.ndarray, "R C"]

    def sums(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Return the sums as rows N = R·C, in the order in which the kernels take them."""
        N = self.count.size
        return self.xx.reshape(N, -1), self.xy.reshape(N, -1), self.yy.reshape(N), self.count.reshape(N)

    def rows(self) -> "Rows":
        """Return sums, prior and trust as rows N = R·C, as the kernels take them."""
        from aicmo.core.kernels.posterior import Rows  # noqa: PLC0415 - Numba only when it computes

        return Rows(
            *self.sums(),
            self.response.ravel(),
            self.precision.ravel(),
            frozen(self.trust.ravel()),
            self.log_shape,
            self.noise.strength,
            self.noise.dispersion * (self.noise.strength - 1.0),  # so that E[φ] = dispersion
        )

    @property
    def trust(self) -> Float[np.ndarray, "R C"]:
        """Power to which the likelihood is raised, 1 / (1 + coarseness² · Σ w y²/v / φ₀).

        No curve of a grid is the truth, so evidence must not pile up without end: data that tell curves apart
        better than to the relative error `coarseness` count as if they did not (coarsened posterior, Miller &
        Dunson 2019, JASA 114; Σ y²/(φ₀ v) is the information on a relative change of the response).
        """
        return np.asarray(1.0 / (1.0 + self.noise.coarseness**2 / self.noise.dispersion * self.yy))

    @property
    def freedom(self) -> Float[np.ndarray, "R C"]:
        """Degrees of freedom of the amplitude's Student distribution."""
        return np.asarray(2.0 * self.noise.strength + self.trust * self.count)

    def unpooled(self) -> "Posterior":
        """Return the same data under the prior given to `init`."""
        precision = self.noise.dispersion / (self.cv * self.level) ** 2
        return replace(self, response=self.level, precision=frozen(precision))

    def variance(self, pressure: Floats, multiplier: Floats) -> Floats:
        """Return v, the variance of an observation in units of φ; pressure and multiplier (R, C)."""
        share = pressure / (pressure + self.grid.reference)
        mean = multiplier * self.level * (2.0 * share + self.noise.floor)
        return np.asarray(mean * (1.0 + self.noise.relative**2 / self.noise.dispersion * mean))


class Conditional(NamedTuple):
    """The posterior shape by shape.

    Attributes
    ----------
    weight : (R, C, G)
        Posterior of the shape.
    mean : (R, C, G) [outcome per unit of multiplier]
        Mean of the response at the reference pressure.
    precision : (R, C, G)
        The amplitude's precision in units of 1/φ.
    dispersion : (R, C, G)
        E[φ] given the shape.
    """

    weight: Float[np.ndarray, "R C G"]
    mean: Float[np.ndarray, "R C G"]
    precision: Float[np.ndarray, "R C G"]
    dispersion: Float[np.ndarray, "R C G"]


def init(
    grid: ShapeGrid,
    response: ArrayLike,
    cv: ArrayLike,
    noise: Noise | None = None,
    shape_prior: ArrayLike | None = None,
) -> Posterior:
    """Start from the prior.

    Parameters
    ----------
    grid : ShapeGrid
    response : (R, C) or broadcastable [outcome per unit of multiplier]
        Prior mean of the response at the reference pressure; > 0.
    cv : (R, C) or broadcastable
        Prior standard deviation of that response relative to its mean; > 0.
    noise : Noise, optional
    shape_prior : (G,), optional
        Prior probability of every shape up to a factor; equal by default.

    Returns
    -------
    Posterior

    Raises
    ------
    ValueError
        When a parameter is not positive or does not fit the grid.
    """
    noise = noise or Noise()
    R, C = grid.reference.shape
    level = checked("init: response", response, (R, C), "(R, C)", positive=True)
    relative = checked("init: cv", cv, (R, C), "(R, C)", positive=True)
    shape = checked(
        "init: shape_prior", 1.0 if shape_prior is None else shape_prior, (grid.size,), "(G,)", positive=True
    )
    return Posterior(
        grid=grid,
        noise=noise,
        level=frozen(level),
        cv=frozen(relative),
        response=frozen(level),
        precision=frozen(noise.dispersion / (relative * level) ** 2),
        log_shape=frozen(np.log(shape / shape.sum())),
        xx=frozen(np.zeros((R, C, grid.size))),
        xy=frozen(np.zeros((R, C, grid.size))),
        yy=frozen(np.zeros((R, C))),
        count=frozen(np.zeros((R, C))),
    )


def absorb(
    state: Posterior,
    pressure: ArrayLike,
    outcome: ArrayLike,
    multiplier: ArrayLike = 1.0,
    *,
    weight: ArrayLike = 1.0,
    discount: ArrayLike = 1.0,
) -> Posterior:
    """Learn from W origins, oldest first.

    Credits that arrive late may be absorbed as they come: an origin's newly credited conversions, with the
    newly matured part of its multiplier, are an observation of their own.

    Parameters
    ----------
    state : Posterior
    pressure : (W, R, C) [pressure]
        Adstocked pressure of each origin.
    outcome : (W, R, C) [outcome]
        Conversions credited to it.
    multiplier : (W, R, C) or broadcastable
        What the response was multiplied by: season × demand × maturity × days of the tick.
    weight : (W, R, C) or broadcastable
        Observations that this one is worth; 0 for those not delivered.
    discount : (W, R, C) or broadcastable
        Factor on all earlier evidence before each origin, ≤ 1; the prior is not discounted.

    Returns
    -------
    Posterior

    Raises
    ------
    ValueError
        When an array does not fit or holds negative, infinite or missing numbers, or a discount exceeds 1.
    """
    from aicmo.core.kernels import posterior as kernels  # noqa: PLC0415 - Numba only when it computes

    R, C = state.count.shape
    given = {"pressure": pressure, "outcome": outcome, "multiplier": multiplier}
    data = _observations((R, C), given | {"weight": weight, "discount": discount})
    W = len(data["pressure"])
    wide, narrow = kernels.absorb(
        *state.sums(),
        state.grid.reference.ravel(),
        state.level.ravel(),
        state.grid.knee.ravel(),
        state.grid.shapes,
        state.noise.floor,
        state.noise.relative**2 / state.noise.dispersion,
        *(array.reshape(W, R * C) for array in data.values()),
    )
    xx, xy = frozen(wide.reshape(2, R, C, state.grid.size))
    yy, count = frozen(narrow.reshape(2, R, C))
    return replace(state, xx=xx, xy=xy, yy=yy, count=count)


def _observations(shape: tuple[int, int], given: dict[str, ArrayLike]) -> dict[str, Floats]:
    window = np.shape(given["pressure"])[0] if np.ndim(given["pressure"]) == 3 else 1
    data = {k: checked(f"absorb: {k}", v, (window, *shape), "(W, R, C)") for k, v in given.items()}
    most = data["discount"].max(initial=0.0)
    if most > 1.0:
        raise ValueError(f"absorb: discount must be ≤ 1, got {most:g}; pass 1 to keep everything.")
    return data


def conditional(state: Posterior) -> Conditional:
    """Posterior of the shape, and of the amplitude given each shape."""
    from aicmo.core.kernels import posterior as kernels  # noqa: PLC0415 - Numba only when it computes

    return Conditional(*(a.reshape(state.xx.shape) for a in kernels.condition(state.rows())))


def weights(state: Posterior) -> Float[np.ndarray, "R C G"]:
    """Posterior probability of every shape."""
    return conditional(state).weight


def sample(state: Posterior, normals: ArrayLike, uniforms: ArrayLike, temperature: float = 1.0) -> Hill:
    """Draw one curve a campaign (Thompson sampling).

    Parameters
    ----------
    state : Posterior
    normals : (R, C)
        Standard normal draws.
    uniforms : (R, C)
        Uniform draws in [0, 1).
    temperature : float
        The draw is from posterior^(1/temperature): 1 is Thompson sampling, 0 the most probable shape's mean.

    Returns
    -------
    Hill
        Scale zero where the drawn response was negative: a campaign that sells nothing.

    Raises
    ------
    ValueError
        When the draws do not fit or the temperature is negative.
    """
    from aicmo.core.kernels import posterior as kernels  # noqa: PLC0415 - Numba only when it computes

    if not 0.0 <= temperature < np.inf:
        raise ValueError(f"sample: temperature must be finite and ≥ 0, got {temperature}.")
    shape = state.count.shape
    normal = np.array(np.broadcast_to(np.asarray(normals, dtype=np.float64), shape)).ravel()
    uniform = checked("sample: uniforms", uniforms, shape, "(R, C)").ravel()
    choice, amplitude = kernels.draw(state.rows(), normal, uniform, float(temperature))
    g = choice.reshape(shape)
    half = state.grid.reference * np.tile(state.grid.multiples, state.grid.shapes.size)[g]
    return Hill(amplitude.reshape(shape) * state.grid.ceiling[g], half, state.grid.exponent[g])


def mean(state: Posterior) -> Mixture:
    """Posterior mean curve: the mixture over shapes of each shape's mean curve."""
    given = conditional(state)
    exponent = np.broadcast_to(state.grid.exponent, given.mean.shape)
    return Mixture(given.mean * state.grid.ceiling, state.grid.half_saturation, exponent, given.weight)
