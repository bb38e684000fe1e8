"""Operating models compared: the same team, owned by somebody else, in the same worlds."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

from aicmo.evaluation import results
from aicmo.evaluation.findings import Findings
from aicmo.evaluation.organisations import finding, summary, variants
from aicmo.evaluation.organisations.block import run_models, run_variants
from aicmo.evaluation.organisations.differences import ranking
from aicmo.evaluation.organisations.gaps import UNPRICED, gaps
from aicmo.evaluation.organisations.models import AUTOMATION, ModelsError, contenders
from aicmo.evaluation.parallel import gathered, in_blocks
from aicmo.scenario.organisation import Organisation
from aicmo.scenario.presets import spec_of
from aicmo.scenario.schema import Scenario
from aicmo.scenario.teams import TeamSpec

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Progress = Callable[[int, int], None]
"""Called as blocks finish: replications done, and their total; first for the models, then for the rest."""


@dataclass(frozen=True)
class Organisations(Findings):
    """What each operating model earns, when its capabilities are live, its scorecard, and what decides.

    Attributes
    ----------
    dataset : xarray.Dataset
        Dims team (operating models, the manual baseline first), replication, week, measure, capability,
        gate, expense; step, gap, assumption, factor and owner of what was played beside.
    """

    file: ClassVar[str] = "organisations.nc"

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The JSON as Python values."""
        return summary.summarise(self.dataset)

    @property
    def sentence(self) -> str:
        """The finding in plain sentences; the first says whether the ranking turns on an assumption."""
        return " ".join(finding.sentences(self.summary))

    def table(self) -> pd.DataFrame:
        """Return one row a model, best first: means, with the limits of the uplift over the baseline."""
        import pandas as pd  # noqa: PLC0415 - slow to import, and `--help` must answer at once

        rows = {
            name: {kind: one[kind]["mean"] for kind in ("contribution", "spend", "costs", "roi")}
            | {"uplift": one["uplift"]["mean"], "uplift_low": one["uplift"]["low"]}
            | {"uplift_high": one["uplift"]["high"], "p_better": one["p_better"]["share"]}
            for name, one in self.summary["models"].items()
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")

    def scorecard(self) -> pd.DataFrame:
        """Return one row a measure and one column a model: means, missing where not measured."""
        import pandas as pd  # noqa: PLC0415 - slow to import, and `--help` must answer at once

        columns = {
            name: {key: item["value"]["mean"] for key, item in one["scorecard"].items()}
            for name, one in self.summary["models"].items()
        }
        return pd.DataFrame(columns, dtype=float).rename_axis("measure")


def organisations(
    scenario: Scenario,
    team: str = "ai_cmo",
    baseline: str = "manual_quarterly",
    models: Sequence[str] | None = None,
    between: tuple[str, str] | None = None,
    replications: int = 16,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
    *,
    assumptions: bool = True,
) -> Organisations:
    """Run the same team under every operating model, over the same worlds, and ask what makes the difference.

    Parameters
    ----------
    team : str
        Who is owned.
    baseline : str
        The manual team of the same company: with its data, studio and governance, without a programme.
    models : sequence of str, optional
        Shipped operating models, or teams of the scenario with an organisation of their own; default all.
    between : (str, str), optional
        The two models whose difference is taken apart; default the last and the first of the ranking.
    replications : int
        R, number of worlds.
    assumptions : bool
        Whether every assumption is halved and doubled too, which takes most of the time.

    Raises
    ------
    ModelsError
        When an operating model is unknown, or there is nothing to compare.
    UnknownTeamError
        When a team is unknown.
    ResourceError
        When the worlds would not fit into memory, before anything is allocated.
    """
    playing = contenders(scenario, team, baseline, models)
    owners = _owned_alike(playing, spec_of(scenario, team))
    _require_pair(between, owners)
    told = partial(gathered, worlds=_worlds, replications=replications, progress=progress)
    unit = partial(run_models, seed=seed, teams=playing)
    data = _joined(told(in_blocks(unit, scenario, replications, seed, workers)))
    ranked = [name for name in _ranked(data) if name in owners]
    if ranked:
        pair, leader = between or (ranked[-1], ranked[0]), ranked[0]
        asked = variants.wanted(owners, pair, leader, assumptions=assumptions)
        more = partial(run_variants, seed=seed, spec=spec_of(scenario, team), variants=asked)
        played = _joined(told(in_blocks(more, scenario, replications, seed, workers)))
        prices = json.dumps(_prices(scenario, owners[leader]))
        data = variants.joined(data, played, owners, leader).assign_attrs(
            between=json.dumps(pair), gaps=prices, leader=leader
        )
    about = results.provenance(scenario, replications, seed) | _attributes(scenario, team, baseline, playing)
    return Organisations(data.assign_attrs(about))


def _attributes(
    scenario: Scenario, team: str, baseline: str, playing: Mapping[str, TeamSpec]
) -> dict[str, str]:
    owned = {name: spec for name, spec in playing.items() if name not in (baseline, AUTOMATION)}
    return {
        "created_by": "aicmo organisations",
        "team": team,
        "baseline": baseline,
        "start": scenario.calendar.start.isoformat(),
        "owners": json.dumps({name: _about(spec) for name, spec in owned.items()}),
    }


def _require_pair(between: tuple[str, str] | None, owners: Mapping[str, Organisation]) -> None:
    for name in between or ():
        if name not in owners:
            raise ModelsError(
                f"--between: no model of the same team named {name!r}; there are {', '.join(owners)}"
            )


def _owned_alike(playing: Mapping[str, TeamSpec], spec: TeamSpec) -> dict[str, Organisation]:
    """Return the organisations around this very team: others cannot be mixed with them."""
    same = {"organisation": None, "preset": spec.preset, "description": spec.description}
    bare = spec.model_copy(update={"organisation": None})
    return {
        name: other.organisation
        for name, other in playing.items()
        if other.organisation is not None
        and other.organisation.programme.roadmap
        and other.model_copy(update=same) == bare
    }


def _about(spec: TeamSpec) -> dict[str, Any]:
    """Describe a model: what tables say of it, and which conditions each of its capabilities changes."""
    owner = spec.organisation
    if owner is None:
        return {"description": spec.description, "brings": {}}
    return {
        "description": owner.description or spec.description,
        "brings": {name: list(owner.capabilities[name].brings.values) for name in owner.programme.roadmap},
    }


def _prices(scenario: Scenario, owner: Organisation) -> dict[str, dict[str, Any]]:
    """Return what closing each gap costs over the horizon [currency]."""
    budget = sum(scenario.budget.periods)
    weeks = scenario.calendar.horizon / (7 * 1440)
    found = {}
    for gap in gaps(owner):
        cost = None if gap.price is None else gap.price * budget + gap.once * budget * 13.0 / weeks
        found[gap.name] = {"closed": gap.closed, "cost": cost} | (
            {"reason": UNPRICED} if cost is None else {}
        )
    return found


def _ranked(data: xr.Dataset) -> tuple[str, ...]:
    return ranking(data["contribution"].values, [str(name) for name in data["team"].values])


def _worlds(block: xr.Dataset) -> int:
    return block.sizes["replication"]


def _joined(blocks: Sequence[xr.Dataset]) -> xr.Dataset:
    """Join blocks, in the order of their replications."""
    import xarray as xr  # noqa: PLC0415 - slow to import, and `--help` must answer at once

    return xr.concat(blocks, "replication", data_vars="minimal").sortby("replication")
