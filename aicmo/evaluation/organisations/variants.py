"""Which further organisations play once the models are ranked: mixtures, other assumptions, closed gaps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from aicmo.core.shapley import shapley_values
from aicmo.evaluation.organisations.assumptions import ASSUMPTIONS, FACTORS, varied
from aicmo.evaluation.organisations.gaps import gaps
from aicmo.evaluation.organisations.models import plain
from aicmo.evaluation.organisations.parts import COST, PARTS, coalitions, mixed
from aicmo.scenario.organisation import Organisation

if TYPE_CHECKING:
    import xarray as xr

Owners = Mapping[str, Organisation]
Written = dict[str, dict[str, Any]]


def wanted(owners: Owners, between: tuple[str, str], leader: str, *, assumptions: bool) -> Written:
    """Write every organisation that a finding needs, by a key that says what it is for."""
    before, after = owners[between[0]], owners[between[1]]
    found = {_mix(on): mixed(before, after, on) for on in coalitions()}
    found["as it is"] = plain(owners[leader])
    for gap in gaps(owners[leader]):
        found[f"closed/{gap.name}"] = gap.written
        if gap.without is not None:
            found[f"never/{gap.name}"] = gap.without
    for name in ASSUMPTIONS if assumptions else ():
        for step, factor in FACTORS.items():
            for model, owner in owners.items():
                found[_case(name, step, model)] = varied(owner, name, factor)
    return found


def joined(data: xr.Dataset, played: xr.Dataset, owners: Owners, leader: str) -> xr.Dataset:
    """Put what was played beside the models' own runs.

    Returns
    -------
    xarray.Dataset
        With `step_contribution` (step, replication), which add up to what one model of the pair earns more
        than the other; `gap_closed`, `gap_never` (gap, replication), what the leader would earn before
        expenses, the second NaN where no programme is about it, and `leader_earned` (replication); and, where
        asked for, `assumption_contribution` (assumption, factor, owner, replication). All [currency].
    """
    earned, both = _by_key(played, "earned"), ("step", "replication")
    mixes = np.stack([earned[_mix(on)] for on in coalitions()])
    expense = _by_key(played, "expense")
    cost = expense[_mix(())] - expense[_mix(PARTS)]
    names = [gap.name for gap in gaps(owners[leader])]
    nothing = np.full_like(cost, np.nan)
    kept: dict[str, Any] = {
        "step_contribution": (both, np.stack([*shapley_values(mixes), cost])),
        "gap_closed": (("gap", "replication"), _stack(earned, names, "closed", nothing)),
        "gap_never": (("gap", "replication"), _stack(earned, names, "never", nothing)),
        "leader_earned": (("replication",), earned["as it is"]),
    }
    coords: dict[str, Any] = {"step": [*PARTS, COST], "gap": names}
    if any(key.startswith("assumption/") for key in earned):
        kept["assumption_contribution"] = (
            ("assumption", "factor", "owner", "replication"),
            _cube(lambda key: earned[key] - expense[key], owners),
        )
        coords |= {"assumption": list(ASSUMPTIONS), "factor": list(FACTORS), "owner": list(owners)}
    return data.assign(kept).assign_coords(coords)


def _by_key(played: xr.Dataset, name: str) -> dict[str, np.ndarray]:
    keys = [str(key) for key in played["variant"].values]
    return dict(zip(keys, played[name].values, strict=True))


def _stack(earned: Mapping[str, np.ndarray], names: list[str], kind: str, nothing: np.ndarray) -> np.ndarray:
    return np.array([earned.get(f"{kind}/{name}", nothing) for name in names]).reshape(
        len(names), nothing.size
    )


def _cube(net: Callable[[str], np.ndarray], owners: Owners) -> np.ndarray:
    return np.array(
        [[[net(_case(name, step, model)) for model in owners] for step in FACTORS] for name in ASSUMPTIONS]
    )


def _mix(on: tuple[str, ...]) -> str:
    return "mix/" + "+".join(on)


def _case(assumption: str, step: str, model: str) -> str:
    return f"assumption/{assumption}/{step}/{model}"
