"""Cells of a sweep: the scenario with other values for some keys, all checked before any of them runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from aicmo.scenario.schema import Scenario
from aicmo.scenario.vary import VaryError, spelled, varied


@dataclass(frozen=True)
class Cell:
    """One scenario of a sweep.

    Attributes
    ----------
    at : mapping of str to value
        The keys that were set; empty for the scenario as it is.
    scenario : Scenario
    """

    at: Mapping[str, Any]
    scenario: Scenario

    @property
    def name(self) -> str:
        """Its settings as `--vary` takes them."""
        return spelled(self.at) or "as it is"


def cells(scenario: Scenario, places: Iterable[Mapping[str, Any]]) -> tuple[Cell, ...]:
    """Make the cell of each place; the first that the scenario would refuse is an error.

    Raises
    ------
    VaryError, ScenarioError
        See `aicmo.scenario.vary.varied`.
    """
    plain = ({key: _plain(value) for key, value in at.items()} for at in places)
    return tuple(Cell(at, varied(scenario, at)) for at in plain)


def _plain(value: Any) -> Any:
    """Return a NumPy number as Python's, which files can hold."""
    return value.item() if isinstance(value, np.generic) else value


def places(vary: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """List the places of a grid, the last key fastest.

    Raises
    ------
    VaryError
        When there is nothing to vary, or a value is given twice.

    Examples
    --------
    >>> places({"measurement.latency": ["1d", "1w"], "market.noise.dispersion": [1]})[1]
    {'measurement.latency': '1w', 'market.noise.dispersion': 1}
    """
    if not vary:
        raise VaryError("a sweep needs a key to vary, such as measurement.latency=1d,1w")
    for key, values in vary.items():
        if isinstance(values, str) or not values:
            raise VaryError(f"{key}: expected a list of values, got {values!r}")
        if len({spelled({key: value}) for value in values}) < len(values):
            raise VaryError(f"{key}: a value is given twice. Keep one.")
    return [dict(zip(vary, values, strict=True)) for values in product(*vary.values())]
