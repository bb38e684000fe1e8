"""What keeps a team from earning more: exploration, the platforms' learning phase, guardrails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from aicmo.agents.audience import Audience
from aicmo.agents.quarterly_breadth import QuarterlyBreadth
from aicmo.market.world import Market
from aicmo.policies.ai_cmo import AiCmo
from aicmo.scenario.teams import TeamSpec
from aicmo.simulation.team import Team, staffed
from aicmo.simulation.world import World

Friction = Literal["exploration", "learning phase", "guardrails"]
FRICTIONS: tuple[Friction, ...] = get_args(Friction)
"""`exploration`: tests and choices that are made to learn (`unexploring`); `learning phase`: what platforms
lose while they adapt to changed spend (model.md 2); `guardrails`: all of them."""

SEEKING: Mapping[type, Mapping[str, Any]] = {
    AiCmo: {"choice": {"rule": "mean"}, "variation": 0.0},
    Audience: {"exploration": 0.0},
    QuarterlyBreadth: {"tries": 0},
}
"""Settings that seek to learn, and where they do not: what is allocated on, deliberate variation of spend,
luck in the choice of audiences, people's tests of audiences. Parts of other kinds are left as they are, and
traffic for variants that look poor too: it also lets good ones rest."""


class Without(NamedTuple):
    """A team in the same worlds with one friction taken away."""

    friction: Friction
    world: World
    team: Team


def frictionless(world: World, spec: TeamSpec) -> Iterator[Without]:
    """Yield what a team is without each friction, where it has any; it lives the same history with them."""
    scenario = world.scenario
    own = staffed(scenario, "whole", spec)
    greedy = staffed(scenario, "whole", unexploring(spec))
    if greedy != own:
        yield Without("exploration", world, greedy)
    if (smooth := unlearning(world.market)) is not None:
        yield Without("learning phase", replace(world, market=smooth), own)
    if own.guardrails:
        yield Without("guardrails", world, replace(own, guardrails=()))


def unexploring(spec: TeamSpec) -> TeamSpec:
    """Describe the team that tests nothing and always takes what it believes to be best."""
    seats = {name: _greedy(getattr(spec, name)) for name in ("budget", "targeting", "creative")}
    return spec.model_copy(update=seats | {"experiments": None})


def unlearning(market: Market) -> Market | None:
    """Return a market whose platforms adapt at once; None where they do already."""
    learning = market.learning
    if learning is None or not np.any(learning.severity):
        return None
    return replace(market, learning=replace(learning, severity=np.zeros_like(learning.severity)))


def _greedy(part: Any) -> Any:
    """Set whatever seeks to learn in a part, and in the parts within it, to where it does not."""
    if not is_dataclass(part) or isinstance(part, type):
        return part
    own = {field.name: getattr(part, field.name) for field in fields(part) if field.init}
    within = {name: greedy for name, value in own.items() if (greedy := _greedy(value)) is not value}
    changed = replace(part, **within) if within else part
    return _changed(changed, SEEKING.get(type(part), {}))


def _changed(part: Any, settings: Mapping[str, Any]) -> Any:
    """Return a part with other settings, those of a part within it as a mapping; itself if none differs."""
    wished = {
        name: _changed(getattr(part, name), value) if isinstance(value, Mapping) else value
        for name, value in settings.items()
    }
    differing = {name: value for name, value in wished.items() if value != getattr(part, name)}
    return replace(part, **differing) if differing else part
