"""One block of worlds under every operating model: the unit of work that runs in parallel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.block import Finished, run_team
from aicmo.evaluation.organisations.lived import Lived
from aicmo.evaluation.organisations.models import read
from aicmo.evaluation.organisations.scorecard import SCORECARD
from aicmo.evaluation.organisations.tracks import CAPABILITIES, gates, use
from aicmo.evaluation.reference import dark_team
from aicmo.scenario.organisation import Organisation
from aicmo.scenario.schema import Scenario
from aicmo.scenario.teams import TeamSpec
from aicmo.simulation.history import live_history
from aicmo.simulation.organisation import EXPENSES, GATES
from aicmo.simulation.team import staffed
from aicmo.simulation.world import Start, World, open_world

if TYPE_CHECKING:
    import xarray as xr

TOTALS = ("contribution", "incremental_gross_profit", "spend", "costs", "terminal_value")


def run_models(
    scenario: Scenario, rows: Sequence[int], seed: int, teams: Mapping[str, TeamSpec]
) -> xr.Dataset:
    """Let every team play the same worlds, and keep what tables and figures read."""
    import xarray as xr  # noqa: PLC0415 - slow to import, and `--help` must answer at once

    world = open_world(scenario, seed, rows)
    start = live_history(world)
    dark, waiting = run_team(world, start, dark_team(scenario)), _under_way(start, len(rows))
    runs = []
    for name, spec in teams.items():
        team = staffed(scenario, name, spec)
        runs.append(_kept(Lived(world, team, run_team(world, start, team), dark, waiting)))
    kept = {
        name: (("team", *dims), np.stack([run[name][1] for run in runs]))
        for name, (dims, _) in runs[0].items()
    }
    return xr.Dataset(
        kept,
        coords={
            "team": list(teams),
            "replication": list(rows),
            "measure": [measure.name for measure in SCORECARD],
            "capability": list(CAPABILITIES),
            "gate": list(GATES),
            "expense": list(EXPENSES),
        },
    )


def _under_way(start: Start, replications: int) -> Float[np.ndarray, "R"]:
    """Creatives that the studio had in hand at the opening."""
    waiting = np.zeros(replications)
    for order in () if start.rotated is None else start.rotated.backlog.orders:
        waiting[order.variant.row] += 1.0
    return waiting


def _kept(run: Lived) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
    """Name what is kept of a run, with its dims."""
    week = 7 * 1440 // run.brief.tick_minutes
    gate, by_week = gates(run.record, run.brief.replications), ("week", "replication")
    opened = range(0, run.brief.ticks, week)
    return {
        **{name: (("replication",), run.metrics[name]) for name in TOTALS},
        "score": (("measure", "replication"), np.stack([measure.read(run) for measure in SCORECARD])),
        "weekly_incremental_gross_profit": (by_week, run.incremental),
        "weekly_spend": (by_week, run.weekly("spend")),
        "weekly_costs": (by_week, run.costs),
        "weekly_expense": (("week", "replication", "expense"), np.array(run.run.ledger["organisation"])),
        "gate_asked": (("capability", "gate", "replication"), gate.asked),
        "gate_began": (("capability", "gate", "replication"), gate.began),
        "gate_done": (("capability", "gate", "replication"), gate.done),
        "use": (("capability", "week", "replication"), use(run.record, opened, run.brief.replications)),
    }


def run_variants(
    scenario: Scenario,
    rows: Sequence[int],
    seed: int,
    spec: TeamSpec,
    variants: Mapping[str, Mapping[str, Any]],
) -> xr.Dataset:
    """Let one team play the same worlds under many organisations, each as a file would write it.

    Returns
    -------
    xarray.Dataset
        `earned` (variant, replication) [currency], contribution before what the organisation costs, and that
        `expense`; organisations that come out alike play once.
    """
    import xarray as xr  # noqa: PLC0415 - slow to import, and `--help` must answer at once

    world = open_world(scenario, seed, rows)
    start = live_history(world)
    stage = _Stage(world, start, run_team(world, start, dark_team(scenario)), spec)
    played: dict[str, np.ndarray] = {}
    found = []
    for written in variants.values():
        owner = read(written).model_copy(update={"preset": None, "name": "", "description": ""})
        key = owner.model_dump_json()
        if key not in played:
            played[key] = stage.play(owner)
        found.append(played[key])
    values = np.stack(found, axis=1)
    dims = ("variant", "replication")
    return xr.Dataset(
        {"earned": (dims, values[0]), "expense": (dims, values[1])},
        coords={"variant": list(variants), "replication": list(rows)},
    )


class _Stage:
    """Worlds on which one team plays again and again."""

    def __init__(self, world: World, start: Start, dark: Finished, spec: TeamSpec) -> None:
        self._world, self._start, self._dark, self._spec = world, start, dark, spec

    def play(self, owner: Organisation) -> Float[np.ndarray, "2 R"]:
        """Return what is earned before the organisation's expenses, and these [currency]."""
        team = staffed(self._world.scenario, "variant", self._spec.model_copy(update={"organisation": owner}))
        run = run_team(self._world, self._start, team)
        lived = Lived(self._world, team, run, self._dark, np.zeros(self._world.brief.replications))
        bought = sum(run.ledger.total(name) for name in ("spend", "studio", "experiments", "penalty"))
        # Not contribution + expense: what never happens differently shall differ by nothing, not by rounding.
        earned = lived.books.incremental("gross_profit") - bought - lived.pay
        return np.stack([earned, run.ledger.total("organisation")])
