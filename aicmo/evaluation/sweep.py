"""Sweeps: the same comparison in every cell of a grid of scenarios, on the same seed, resumable."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from aicmo.evaluation import results
from aicmo.evaluation.cell_runs import Announce, Progress, run_cells
from aicmo.evaluation.cell_store import CellStore, Question
from aicmo.evaluation.cells import Cell, cells, places
from aicmo.evaluation.compare import TeamsError, contenders
from aicmo.evaluation.finding import HEADLINE
from aicmo.evaluation.findings import Findings
from aicmo.evaluation.summary import summarise
from aicmo.evaluation.sweep_finding import sentence
from aicmo.policies import Policy
from aicmo.scenario.schema import Scenario
from aicmo.scenario.vary import spell_value, spelled

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


@dataclass(frozen=True)
class Sweep(Findings):
    """Cells × teams × metrics, paired by replication.

    Attributes
    ----------
    dataset : xarray.Dataset
        Dims cell, team, replication; `setting` (cell, key) says what each cell is.
    """

    file: ClassVar[str] = "sweep.nc"

    @classmethod
    def read(cls, path: str | Path) -> Sweep:
        """Load a results file.

        Raises
        ------
        ResultsError
            If it is none.
        """
        data = results.read(Path(path))
        if "cell" not in data.dims:
            raise results.ResultsError(f"{path}: no results of `aicmo sweep`: it has no cells.")
        return cls(data)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The JSON as Python values: every cell with the teams as `compare` writes them."""
        data, about = self.dataset, self.dataset.attrs
        compared = [summarise(data.isel(cell=i)) for i in range(data.sizes["cell"])]
        told = zip(json.loads(about["cells"]), compared, strict=True)
        head = {name: value for name, value in compared[0].items() if name != "teams"}
        return {
            **head,
            "axes": json.loads(about["axes"]),
            "cells": [{"at": at, "teams": one["teams"]} for at, one in told],
        }

    @property
    def team(self) -> str:
        """The team that the finding is about: the first that is measured against the baseline."""
        return next(
            str(name) for name in self.dataset["team"].values if name != self.dataset.attrs["baseline"]
        )

    @property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        return sentence(self.summary, self.team)

    def table(self) -> pd.DataFrame:
        """Return one row for each cell and team, with the limits of the uplifts.

        Returns
        -------
        pandas.DataFrame
            Index: the varied keys and `team`; undefined numbers are missing.
        """
        import pandas as pd  # noqa: PLC0415 - slow to import, and `--help` must answer at once

        keys = list(self.summary["axes"])
        rows = [
            {key: spell_value(cell["at"][key]) for key in keys} | {"team": name} | _flat(team["uplift"])
            for cell in self.summary["cells"]
            for name, team in cell["teams"].items()
        ]
        return pd.DataFrame.from_records(rows).set_index([*keys, "team"])


def sweep(
    scenario: Scenario,
    vary: Mapping[str, Sequence[Any]],
    teams: Sequence[str] | Mapping[str, str | Policy] = (HEADLINE,),
    baseline: str = "manual_quarterly",
    replications: int = 32,
    seed: int = 1,
    workers: int | None = None,
    out: str | Path | None = None,
    announce: Announce | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Compare teams in every cell of a grid of scenarios, over the same worlds wherever the tape is the same.

    Parameters
    ----------
    vary : mapping of str to list of values
        Key, such as ``market.channels.search.half_life``, and its values; see `aicmo.scenario.vary.varied`.
    teams, baseline :
        As in `compare`.
    replications : int
        R, number of worlds in each cell.
    workers : int, optional
        Processes; default one for each core. The numbers do not depend on it.
    out : path, optional
        Folder in which finished cells are kept: the same sweep, asked again, repeats none of them.
    announce, progress : callable, optional
        Called once before anything runs with the `Forecast`, and as blocks finish with worlds done and total.

    Raises
    ------
    VaryError
        When a key leads nowhere, before anything runs.
    ScenarioError
        When a cell's scenario would be refused, before anything runs.
    TeamsError
        When there is no team beside the baseline.
    UnknownTeamError
        When a name is neither a team nor a policy.
    ResourceError
        When the worlds would not fit into memory.

    Examples
    --------
    >>> import aicmo
    >>> small = aicmo.load("scenarios/small.yaml")
    >>> vary = {"measurement.latency": ["1d", "1w"]}
    >>> found = aicmo.sweep(small, vary, ["equal_split"], replications=2, workers=1)
    >>> found.table().index.names
    FrozenList(['measurement.latency', 'team'])
    """
    made = cells(scenario, places(vary))
    asked = contenders(scenario, teams, baseline)
    if len(asked) < 2:
        raise TeamsError(f"{baseline} is the baseline: name another team to compare it with")
    question = Question(scenario.text, asked, baseline, replications, seed)
    found = run_cells(made, question, workers, CellStore.within(out), announce, progress)
    about = results.provenance(scenario, replications, seed)
    axes = {key: list(values) for key, values in vary.items()}
    return Sweep(joined(made, found, axes, about | {"baseline": baseline, "created_by": "aicmo sweep"}))


def joined(
    made: Sequence[Cell], found: Sequence[xr.Dataset], axes: Mapping[str, Any], about: Mapping[str, Any]
) -> xr.Dataset:
    """Join cells into one Dataset with the dims cell, team and replication."""
    import xarray as xr  # noqa: PLC0415 - slow to import, and `--help` must answer at once

    dims = ("cell", "team", "replication")
    values = {str(name): (dims, np.stack([one[name].values for one in found])) for name in found[0].data_vars}
    settings = np.array([spelled(cell.at) or cell.name for cell in made], dtype=object)
    return xr.Dataset(
        values,
        coords={
            "cell": np.arange(len(made)),
            "setting": ("cell", settings),
            "team": found[0]["team"].values.astype(object),
            "replication": found[0]["replication"].values,
        },
        attrs={
            **about,
            "axes": json.dumps(axes, ensure_ascii=False),
            "cells": json.dumps([dict(cell.at) for cell in made], ensure_ascii=False),
        },
    )


def _flat(uplift: Mapping[str, Any]) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for name in ("contribution", "contribution_relative", "roi_points", "roi_relative"):
        found |= {name: uplift[name]["mean"], f"{name}_low": uplift[name]["low"]}
        found |= {f"{name}_high": uplift[name]["high"]}
    return found | {"p_better": uplift["p_better"]["share"]}
