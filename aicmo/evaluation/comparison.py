"""A finished comparison: labelled results, the summary with intervals, and the finding in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from aicmo.evaluation import results
from aicmo.evaluation.attachments import attached
from aicmo.evaluation.block import WEEKLY
from aicmo.evaluation.finding import sentence
from aicmo.evaluation.findings import Findings, told
from aicmo.evaluation.further import further
from aicmo.evaluation.metrics import SHELF
from aicmo.evaluation.summary import summarise
from aicmo.evaluation.traits import TRAIT_VALUE

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

TOTALS = (
    *(f"weekly_{name}" for name in (*WEEKLY, "asked", "granted", "declined")),
    *(f"period_{name}" for name in ("spend", "incremental_gross_profit", "budget", "start", "end")),
    TRAIT_VALUE,
)  # fmt: skip
"""What a file of this version holds beside metrics."""


@dataclass(frozen=True)
class Comparison(Findings):
    """Teams × metrics, paired by replication.

    Attributes
    ----------
    dataset : xarray.Dataset
        Dims team, replication, week, channel, period.
    beside : mapping of str to xarray.Dataset
        What stands beside it in the results file: findings of other commands, by name.
    """

    file: ClassVar[str] = "results.nc"
    beside: Mapping[str, xr.Dataset] = field(default_factory=dict)

    @classmethod
    def read(cls, path: str | Path) -> Comparison:
        """Load a results file.

        Raises
        ------
        ResultsError
            If it is none.
        """
        data = results.read(Path(path))
        if "cell" in data.dims:
            raise results.ResultsError(
                f"{path}: no results of `aicmo compare` but of {data.attrs['created_by']}."
            )
        missing = [name for name in (*(metric.kind for metric in SHELF), *TOTALS) if name not in data]
        if missing:
            raise results.ResultsError(f"{path}: it holds no {', '.join(missing)}. Run compare again.")
        return cls(data, attached(Path(path)))

    def save(self, directory: str | Path) -> Path:
        """Write the data, and what stands beside it, as netCDF into a directory; return the path."""
        folder = Path(directory)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / self.file
        results.write(self.dataset, path, self.beside)
        return path

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The JSON of `compare` as Python values."""
        return summarise(self.dataset)

    @cached_property
    def further(self) -> dict[str, Any]:
        """What people ask beside the summary: customers, the long term, bad worlds, the plan, the course."""
        return further(self.dataset)

    @property
    def sentence(self) -> str:
        """The finding in one plain sentence, with its interval."""
        return sentence(self.summary)

    def table(self) -> pd.DataFrame:
        """Return one row a team: means of the summary, with the limits of the uplift.

        Returns
        -------
        pandas.DataFrame
            Index `team`; undefined numbers are missing.
        """
        import pandas as pd  # noqa: PLC0415 - slow to import, and `--help` must answer at once

        rows = {name: _flat(team) for name, team in self.summary["teams"].items()}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("team")

    def further_to_json(self, indent: int | None = 2) -> str:
        """Return what stands beside the summary as JSON text; no NaN ever."""
        return told(self.further, indent)


def _flat(team: dict[str, Any]) -> dict[str, float | None]:
    uplift = team["uplift"]
    return {
        **{
            name: team[name]["mean"]
            for name in ("spend", "incremental_gross_profit", "contribution", "terminal_value")
        },
        **{name: team[name]["mean"] for name in ("iroas", "roi", "roi_media")},
        "uplift": uplift["contribution"]["mean"],
        "uplift_low": uplift["contribution"]["low"],
        "uplift_high": uplift["contribution"]["high"],
        "uplift_relative": uplift["contribution_relative"]["mean"],
        "roi_points": uplift["roi_points"]["mean"],
        "roi_relative": uplift["roi_relative"]["mean"],
        "p_better": uplift["p_better"]["share"],
        "headroom_closed": team["headroom_closed"]["mean"],
        **{name: team[name] for name in ("turnover", "interventions", "waivers", "violations")},
    }
