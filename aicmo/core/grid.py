"""Grids of curve shapes: half saturations in multiples of a reference pressure × Hill exponents."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from aicmo.core.checked import Floats, checked, frozen

MULTIPLES = tuple(float(m) for m in np.geomspace(0.2, 6.0, 8))
SHAPES = (0.7, 1.2, 2.2)


class Hill(NamedTuple):
    """One Hill curve ``scale · a^s / (half_saturation^s + a^s)`` a campaign.

    Attributes
    ----------
    scale : (R, C) [outcome per unit of multiplier]
    half_saturation : (R, C) [pressure]
    shape : (R, C)
    """

    scale: Float[np.ndarray, "R C"]
    half_saturation: Float[np.ndarray, "R C"]
    shape: Float[np.ndarray, "R C"]


class Mixture(NamedTuple):
    """A weighted sum of G Hill curves a campaign; the weights of a campaign sum to one.

    Attributes
    ----------
    scale : (R, C, G) [outcome per unit of multiplier]
    half_saturation : (R, C, G) [pressure]
    shape : (R, C, G)
    weight : (R, C, G)
    """

    scale: Float[np.ndarray, "R C G"]
    half_saturation: Float[np.ndarray, "R C G"]
    shape: Float[np.ndarray, "R C G"]
    weight: Float[np.ndarray, "R C G"]


@dataclass(frozen=True, eq=False)
class ShapeGrid:
    """Shapes a campaign's curve may have; shape g = i·J + j has exponent i and half saturation j.

    Every shape is written with response one at the reference pressure,
    ``h_g(a) = (1 + k_g) / (1 + k_g·(a/ref)^−s)`` with ``k_g = multiple^s``: the amplitude, the response where
    the campaign has been running, means the same for all shapes, and one power serves the J half saturations
    of an exponent.

    Parameters
    ----------
    reference : (R, C) [pressure]
        Pressure at which the campaign usually runs; > 0.
    multiples : (J,)
        Half saturations in units of the reference.
    shapes : (I,)
        Hill exponents s.

    Raises
    ------
    ValueError
        When a parameter is not a positive number or has the wrong number of axes.
    """

    reference: Float[np.ndarray, "R C"]
    multiples: Float[np.ndarray, "J"]
    shapes: Float[np.ndarray, "I"]

    def __init__(
        self, reference: ArrayLike, multiples: ArrayLike = MULTIPLES, shapes: ArrayLike = SHAPES
    ) -> None:
        for name, value, axes in (
            ("reference", reference, "(R, C)"),
            ("multiples", multiples, "(J,)"),
            ("shapes", shapes, "(I,)"),
        ):
            given = np.shape(value)
            if len(given) != axes.count(",") + (axes == "(R, C)"):
                raise ValueError(f"ShapeGrid: {name} must have the axes {axes}, got the shape {given}.")
            array = checked(f"ShapeGrid: {name}", value, given, axes, positive=True)
            object.__setattr__(self, name, frozen(array))

    @property
    def size(self) -> int:
        """Number of shapes G = I·J."""
        return self.multiples.size * self.shapes.size

    @cached_property
    def knee(self) -> Float[np.ndarray, "I J"]:
        """``k_g = multiple^s``: what the inverse power of the relative pressure is multiplied by."""
        return frozen(self.multiples[None, :] ** self.shapes[:, None])

    @cached_property
    def ceiling(self) -> Float[np.ndarray, "G"]:
        """Response at saturation in units of the response at the reference, ``1 + k_g``."""
        return frozen(1.0 + self.knee.ravel())

    @cached_property
    def half_saturation(self) -> Float[np.ndarray, "R C G"]:
        """Half saturation of every shape, in units of pressure."""
        multiple = np.tile(self.multiples, self.shapes.size)
        return frozen(self.reference[:, :, None] * multiple)

    @cached_property
    def exponent(self) -> Float[np.ndarray, "G"]:
        """Hill exponent of every shape."""
        return frozen(np.repeat(self.shapes, self.multiples.size))

    def inverse_power(self, pressure: Floats) -> Floats:
        """Return (a/ref)^−s for pressures (..., R, C), axes (I, ..., R, C); infinite at pressure zero."""
        with np.errstate(divide="ignore", over="ignore"):
            power = np.multiply.outer(-self.shapes, np.log(pressure / self.reference))
            return np.asarray(np.exp(power, out=power))

    def evaluate(self, pressure: Floats) -> Floats:
        """Return the response of every shape relative to its response at the reference.

        Parameters
        ----------
        pressure : (R, C) or (R, C, P) [pressure]

        Returns
        -------
        (R, C, G) or (R, C, P, G)
        """
        leading = pressure if pressure.ndim == 2 else np.moveaxis(pressure, 2, 0)
        z = np.moveaxis(self.inverse_power(leading), 0, -1)  # ([P,] R, C, I)
        with np.errstate(over="ignore"):  # where nothing is spent the response is zero, however it is reached
            h = (1.0 + self.knee) / (1.0 + self.knee * z[..., None])
        h = h.reshape(*leading.shape, self.size)
        return h if pressure.ndim == 2 else np.moveaxis(h, 0, 2)
