"""The operating models of a scenario: presets, with what the scenario itself says about its company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from aicmo.evaluation.reference import REFERENCES
from aicmo.scenario.operating_models import operating_models, shipped
from aicmo.scenario.organisation import Organisation, Ownership
from aicmo.scenario.overlay import overlay
from aicmo.scenario.presets import PRESETS, spec_of
from aicmo.scenario.schema import Scenario
from aicmo.scenario.teams import TeamSpec
from aicmo.shelf import did_you_mean

ADAPTER: TypeAdapter[Organisation] = TypeAdapter(Ownership)
AUTOMATION = "marketing_automation"
"""The contender with fixed rules, where such a team ships or the scenario has one."""
NAMING = ("preset", "name", "description")
# People and rules plan by themselves: how late they read and act is part of how they work, and nobody signs.
BY_HAND: dict[str, Any] = {
    "name": "today",
    "description": "The same company without a programme: its data, its studio, its governance.",
    "conditions": dict.fromkeys(("collect", "unify", "understand", "engage"), "0d") | {"autonomy": 1.0},
    "stack": {"vendors": 1},
    "programme": {"roadmap": ()},
    "capabilities": {},
}


class ModelsError(ValueError):
    """Operating models that cannot be compared."""


def plain(owner: Organisation) -> dict[str, Any]:
    """Return an organisation as a person would write it, everything said."""
    return dict(_frozen(owner.model_dump(mode="json", by_alias=True)))


def read(written: Mapping[str, Any]) -> Organisation:
    """Read an organisation as a file's would be.

    Raises
    ------
    ValidationError
        When it would be refused there.
    """
    return ADAPTER.validate_python(dict(written))


def own_words(scenario: Scenario) -> dict[str, Any]:
    """Return what the scenario's `organisation:` says beyond its preset, to hold in every model."""
    owner = scenario.organisation
    if owner is None:
        return {}
    usual = read({} if owner.preset is None else {"preset": owner.preset})
    said = _beyond(plain(usual), plain(owner))
    return {key: value for key, value in said.items() if key not in NAMING}


def model(scenario: Scenario, name: str) -> Organisation:
    """Return a shipped operating model in this scenario's company."""
    return read(overlay({"preset": name}, own_words(scenario)))


def today(scenario: Scenario) -> Organisation:
    """Return the company as it is before any programme, for those who work by hand or by fixed rules."""
    company = overlay(shipped()["company"], own_words(scenario))
    return read(overlay(company, BY_HAND) | {"capabilities": {}})


def contenders(
    scenario: Scenario, team: str, baseline: str, models: Sequence[str] | None
) -> dict[str, TeamSpec]:
    """Name everybody who plays, the baseline first.

    Then come automation, where there is one, the same team under every operating model, and teams of the
    scenario that have an organisation of their own.

    Raises
    ------
    UnknownTeamError
        When a team is unknown.
    ModelsError
        When an operating model is unknown, or fewer than two are left to compare.
    """
    wanted = list(dict.fromkeys(operating_models() if models is None else models))
    own = [name for name, spec in scenario.teams.items() if spec.organisation is not None]
    _require_known(wanted, own)
    spec, hand = spec_of(scenario, team), {"organisation": today(scenario)}
    playing = {baseline: spec_of(scenario, baseline).model_copy(update=hand)}
    if AUTOMATION in {*PRESETS, *scenario.teams} and baseline != AUTOMATION:
        playing[AUTOMATION] = spec_of(scenario, AUTOMATION).model_copy(update=hand)
    for name in wanted if models is not None else [*wanted, *own]:
        playing[name] = (
            spec_of(scenario, name)
            if name in own
            else spec.model_copy(update={"organisation": model(scenario, name)})
        )
    if len(playing) < 2:
        raise ModelsError("expected at least one operating model to compare with the baseline, got none")
    return playing


def _require_known(wanted: Sequence[str], own: Sequence[str]) -> None:
    known = [*operating_models(), *own]
    for name in wanted:
        if name in REFERENCES or name not in known:
            raise ModelsError(f"no operating model named {name!r}. {did_you_mean(name, known)}")


def _beyond(usual: Any, given: Any) -> Any:
    """Return what differs, mapping by mapping."""
    if not (isinstance(usual, dict) and isinstance(given, dict)):
        return given
    changed = {key: _beyond(usual.get(key), value) for key, value in given.items() if usual.get(key) != value}
    return {key: value for key, value in changed.items() if value != {}}


def _frozen(value: Any) -> Any:
    """Return lists as tuples, as the parser of files does."""
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(_frozen(item) for item in value) if isinstance(value, (list, tuple)) else value
