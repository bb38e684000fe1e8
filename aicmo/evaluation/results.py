"""Results as labelled arrays: one xarray Dataset a comparison, saved as netCDF."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np

from aicmo.evaluation.block import BlockResult, Facts
from aicmo.evaluation.traits import TRAIT_VALUE, TRAITS
from aicmo.messages import MINUTES_PER_DAY
from aicmo.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

SCHEMA_VERSION = 1
SOFTWARE = ("numpy", "numba", "scipy")
"""What the last bits of numbers hang on beside this package."""
Variable = tuple[tuple[str, ...], np.ndarray]
"""Names of dims, and values."""


class ResultsError(ValueError):
    """A file that holds no results of this program."""


def dataset(scenario: Scenario, blocks: Sequence[BlockResult], seed: int, baseline: str) -> xr.Dataset:
    """Join blocks into a Dataset with the dims team, replication, week, channel and period.

    Metrics are (team, replication) under the names of their shelf; `weekly_…` (team, replication, week and,
    but for gross profit, channel) and `period_…` (team, replication, period) are totals [currency, orders],
    `trait_value` (trait, replication) says what worlds are like (`evaluation.traits`).
    What a comparison is asked beside that says its layout where it is added: `waterfall.Waterfall.joined`.

    Parameters
    ----------
    blocks : sequence of BlockResult
        In any order; replications are put in theirs.
    """
    import xarray as xr  # noqa: PLC0415 - slow to import, and `--help` must answer at once

    order = sorted(blocks, key=lambda block: block.rows)
    facts = order[0].facts
    names = list(order[0].teams)
    metrics = {
        kind: (("team", "replication"), np.array([_metric(order, name, kind) for name in names]))
        for kind in order[0].teams[names[0]].metrics
    }
    weekly = {
        kind: np.stack([_weekly(order, name, kind) for name in names])
        for kind in order[0].teams[names[0]].weekly
    }
    by_channel = ("team", "replication", "week", "channel")
    arrays = {f"weekly_{kind}": (by_channel[: values.ndim], values) for kind, values in weekly.items()}
    traits = np.concatenate([block.beside[TRAIT_VALUE] for block in order], axis=-1)
    return xr.Dataset(
        {**metrics, **arrays, **_by_period(order, names), **_periods(facts)}
        | {TRAIT_VALUE: (("trait", "replication"), traits)},
        coords={
            "trait": list(TRAITS),
            "team": names,
            "replication": [row for block in order for row in block.rows],
            "channel": list(facts.channels),
            "period": [period.name for period in facts.periods],
        },
        attrs=_attributes(scenario, facts, len(metrics["spend"][1][0]), seed, baseline)
        | {"rejections": json.dumps(_rejections(order, names))},
    ).sortby("replication")


def measured_beside(blocks: Sequence[BlockResult]) -> dict[str, np.ndarray]:
    """Join what blocks measured beside the teams, (…, R) each, replications as in `dataset`."""
    order = sorted(blocks, key=lambda block: block.rows)
    rows = np.argsort([row for block in order for row in block.rows])
    return {
        name: np.concatenate([block.beside[name] for block in order], axis=-1)[..., rows]
        for name in order[0].beside
    }


def _metric(blocks: Sequence[BlockResult], team: str, kind: str) -> np.ndarray:
    return np.concatenate([block.teams[team].metrics[kind] for block in blocks])


def _weekly(blocks: Sequence[BlockResult], team: str, kind: str) -> np.ndarray:
    """Weekly totals with the replication first, (R, W) or (R, W, K)."""
    return np.concatenate([np.swapaxes(block.teams[team].weekly[kind], 0, 1) for block in blocks])


def _by_period(blocks: Sequence[BlockResult], names: list[str]) -> dict[str, Variable]:
    """Totals of each budget period, (team, R, P)."""

    def joined(kind: str) -> np.ndarray:
        return np.stack(
            [np.concatenate([block.teams[name].by_period[kind].T for block in blocks]) for name in names]
        )

    dims, profit = ("team", "replication", "period"), joined("gross_profit")
    return {
        "period_spend": (dims, joined("spend")),
        "period_incremental_gross_profit": (dims, profit - profit[names.index("dark")]),
    }


def _periods(facts: Facts) -> dict[str, Variable]:
    """Money that there is for each budget period [currency], and when it begins and ends [day]."""
    days = np.array([[period.start, period.end] for period in facts.periods]) * facts.tick_minutes
    return {
        "period_budget": (("period",), np.array([period.budget for period in facts.periods])),
        "period_start": (("period",), days[:, 0] / MINUTES_PER_DAY),
        "period_end": (("period",), days[:, 1] / MINUTES_PER_DAY),
    }


def _rejections(blocks: Sequence[BlockResult], names: list[str]) -> dict[str, dict[str, int]]:
    """Why proposals of each team were rejected, and the most that a block saw of each; silent where none."""
    found: dict[str, dict[str, int]] = {}
    for name, block in ((name, block) for name in names for block in blocks):
        for reason, number in block.teams[name].rejections.items():
            reasons = found.setdefault(name, {})
            reasons[reason] = max(reasons.get(reason, 0), number)
    return found


def _attributes(
    scenario: Scenario, facts: Facts, replications: int, seed: int, baseline: str
) -> dict[str, object]:
    return {
        **provenance(scenario, replications, seed),
        "baseline": baseline,
        "start": facts.start.isoformat(),
        "long_term_weight": scenario.objective.long_term_weight,
        "guardrails": json.dumps(scenario.model_dump(mode="json", include={"guardrails"})["guardrails"]),
        "created_by": "aicmo compare",
    }


def provenance(scenario: Scenario, replications: int, seed: int) -> dict[str, object]:
    """Return what every results file says about where its numbers come from."""
    text = scenario.text
    return {
        "schema_version": SCHEMA_VERSION,
        "scenario": scenario.name,
        "scenario_text": text,
        "scenario_hash": hashlib.sha256(text.encode()).hexdigest(),
        "seed": seed,
        "replications": replications,
        "currency": scenario.currency,
        "over": "worlds" if scenario.uncertainty is not None else "luck",
        "version": version("aicmo"),
        "software": f"Python {python_version()}, {', '.join(f'{name} {version(name)}' for name in SOFTWARE)}",
    }


def write(data: xr.Dataset, path: Path, beside: Mapping[str, xr.Dataset] = MappingProxyType({})) -> None:
    """Save a Dataset as netCDF; an interrupted write leaves no half file under the name.

    Parameters
    ----------
    beside : mapping of str to xarray.Dataset, optional
        Findings that stand beside it, a netCDF group each.
    """
    partial = path.with_name(path.name + ".partial")
    for group, part in (("/", data), *beside.items()):
        packed = {name: {"zlib": True, "complevel": 1} for name, one in part.data_vars.items() if one.ndim}
        mode: Literal["w", "a"] = "w" if part is data else "a"
        part.to_netcdf(partial, mode, group=group, engine="h5netcdf", encoding=packed)
    partial.replace(path)


def read(path: Path) -> xr.Dataset:
    """Load a Dataset that `write` saved.

    Raises
    ------
    ResultsError
        If the file is missing, is no netCDF, or was written by another program or schema.
    """
    import xarray as xr  # noqa: PLC0415 - slow to import, and `--help` must answer at once

    if not path.is_file():
        raise ResultsError(f"{path}: no such file. `aicmo compare SCENARIO --out DIR` writes DIR/results.nc.")
    try:
        data = xr.load_dataset(path, engine="h5netcdf")
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path}: not a results file (netCDF-4) of `aicmo compare`: {error}") from error
    found = data.attrs.get("schema_version")
    if found != SCHEMA_VERSION:
        raise ResultsError(
            f"{path}: expected results of schema_version {SCHEMA_VERSION}, got {found}. Run compare again."
        )
    missing = [name for name in ("team", "replication", "contribution", "spend") if name not in data]
    if missing:
        raise ResultsError(f"{path}: no results of `aicmo compare`: it holds no {', '.join(missing)}.")
    return data
