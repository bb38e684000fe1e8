"""The promise of 15 to 25 % better ROI, held against a scenario and against what decides it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from aicmo.evaluation import results
from aicmo.evaluation.cell_runs import Announce, Progress, run_cells
from aicmo.evaluation.cell_store import CellStore, Question
from aicmo.evaluation.cells import Cell, cells
from aicmo.evaluation.claim_finding import sentence
from aicmo.evaluation.finding import HEADLINE
from aicmo.evaluation.findings import Findings
from aicmo.evaluation.levers import Variation, variations
from aicmo.evaluation.summary import summarise
from aicmo.evaluation.sweep import joined
from aicmo.evaluation.sweep_finding import spend_alike
from aicmo.evaluation.verdict import PROMISE, verdict
from aicmo.scenario.problems import ScenarioError
from aicmo.scenario.schema import Scenario
from aicmo.scenario.vary import VaryError

PEOPLE = {"manual_quarterly": "typical", "manual_strong": "strong", "manual_weak": "weak"}
"""Baselines and their experience; the first is the one of every variation. Weak never stands alone."""


@dataclass(frozen=True)
class Claim(Findings):
    """How the promise fares in a scenario and around it.

    Attributes
    ----------
    dataset : xarray.Dataset
        Dims cell (the first is the scenario as it is), team, replication.
    """

    file: ClassVar[str] = "claim.nc"

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The JSON as Python values."""
        told = json.loads(self.dataset.attrs["axes"])
        base = {name: self._compared(0, name) for name in PEOPLE}
        head = {
            name: value
            for name, value in base[next(iter(PEOPLE))].items()
            if name not in {"teams", "baseline"}
        }
        return {
            **head,
            "team": HEADLINE,
            "promise": list(PROMISE),
            "baselines": {name: _uplift(one, name) for name, one in base.items()},
            "variations": [
                {**about, **_uplift(self._compared(i, "manual_quarterly"), "manual_quarterly")}
                for i, about in enumerate(told["variations"], start=1)
            ],
            "refused": told["refused"],
        }

    @property
    def sentence(self) -> str:
        """The answer in one plain sentence."""
        return sentence(self.summary)

    def _compared(self, cell: int, baseline: str) -> dict[str, Any]:
        one = self.dataset.isel(cell=cell)
        return summarise(one.assign_attrs(baseline=baseline))


def claim(
    scenario: Scenario,
    replications: int = 32,
    seed: int = 1,
    workers: int | None = None,
    out: str | Path | None = None,
    announce: Announce | None = None,
    progress: Progress | None = None,
) -> Claim:
    """Ask whether an AI CMO brings 15 to 25 % better ROI here, over whom, and what decides it.

    The AI CMO meets manual teams of three strengths in the scenario as it is, and the typical one where one
    thing is otherwise at a time (`aicmo.evaluation.levers`), on the same seed.

    Parameters
    ----------
    replications : int
        R, number of worlds in each variation.
    workers : int, optional
        Processes; default one for each core. The numbers do not depend on it.
    out : path, optional
        Folder in which finished cells are kept: asked again, none of them is repeated.
    announce, progress : callable, optional
        As in `aicmo.sweep`.

    Raises
    ------
    ResourceError
        When the worlds would not fit into memory.
    """
    kept, refused = _possible(scenario, variations(scenario))
    made = [*cells(scenario, [{}]), *(cell for _, cell in kept)]
    teams = {name: name for name in (*PEOPLE, HEADLINE)}
    question = Question(scenario.text, teams, next(iter(PEOPLE)), replications, seed)
    store = CellStore.within(out)
    found = run_cells(made, question, workers, store, announce, progress)
    told = {
        "variations": [{"lever": one.lever, "value": one.value, "at": dict(one.at)} for one, _ in kept],
        "refused": refused,
    }
    about = results.provenance(scenario, replications, seed) | {"baseline": question.baseline}
    return Claim(joined(made, found, told, about | {"created_by": "aicmo claim"}))


def _possible(
    scenario: Scenario, wished: Sequence[Variation]
) -> tuple[list[tuple[Variation, Cell]], list[dict[str, str]]]:
    """Make the cells of variations that the scenario allows; of the others, say why not."""
    kept, refused = [], []
    for one in wished:
        try:
            kept.append((one, cells(scenario, [one.at])[0]))
        except (ScenarioError, VaryError) as error:
            refused.append({"lever": one.lever, "value": one.value, "reason": str(error).splitlines()[0]})
    return kept, refused


def _uplift(compared: dict[str, Any], baseline: str) -> dict[str, Any]:
    """Return the uplift of the AI CMO over a baseline, and how it stands to the promise."""
    teams = compared["teams"]
    uplift = teams[HEADLINE]["uplift"]
    return {
        "uplift": uplift,
        "verdict": str(verdict(uplift["roi_relative"])),
        "same_spend": spend_alike(teams, HEADLINE, baseline),
    }
