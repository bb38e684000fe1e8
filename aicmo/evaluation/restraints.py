"""What each guardrail costs: the same team on the same tape with and without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.core.intervals import mean_interval
from aicmo.core.ratio import ratio_interval
from aicmo.evaluation import results
from aicmo.evaluation.block import books_beside, run_team
from aicmo.evaluation.findings import Findings
from aicmo.evaluation.metrics import measure_all
from aicmo.evaluation.parallel import gathered, in_blocks
from aicmo.evaluation.reference import dark_team
from aicmo.evaluation.summary import LEAST_BASE, LEVEL
from aicmo.policies import Policy
from aicmo.scenario.schema import Scenario
from aicmo.simulation.history import live_history
from aicmo.simulation.restraint import Restraint
from aicmo.simulation.team import Team, resolve
from aicmo.simulation.world import open_world

if TYPE_CHECKING:
    import xarray as xr

ALL = "all guardrails"
COUNTS = ("interventions", "decisions", "binding", "limits", "priced", "price")


@dataclass(frozen=True)
class Block:
    """What guardrails did in some replications: by guardrail, (R,) each."""

    rows: tuple[int, ...]
    contribution: Float[np.ndarray, "R"]
    spend: Float[np.ndarray, "R"]
    without: Mapping[str, Float[np.ndarray, "R"]]
    restraint: Mapping[str, Restraint]


@dataclass(frozen=True)
class Restraints(Findings):
    """The price of each guardrail.

    Attributes
    ----------
    dataset : xarray.Dataset
        Dims guardrail (the last is all of them) and replication.
    """

    file: ClassVar[str] = "guardrails.nc"

    @cached_property
    def summary(self) -> dict[str, Any]:
        """Numbers with intervals, as `to_json` writes them."""
        data, about = self.dataset, self.dataset.attrs
        names = [str(name) for name in data["guardrail"].values]
        return {
            "schema_version": 1,
            **{name: about[name] for name in ("scenario", "team", "currency", "over")},
            "seed": int(about["seed"]),
            "replications": data.sizes["replication"],
            "contribution": mean_interval(data["contribution"].values, LEVEL).to_json(),
            "guardrails": {name: _told(data.sel(guardrail=name)) for name in names},
        }


def price_guardrails(
    scenario: Scenario,
    team: str | Policy = "ai_cmo",
    replications: int = 32,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Restraints:
    """Run a team with all guardrails, without each, and without any, from the same history on the same tape.

    The history was lived under all of them, so that what is measured is the horizon alone.

    Parameters
    ----------
    team : str or Policy
        Whose guardrails are taken away.
    replications : int
        R, number of worlds.
    workers : int, optional
        Processes; default one for each core. The numbers do not depend on it.
    progress : callable, optional
        Called as blocks finish with the replications done and their total.

    Raises
    ------
    ValueError
        When there is nothing to run, or the scenario has no guardrails.
    UnknownTeamError
        When the name is neither a team nor a policy.
    ResourceError
        When the worlds would not fit into memory, before anything is allocated.
    """
    if not scenario.guardrails:
        raise NoGuardrailsError(f"scenario {scenario.name!r} has no guardrails: there is nothing to price")
    resolve(scenario, team)  # a wrong name is told before workers start
    unit = partial(run_restraints, seed=seed, team=team)
    blocks = in_blocks(unit, scenario, replications, seed, workers)
    done = gathered(blocks, lambda block: len(block.rows), replications, progress)
    return Restraints(_dataset(scenario, done, team if isinstance(team, str) else team.kind, seed))


class NoGuardrailsError(ValueError):
    """Nothing limits anybody."""


def run_restraints(scenario: Scenario, rows: Sequence[int], seed: int, team: str | Policy) -> Block:
    """Run a team in a block of worlds with every set of guardrails."""
    world = open_world(scenario, seed, rows)
    start, staffed = live_history(world), resolve(scenario, team)
    dark = run_team(world, start, dark_team(scenario))
    costs = np.full(len(rows), staffed.costs(world.brief))

    def metrics(variant: Team) -> tuple[Mapping[str, np.ndarray], Mapping[str, Restraint]]:
        finished = run_team(world, start, variant)
        return measure_all(books_beside(finished, dark, costs)), finished.ledger.restraint

    kept, restraint = metrics(staffed)
    without = {name: metrics(variant)[0]["contribution"] for name, variant in _without(staffed)}
    return Block(tuple(rows), kept["contribution"], kept["spend"], without, restraint)


def _without(team: Team) -> Iterator[tuple[str, Team]]:
    """Yield the team without the guardrails of each kind, and without any."""
    kinds = list(dict.fromkeys(guardrail.kind for guardrail in team.guardrails))
    for kind in kinds:
        others = tuple(guardrail for guardrail in team.guardrails if guardrail.kind != kind)
        yield kind, replace(team, guardrails=others)
    yield ALL, replace(team, guardrails=())


def _dataset(scenario: Scenario, blocks: Sequence[Block], team: str, seed: int) -> xr.Dataset:
    import xarray as xr  # noqa: PLC0415 - slow to import, and `--help` must answer at once

    names, both = list(blocks[0].without), ("guardrail", "replication")
    rows = [row for block in blocks for row in block.rows]
    counted = {
        name: (both, np.concatenate([_counts(block, name, names) for block in blocks], axis=1))
        for name in COUNTS
    }
    without = [np.stack([block.without[name] for name in names]) for block in blocks]
    own = {
        name: (both[1:], np.concatenate([getattr(block, name) for block in blocks]))
        for name in ("contribution", "spend")
    }
    return xr.Dataset(
        counted | own | {"contribution_without": (both, np.concatenate(without, axis=1))},
        coords={"guardrail": names, "replication": rows},
        attrs=results.provenance(scenario, len(rows), seed)
        | {"team": team, "created_by": "aicmo guardrails"},
    ).sortby("replication")


def _counts(block: Block, count: str, names: Sequence[str]) -> np.ndarray:
    """Stack counts by guardrail and replication; all together have none of their own."""
    nothing = Restraint.none(len(block.rows))
    return np.stack([getattr(block.restraint.get(name, nothing), count) for name in names])


def _told(one: xr.Dataset) -> dict[str, Any]:
    values = {str(name): one[name].values for name in one.data_vars}
    cost = values["contribution_without"] - values["contribution"]
    least = LEAST_BASE * float(values["spend"].mean())
    relative = ratio_interval(
        cost, values["contribution"], LEVEL, least=least, name="the team's contribution"
    )
    decisions, priced = values["decisions"].sum(), values["priced"].sum()
    return {
        "interventions": float(values["interventions"].mean()),
        "binding": float(values["binding"].sum() / decisions) if decisions else None,
        "price": float(values["price"].sum() / priced) if priced else None,
        "cost": mean_interval(cost, LEVEL).to_json(),
        "cost_relative": relative.to_json(),
    }
