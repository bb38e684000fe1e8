"""What response curves may be given: checks of parameters, with errors that name the element and the cure."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
A = TypeVar("A", Floats, NDArray[np.int64])

FAMILIES = ("hill", "logarithmic", "exponential", "power", "table", "mixture")


def closed_family(
    family: str, scale: ArrayLike, half: ArrayLike, shape: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Scale, half and shape of a closed family, broadcast to (C,) or (R, C), checked and read-only."""
    named = {"scale": scale, "half-saturation": half, "exponent" if family == "power" else "shape": shape}
    arrays = [_positive(family, name, x, least_zero=name == "scale") for name, x in named.items()]
    common = _common(family, named, arrays) or (1,)
    if len(common) > 2:
        raise ValueError(
            f"{family} curves: parameters must be (C,) or (R, C), got {len(common)} axes: {common}"
        )
    if family == "power" and (arrays[2] > 1.0).any():
        worst = float(arrays[2].max())
        raise ValueError(
            f"power curves: exponent must lie in (0, 1], got {worst:g}; a convex power has no best plan"
        )
    a, h, s = (sealed(np.broadcast_to(x, common)) for x in arrays)
    return a, h, s


def components(
    scale: ArrayLike, half: ArrayLike, shape: ArrayLike, weight: ArrayLike | None
) -> tuple[Floats, bool]:
    """Half-saturation, shape and weighted scale of mixtures as (3, 1 or R, C, G).

    And whether there are rows.
    """
    named = {"scale": scale, "half-saturation": half, "shape": shape} | (
        {} if weight is None else {"weight": weight}
    )
    arrays = [
        _positive("mixture", name, x, least_zero=name in ("scale", "weight")) for name, x in named.items()
    ]
    common = _common("mixture", named, arrays)
    if len(common) not in (2, 3):
        raise ValueError(
            f"mixture curves: parameters must broadcast to (C, G) or (R, C, G), got shape {common}"
        )
    weights = arrays[3] if weight is not None else np.float64(1.0 / common[-1])
    parts = [np.broadcast_to(x, common) for x in (arrays[1], arrays[2], arrays[0] * weights)]
    stacked = np.stack(parts)
    return sealed(stacked if len(common) == 3 else stacked[:, None]), len(common) == 3


def table_points(spend: ArrayLike, response: ArrayLike) -> Floats:
    """Points of tables as (2, 1 or R, C, P), starting at (0, 0)."""
    x, f = (
        _positive("table", "spend", spend, least_zero=True),
        _positive("table", "response", response, least_zero=True),
    )
    common = _common("table", {"spend": spend, "response": response}, [x, f])
    if not 1 <= len(common) <= 3 or common[-1] == 0:
        raise ValueError(f"table curves: points must be (P,), (C, P) or (R, C, P), P ≥ 1, got shape {common}")
    full = (1,) * (3 - len(common)) + common
    knots = np.stack([np.broadcast_to(x, common).reshape(full), np.broadcast_to(f, common).reshape(full)])
    if (knots[0, ..., 0] > 0.0).any():
        knots = np.concatenate([np.zeros((*knots.shape[:-1], 1)), knots], axis=-1)
    _require_order(knots)
    return sealed(knots)


def _require_order(knots: Floats) -> None:
    """Spend rises, response never falls and is 0 at 0.

    Repeating the last point is padding, as the origin is in front.
    """
    at_zero = (knots[0] == 0.0) & (knots[1] != 0.0)
    if at_zero.any():
        raise ValueError(
            f"table curves: response at zero spend must be 0, got {knots[1][at_zero][0]:g}; "
            "subtract what comes without spend"
        )
    step, rise = np.diff(knots[0], axis=-1), np.diff(knots[1], axis=-1)
    bad = (step < 0.0) | ((step == 0.0) & (rise != 0.0))
    if bad.any():
        where = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(
            f"table curves: spend must rise, it does not after point {where[-1]} of curve {where[-2]}"
        )
    if (rise < 0.0).any():
        where = tuple(int(i) for i in np.argwhere(rise < 0.0)[0])
        raise ValueError(
            f"table curves: response must never fall, it does after point {where[-1]} of curve {where[-2]}"
        )


def stack(parts: Sequence[Floats]) -> tuple[Floats, list[int]]:
    """Join arrays (K, 1 or R, D, G) along D, padding G by repeating the last entry.

    And how many D stand before each.

    Repeated components would count twice, so the third row of padding of mixtures (their scale) is zero.
    """
    rows = max(p.shape[1] for p in parts)
    wide = max(p.shape[3] for p in parts)
    before = np.cumsum([0] + [p.shape[2] for p in parts[:-1]]).tolist()
    return sealed(np.concatenate([_widen(p, rows, wide) for p in parts], axis=2)), before


def _widen(part: Floats, rows: int, wide: int) -> Floats:
    padded = np.pad(part, ((0, 0), (0, 0), (0, 0), (0, wide - part.shape[3])), mode="edge")
    if part.shape[0] == 3:
        padded[2, ..., part.shape[3] :] = 0.0
    return np.broadcast_to(padded, (part.shape[0], rows, *padded.shape[2:]))


def sealed(array: A) -> A:
    """Return the array itself if it is contiguous and read-only, else a contiguous read-only copy."""
    if array.flags.c_contiguous and not array.flags.writeable:
        return array
    fresh = np.array(array, order="C")
    fresh.flags.writeable = False
    return fresh


def _common(family: str, named: dict[str, ArrayLike], arrays: list[Floats]) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(*(x.shape for x in arrays))
    except ValueError:
        shapes = ", ".join(f"{name} {x.shape}" for name, x in zip(named, arrays, strict=True))
        raise ValueError(f"{family} curves: parameters do not broadcast to one shape: {shapes}") from None


def _positive(family: str, name: str, x: ArrayLike, *, least_zero: bool) -> Floats:
    array = np.asarray(x, dtype=np.float64)
    sound = np.isfinite(array) & ((array >= 0.0) if least_zero else (array > 0.0))
    if not sound.all():
        where = tuple(int(i) for i in np.argwhere(~sound)[0])
        got = array[where] if array.ndim else array
        want = "at least 0" if least_zero else "greater than 0"
        raise ValueError(f"{family} curves: {name} must be finite and {want}, got {got} at index {where}")
    return array
