"""Where an uplift comes from: Shapley values of what differs between two teams, and what frictions cost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Bool, Float

from aicmo.core.intervals import mean_interval
from aicmo.core.ratio import ratio_interval
from aicmo.core.shapley import shapley_values
from aicmo.evaluation.block import Beside
from aicmo.evaluation.frictions import FRICTIONS
from aicmo.evaluation.summary import LEAST_BASE, LEVEL
from aicmo.evaluation.switches import Switch, Switchboard, coalitions
from aicmo.evaluation.waterfall_block import add_waterfall

if TYPE_CHECKING:
    import xarray as xr

Rows = Float[np.ndarray, "R"]
PAY = "salaries and tools"
"""The step that is no switch: what the two teams cost differs by the same amount in every coalition."""


@dataclass(frozen=True)
class Waterfall:
    """What is between the baseline and one team.

    Attributes
    ----------
    team : str
    board : Switchboard
        Of the scenario as it is written, whatever latency its worlds draw.
    """

    team: str
    board: Switchboard

    @property
    def beside(self) -> Beside:
        """What each block of worlds runs beside the teams."""
        return partial(add_waterfall, team=self.team, live=self.board.live)

    def joined(self, data: xr.Dataset, measured: Mapping[str, np.ndarray]) -> xr.Dataset:
        """Add the waterfall to the results of a comparison.

        Parameters
        ----------
        measured : mapping
            `coalition_contribution` (G, R), `pay_step` (R,) and `friction_cost` (F, 2, R), replications as in
            `data`.

        Returns
        -------
        xarray.Dataset
            With the dims `step` (the live switches, then `salaries and tools`), `coalition`, `friction` and
            `side` (the baseline, then the team), and

            - `step_contribution` (step, replication) [currency]: Shapley values; they add up to the team's
              contribution − the baseline's in every replication;
            - `step_before`, `step_after` (step): what a step replaces by what, in words;
            - `coalition_member` (coalition, step): what is switched on; pay is the baseline's in all of them;
            - `coalition_contribution` (coalition, replication) [currency]: the first is the baseline's own;
            - `friction_cost` (friction, side, replication) [currency]: contribution without it − with it;
            - the attributes `waterfall_team`, and `waterfall_idle`, JSON of the switches that change nothing
              and why.
        """
        live, sides = self.board.live, [str(data.attrs["baseline"]), self.team]
        steps = [*shapley_values(measured["coalition_contribution"]), measured["pay_step"]]
        before, after = zip(*map(self.board.sides, live), self.board.pay, strict=True)
        return (
            data.assign(
                step_contribution=(("step", "replication"), np.stack(steps)),
                step_before=("step", np.array(before, dtype=object)),
                step_after=("step", np.array(after, dtype=object)),
                coalition_member=(("coalition", "step"), _members(live)),
                coalition_contribution=(("coalition", "replication"), measured["coalition_contribution"]),
                friction_cost=(("friction", "side", "replication"), measured["friction_cost"]),
            )
            .assign_coords(
                step=[*live, PAY],
                coalition=[" + ".join(on) or sides[0] for on in coalitions(live)],
                friction=list(FRICTIONS),
                side=sides,
            )
            .assign_attrs(waterfall_team=self.team, waterfall_idle=json.dumps(self.board.idle))
        )


def _members(live: Sequence[Switch]) -> Bool[np.ndarray, "G N"]:
    """Tell which steps each coalition has taken; pay is none of them."""
    return np.array([[switch in on for switch in (*live, PAY)] for on in coalitions(live)])


def waterfall(data: xr.Dataset) -> dict[str, Any] | None:
    """Return the steps from the baseline to a team with their intervals; None where they were not asked for.

    Returns
    -------
    dict
        `team`, `baseline`, the contribution of both, their `uplift`, `steps` (each an M of its
        `contribution`, `relative` to the baseline's, and what it adds `alone`, to the baseline, and `last`,
        to all the others), `idle` (switches that change nothing, and why), and `frictions` (what each costs
        the baseline, the team, and the uplift).
    """
    if "step_contribution" not in data:
        return None
    baseline, team = (str(name) for name in data["side"].values)
    earned = {name: data["contribution"].sel(team=name).values for name in (baseline, team)}
    least = LEAST_BASE * float(data["spend"].sel(team=baseline).mean())
    return {
        "baseline": baseline,
        "team": team,
        "contribution": {name: _m(values) for name, values in earned.items()},
        "uplift": _m(earned[team] - earned[baseline]),
        "steps": {
            str(name): _step(data.sel(step=name), earned[baseline], least) for name in data["step"].values
        },
        "idle": json.loads(data.attrs["waterfall_idle"]),
        "frictions": {
            str(name): _friction(data["friction_cost"].sel(friction=name)) for name in data["friction"].values
        },
    }


def _step(one: xr.Dataset, base: Rows, least: float) -> dict[str, Any]:
    own, worth, on = (
        one[name].values for name in ("step_contribution", "coalition_contribution", "coalition_member")
    )
    name = "the baseline's contribution"
    # where nobody switches it, as with pay, it adds the same to all
    ends = (worth[on][0] - worth[0], worth[-1] - worth[~on][-1]) if on.any() else (own, own)
    return {
        "before": str(one["step_before"].item()),
        "after": str(one["step_after"].item()),
        "contribution": _m(own),
        "relative": ratio_interval(own, base, LEVEL, least=least, name=name).to_json(),
        "alone": _m(ends[0]),
        "last": _m(ends[1]),
    }


def _friction(cost: xr.DataArray) -> dict[str, Any]:
    before, after = cost.values
    return {"baseline": _m(before), "team": _m(after), "uplift": _m(after - before)}


def _m(values: Rows) -> dict[str, Any]:
    return mean_interval(values, LEVEL).to_json()
