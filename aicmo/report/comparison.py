"""The comparison as notebooks get it: `save` writes the results file and the page side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from aicmo import evaluation
from aicmo.evaluation.compare import Progress
from aicmo.evaluation.precision import CAP
from aicmo.policies import Policy
from aicmo.report import page
from aicmo.report.comparison_page import comparison_page
from aicmo.scenario.schema import Scenario


class Comparison(evaluation.Comparison):
    """Teams × metrics, paired by replication, ready to be shown and saved."""

    def save(self, directory: str | Path) -> Path:
        """Write `results.nc`, `further.json` and `report.html` into a directory; return the results' path."""
        path = super().save(directory)
        path.with_name("further.json").write_text(self.further_to_json() + "\n", encoding="utf-8")
        page.write(page.render(comparison_page(self)), path.with_name("report.html"))
        return path


def compare(
    scenario: Scenario,
    teams: Sequence[str] | Mapping[str, str | Policy] | None = None,
    baseline: str = "manual_quarterly",
    replications: int = 64,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
    *,
    hindsight: bool = False,
    waterfall: bool = False,
    precision: str | None = None,
    cap: int = CAP,
) -> Comparison:
    """Compare teams over the same worlds; see `aicmo.evaluation.compare` for parameters and errors.

    Examples
    --------
    >>> import aicmo
    >>> scenario = aicmo.load("scenarios/small.yaml")
    >>> comparison = aicmo.compare(scenario, ["last_year_share"], replications=4, workers=1)
    >>> list(comparison.table().index)
    ['manual_quarterly', 'last_year_share', 'clairvoyant', 'dark']
    """
    done = evaluation.compare(
        scenario,
        teams,
        baseline,
        replications,
        seed,
        workers,
        progress,
        hindsight=hindsight,
        waterfall=waterfall,
        precision=precision,
        cap=cap,
    )
    return Comparison(done.dataset, done.beside)
