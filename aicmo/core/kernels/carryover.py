"""The recursion of carry-over along a window of ticks."""

from __future__ import annotations

from aicmo.core.kernels.jit import kernel
from aicmo.core.kernels.types import Floats


@kernel
def filter_window(
    out: Floats, pressure: Floats, value: Floats, stage: Floats, keep: Floats, hold: Floats, cross: Floats
) -> None:
    """Write stocks (W, n) after each tick of `pressure`; `value` and `stage` (n,) end as the last stock."""
    for t in range(pressure.shape[0]):
        for i in range(value.size):
            fresh = 1.0 - keep[i] - cross[i]
            value[i] = keep[i] * value[i] + cross[i] * stage[i] + fresh * pressure[t, i]
            stage[i] = hold[i] * stage[i] + (1.0 - hold[i]) * pressure[t, i]
            out[t, i] = value[i]
