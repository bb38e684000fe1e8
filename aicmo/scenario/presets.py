"""Teams that ship, as a person would write them, and how a team is found by its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from aicmo.policies import SHELF as POLICIES
from aicmo.policies import Policy
from aicmo.scenario.model import again, detail, refusal
from aicmo.scenario.overlay import overlay
from aicmo.scenario.quantities import Name
from aicmo.scenario.teams import TeamSpec
from aicmo.shelf import did_you_mean

if TYPE_CHECKING:
    from aicmo.scenario.schema import Scenario

# Seats for which a market has no use stay empty (`TeamSpec`), so presets fill them all.
BY_HAND = {
    "targeting": {"kind": "quarterly_breadth", "cadence": "4w"},
    "creative": {"kind": "refresh", "cadence": "1w"},
}
BY_AGENTS = {
    "targeting": {"kind": "audience", "cadence": "4w"},
    "creative": {"kind": "creative", "cadence": "1w"},
    "pacing": {"kind": "channel", "cadence": "1d"},
}
# Costs are assumptions, nearly equal for all, so that no uplift comes from cheaper heads: agencies take
# 5–10 % of media (trade practice, weak). Write `costs:` in the scenario to put your own.
BY_PEOPLE = {"kind": "planner", "policy": {"kind": "manual_quarterly"}, "cadence": "1w"}
PRESETS: dict[str, dict[str, Any]] = {
    "manual_weak": {
        "description": "Last year's shares by season; nobody looks at results.",
        "budget": {"kind": "planner", "policy": {"kind": "last_year_share"}, "cadence": "1w"},
        "creative": {"kind": "refresh", "every_period": True, "cadence": "period"},
        "costs": {"share_of_budget": 0.05},
    },
    "manual_quarterly": {
        "description": "A competent manual team: quarterly plan by reported ROAS, weekly look.",
        "budget": BY_PEOPLE,
        **BY_HAND,
        "costs": {"share_of_budget": 0.05},
    },
    "manual_strong": {
        "description": "The same people with the AI's posterior and allocator, re-solved monthly.",
        "budget": {
            "kind": "planner",
            "policy": {"kind": "quarterly_optimizer", "resolve_weeks": 4},
            "cadence": "1w",
        },
        "experiments": {"kind": "quarterly_holdout", "cadence": "period"},
        **BY_HAND,
        "costs": {"share_of_budget": 0.06},
    },
    "ai_cmo": {
        "description": "Agents that learn every day and reallocate every week within the guardrails.",
        "budget": {"kind": "optimization", "policy": {"kind": "ai_cmo"}, "cadence": "1w"},
        "experiments": {"kind": "incrementality", "cadence": "1w"},
        **BY_AGENTS,
        "costs": {"share_of_budget": 0.06},
    },
    "marketing_automation": {
        "description": "Fixed if-then rules on triggers, set up once; nobody learns.",
        "budget": {"kind": "optimization", "policy": {"kind": "marketing_automation"}, "cadence": "1d"},
        **BY_HAND,
        "costs": {"share_of_budget": 0.055},
    },
    "level_1": {
        "description": "Task automation: agents pace, target and mix creatives inside human budgets.",
        "budget": BY_PEOPLE,
        **BY_AGENTS,
        "costs": {"share_of_budget": 0.06},
    },
    "level_2": {
        "description": "Campaign autonomy: people split money between channels, agents move it inside.",
        "budget": {
            "kind": "within_channels",
            "people": {"policy": {"kind": "manual_quarterly"}},
            "policy": {"kind": "ai_cmo"},
            "cadence": "1w",
        },
        **BY_AGENTS,
        "costs": {"share_of_budget": 0.06},
    },
}
PRESETS["level_0"], PRESETS["level_3"] = PRESETS["manual_quarterly"], PRESETS["ai_cmo"]
LADDER = ("level_0", "level_1", "level_2", "level_3")
"""How mature a team is (model.md): the same people and agents, with more and more left to the agents."""
AROUND: dict[str, Any] = {**BY_AGENTS, "costs": {"share_of_budget": 0.05}}
"""The default team around a policy that is named alone."""
REFERENCES = ("dark", "clairvoyant", "hindsight")
"""Names of reference runs, which no team may take."""


class UnknownTeamError(LookupError):
    """No team of that name."""


def completed(teams: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Put what a scenario says about its teams over the presets that they change, and read the result.

    Raises
    ------
    ValidationError
        When a preset is unknown, a team takes the name of a reference run, or a team is wrong in itself.
    """
    if not isinstance(teams, dict):
        return handler(teams)
    wrong = {name: list(_objections(name, given)) for name, given in teams.items()}
    found = [detail(loc, said) for objections in wrong.values() for loc, said in objections]
    try:
        read = handler({name: _completed(name, given) for name, given in teams.items() if not wrong[name]})
    except ValidationError as error:
        found += [again(item) for item in error.errors()]
    if found:
        raise refusal("teams", found)
    return read


def _objections(name: str, given: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    if name in REFERENCES:
        yield (name,), f"{name!r} is the name of a reference run. Choose another."
    base = given.get("preset") if isinstance(given, dict) else None
    if isinstance(base, str) and base not in PRESETS:
        yield (name, "preset"), f"no team ships as {base!r}. {did_you_mean(base, list(PRESETS))}"


def _completed(name: str, given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    base = given.get("preset") or name
    return overlay(PRESETS[base], given) if base in PRESETS else given


def known_teams(own: list[str]) -> list[str]:
    """List what `team` finds: the scenario's own teams, the presets, and policies by their bare name."""
    return [*dict.fromkeys([*own, *PRESETS, *POLICIES.kinds])]


def team(scenario: Scenario, name: str) -> TeamSpec:
    """Find a team: the scenario's own, a preset, or for a bare policy's name the default team around it.

    Raises
    ------
    UnknownTeamError
        When there is none, with the nearest name.
    """
    if name in scenario.teams:
        return scenario.teams[name]
    if name in PRESETS:
        return TeamSpec.model_validate(PRESETS[name])
    if name not in POLICIES.kinds:
        hint = did_you_mean(name, known_teams(list(scenario.teams)))
        raise UnknownTeamError(f"no team or policy named {name!r}. {hint}")
    return around({"kind": name})


def spec_of(scenario: Scenario, wanted: str | Policy) -> TeamSpec:
    """Find a team by its name, or the default team around a policy.

    Raises
    ------
    UnknownTeamError
        When the name is neither a team nor a policy.
    """
    return team(scenario, wanted) if isinstance(wanted, str) else around(wanted)


def around(policy: Policy | dict[str, Any]) -> TeamSpec:
    """Return the default team around a policy, or around one that is described by its kind and settings."""
    return TeamSpec.model_validate({"budget": {"kind": "optimization", "policy": policy}} | AROUND)


Teams = Annotated[dict[Name, TeamSpec], WrapValidator(completed)]
