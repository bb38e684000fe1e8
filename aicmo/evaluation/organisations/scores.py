"""The scorecard of each model with intervals, beside the published benchmark, and what moved it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from aicmo.core.estimate import Estimate
from aicmo.core.intervals import mean_interval
from aicmo.core.ratio import ratio_interval
from aicmo.evaluation.organisations.programme import Capability
from aicmo.evaluation.organisations.scorecard import SCORECARD, Measure

if TYPE_CHECKING:
    import xarray as xr

LEVEL = 0.9
REACHED, SHORT, OPEN, BEYOND = "reached", "short of it", "cannot be told", "beyond it"
Rows = Float[np.ndarray, "R"]


def scorecard(
    data: xr.Dataset, model: str, baseline: str, capabilities: Mapping[str, Capability]
) -> dict[str, Any]:
    """Return every measure of one model."""
    own, base = data["score"].sel(team=model), data["score"].sel(team=baseline)
    return {
        measure.name: _told(
            measure,
            own.sel(measure=measure.name).values,
            base.sel(measure=measure.name).values,
            capabilities,
        )
        for measure in SCORECARD
    }


def _told(measure: Measure, own: Rows, base: Rows, capabilities: Mapping[str, Capability]) -> dict[str, Any]:
    value = _mean(own, measure.undefined)
    compared = _compared(measure, own, base)
    return {
        "unit": measure.unit,
        "meaning": measure.meaning,
        "value": value.to_json(),
        "manual": _mean(base, measure.undefined).to_json(),
        "against": measure.against,
        "compared": compared.to_json(),
        "benchmark": None if measure.benchmark is None else list(measure.benchmark),
        "published": measure.published,
        "verdict": verdict(measure.benchmark, compared),
        "moved_by": [
            f"{name.replace('_', ' ')} ({item.said})"
            for name, item in capabilities.items()
            if item.brings & set(measure.moved_by)
        ],
    }


def _mean(values: Rows, reason: str) -> Estimate:
    missing = int(np.isnan(values).sum())
    if not missing:
        return mean_interval(values, LEVEL)
    where = "" if missing == values.size else f" (in {missing} of {values.size} worlds)"
    return Estimate.undefined(LEVEL, f"not measured: {reason}{where}")


def _compared(measure: Measure, own: Rows, base: Rows) -> Estimate:
    """Return what the benchmark speaks of: the value, or its ratio to the manual baseline's."""
    value = _mean(own, measure.undefined)
    if measure.against == "level" or value.mean is None:
        return value
    usual = _mean(base, f"the manual baseline has none: {measure.undefined}")
    if usual.mean is None:
        return usual
    parts = (base, own) if measure.against == "speed" else (own, base)
    if not parts[1].any():
        return Estimate.undefined(LEVEL, "no multiple of nothing: the manual baseline has 0")
    shift = own - base if measure.against == "relative" else None
    return ratio_interval(parts[0] if shift is None else shift, parts[1], LEVEL, name="the manual baseline's")


def verdict(benchmark: tuple[float, float] | None, compared: Estimate) -> str | None:
    """Judge a measure by its interval: whether it lies where the benchmark promises, or past it.

    None where there is nothing to judge.
    """
    if benchmark is None or compared.mean is None:
        return None
    low = compared.mean if compared.low is None else compared.low
    high = compared.mean if compared.high is None else compared.high
    near, far = sorted(benchmark, key=abs)
    sign = -1.0 if far < 0.0 else 1.0
    if benchmark[0] == 0.0:  # a ceiling, as of a waiting time
        return REACHED if high <= far else SHORT if low > far else OPEN
    worst, best = sorted((sign * low, sign * high))
    if worst >= abs(near):
        return BEYOND if worst > abs(far) else REACHED
    return SHORT if best < abs(near) else OPEN
