"""Arrays from callers, checked once at the door; every refusal says what was expected and what to change."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def checked(
    where: str, value: ArrayLike, shape: tuple[int, ...], axes: str, *, positive: bool = False
) -> Floats:
    """Return `value` as a fresh, contiguous float64 array of `shape`, refusing what is not a number ≥ 0.

    Parameters
    ----------
    where : str
        What the array is called where it came from, for the message: ``"absorb: pressure"``.
    value : array_like
        Anything that broadcasts to `shape`.
    shape : tuple of int
        Expected shape.
    axes : str
        Names of the axes of `shape`, for the message: ``"(W, R, C)"``.
    positive : bool
        Refuse zero too.

    Returns
    -------
    (…) ndarray
        A copy that nobody else holds.

    Raises
    ------
    ValueError
        When the shape does not fit, or an element is NaN, infinite, negative (or zero, where `positive`).
    """
    given = np.asarray(value, dtype=np.float64)
    if given.ndim == 0 and 0.0 < float(given) < np.inf:  # most settings: no pass over the array to check it
        return np.full(shape, given)
    array = np.empty(shape)
    try:
        np.copyto(array, given)
    except ValueError as error:
        hint = " Transposed?" if given.ndim > 1 and given.shape[::-1] == shape else ""
        raise ValueError(f"{where} must broadcast to {shape} = {axes}, got {given.shape}.{hint}") from error
    least = given.min(initial=np.inf)  # a NaN makes both extremes NaN and every comparison false
    if not ((least > 0.0 if positive else least >= 0.0) and given.max(initial=0.0) < np.inf):
        raise ValueError(_offence(where, array, positive=positive))
    return array


def _offence(where: str, array: Floats, *, positive: bool) -> str:
    allowed = np.isfinite(array) & (array > 0.0 if positive else array >= 0.0)
    first = tuple(int(axis[0]) for axis in np.nonzero(~allowed))
    bound = "> 0" if positive else "≥ 0"
    return (
        f"{where} must be finite and {bound}; element {first} is {array[first]} "
        f"({np.count_nonzero(~allowed)} of {array.size} offend). "
        "Give missing data the weight 0 and any finite number."
    )


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Mark an array that this package made as read-only, so that a holder of a state cannot change it."""
    array.flags.writeable = False
    return array
