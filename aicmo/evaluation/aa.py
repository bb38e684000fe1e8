"""The A/A test: the same team twice must not differ from itself, or no comparison means anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.core.intervals import mean_interval
from aicmo.evaluation import results
from aicmo.evaluation.block import run_team
from aicmo.evaluation.findings import Findings
from aicmo.evaluation.parallel import gathered, in_blocks
from aicmo.policies import Policy
from aicmo.scenario.schema import Scenario
from aicmo.simulation.history import live_history
from aicmo.simulation.team import resolve
from aicmo.simulation.world import open_world

LEVEL = 0.99
"""Of a hundred sound teams, one is said to differ from itself."""
RUNS = ("first", "repeated", "other luck")
"""Runs of the team: as a comparison runs it, once more, and with other luck of its own on the same tape."""


@dataclass(frozen=True)
class AaTest(Findings):
    """A team against itself.

    Attributes
    ----------
    dataset : xarray.Dataset
        `earned` (run, replication) [currency]: gross profit − spend − what was bought.
    """

    file: ClassVar[str] = "aa.nc"

    @cached_property
    def summary(self) -> dict[str, Any]:
        """Numbers and the verdict, as `to_json` writes them."""
        about = self.dataset.attrs
        first, repeated, other = (self.dataset["earned"].sel(run=run).values for run in RUNS)
        difference = mean_interval(other - first, LEVEL)
        repeats = bool((repeated == first).all())
        return {
            "schema_version": 1,
            **{name: about[name] for name in ("scenario", "team", "currency", "over")},
            "seed": int(about["seed"]),
            "replications": self.dataset.sizes["replication"],
            "repeats": repeats,
            "draws_luck": bool((other != first).any()),
            "difference": difference.to_json(),
            "sound": repeats and (difference.covers(0.0) or not (other != first).any()),
        }

    @property
    def sound(self) -> bool:
        """Whether the team is equal to itself, as far as these worlds can tell."""
        return bool(self.summary["sound"])


def aa_test(
    scenario: Scenario,
    team: str | Policy = "ai_cmo",
    replications: int = 64,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> AaTest:
    """Run a team three times over the same worlds: twice alike, and once with other luck of its own.

    Alike it must earn the same to the last bit, or a run leaves something behind for the next. With other
    luck the paired difference must cover 0, or what a team draws is worth something in itself.

    Parameters
    ----------
    team : str or Policy
    replications : int
        R, number of worlds.
    workers : int, optional
        Processes; default one for each core. The numbers do not depend on it.
    progress : callable, optional
        Called as blocks finish with the replications done and their total.

    Raises
    ------
    ValueError
        When there is nothing to run.
    UnknownTeamError
        When the name is neither a team nor a policy.
    ResourceError
        When the worlds would not fit into memory, before anything is allocated.
    """
    import xarray as xr  # noqa: PLC0415 - slow to import, and `--help` must answer at once

    name = resolve(scenario, team).name  # a wrong name is told before workers start
    unit = partial(run_alike, seed=seed, team=team)
    blocks = in_blocks(unit, scenario, replications, seed, workers)
    done = dict(gathered(blocks, lambda block: len(block[0]), replications, progress))
    data = xr.Dataset(
        {"earned": (("run", "replication"), np.concatenate(list(done.values()), axis=1))},
        coords={"run": list(RUNS), "replication": [row for rows in done for row in rows]},
        attrs=results.provenance(scenario, replications, seed) | {"team": name, "created_by": "aicmo aa"},
    )
    return AaTest(data.sortby("replication"))


def run_alike(
    scenario: Scenario, rows: Sequence[int], seed: int, team: str | Policy
) -> tuple[tuple[int, ...], Float[np.ndarray, "N R"]]:
    """Run a team as `RUNS` says in a block of worlds; return their ids and what it earned [currency]."""
    world = open_world(scenario, seed, rows)
    start, staffed = live_history(world), resolve(scenario, team)
    earned = []
    for salt in ("", "", "other luck"):
        ledger = run_team(world, start, staffed, salt).ledger
        paid = sum(
            ledger.total(name) for name in ("spend", "studio", "experiments", "penalty", "organisation")
        )
        earned.append(ledger.total("gross_profit") - paid)
    return tuple(rows), np.stack(earned)
