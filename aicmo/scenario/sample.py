"""One market drawn from a scenario's priors, as a scenario: what `build` draws for a world, written down."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

from aicmo.core.noise import Tape
from aicmo.scenario.library import library
from aicmo.scenario.market import Campaign, Channel, HillCurve, LogisticCurve, Market, Segment
from aicmo.scenario.measurement import Measurement
from aicmo.scenario.model import Model
from aicmo.scenario.priors import SHAPES, Priors
from aicmo.scenario.schema import Scenario
from aicmo.scenario.teams import DataStack, TeamSpec
from aicmo.scenario.uncertainty import Uncertainty

TYPICAL = "typical"
Stated = TypeVar("Stated", bound=Model | None)
Stack = TypeVar("Stack", Measurement, DataStack)


def sampled(scenario: Scenario, seed: int) -> dict[str, Any]:
    """Draw one market and return the scenario as a person would write it."""
    stated = scenario.uncertainty or Uncertainty.model_validate(library()["uncertainty"][TYPICAL])
    priors = Priors(stated, Tape(seed, 1))
    drawn = scenario.model_copy(
        update={
            "name": f"{scenario.name[:60]}, market {seed}",
            "market": _market(scenario.market, priors),
            "measurement": _stack(scenario.measurement, priors, scenario.calendar.tick),
            "knowledge": scaled(scenario.knowledge, misallocation=_one(priors, "misallocation")),
            "teams": {
                name: _team(team, priors, scenario.calendar.tick) for name, team in scenario.teams.items()
            },
            "uncertainty": None,
        }
    )
    return drawn.model_dump(by_alias=True)


def _one(priors: Priors, key: str, entity: str = "world") -> float:
    return float(priors.factor(key, [entity])[0, 0])


def _market(truth: Market, priors: Priors) -> Market:
    names = [channel.name for channel in truth.channels]
    half_life = priors.half_life([k.half_life for k in truth.channels], names)
    peak = priors.peak([k.peak for k in truth.channels], half_life)
    late = priors.stated.delayed_peak > 0 or any(k.peak for k in truth.channels)
    channels = [
        _channel(channel, priors, int(half_life[0, k]), int(peak[0, k]) if late else 0)
        for k, channel in enumerate(truth.channels)
    ]
    return truth.model_copy(
        update={
            "segments": tuple(_segment(segment, priors) for segment in truth.segments),
            "channels": tuple(channels),
            "campaigns": tuple(_campaign(campaign, priors) for campaign in truth.campaigns),
            "grids": (),
            "drift": scaled(truth.drift, volatility=_one(priors, "drift")),
            "noise": scaled(truth.noise, dispersion=_one(priors, "noise")),
            "synergies": tuple(
                scaled(item, lift=_one(priors, "synergy", item.channel)) for item in truth.synergies
            ),
            **_shared_mechanisms(truth, priors),
        }
    )


def _shared_mechanisms(truth: Market, priors: Priors) -> dict[str, Model | None]:
    """Return rivals, creative and incidents, each with one factor for the whole market."""
    lively, often = _one(priors, "rivals"), _one(priors, "incidents")
    incidents = truth.incidents
    if incidents is not None:
        rarer = incidents.money_per_incident / often
        incidents = incidents.model_copy(update={"money_per_incident": rarer})
    return {
        "rivals": scaled(truth.rivals, volatility=lively, bursts_per_year=lively),
        "creative": scaled(truth.creative, quality=_one(priors, "quality"), exposures=_one(priors, "wear")),
        "incidents": incidents,
    }


def _segment(segment: Segment, priors: Priors) -> Segment:
    people, name = segment.people, segment.name
    if people is not None:
        factors = {key: _one(priors, key, name) for key in ("prospects", "churn", "repeat_orders")}
        people = clipped(scaled(people, **factors), "churn")
    shock = scaled(segment.shock, volatility=_one(priors, "demand_shock", name))
    return segment.model_copy(update={"shock": shock, "people": people, "preset": None})


def _channel(channel: Channel, priors: Priors, half_life: int, peak: int) -> Channel:
    name = channel.name
    drawn = clipped(
        scaled(channel, overclaim=_one(priors, "overclaim", name), brand=_one(priors, "brand", name)),
        "overclaim",
    )
    targeting = channel.targeting
    if targeting is not None:
        targeting = scaled(targeting, concentration=_one(priors, "concentration", name))
        targeting = clipped(targeting, "concentration")
    price = scaled(channel.price, volatility=_one(priors, "price", name))
    changes = {"half_life": half_life, "peak": peak, "targeting": targeting, "price": price, "preset": None}
    return drawn.model_copy(update=changes)


def _campaign(campaign: Campaign, priors: Priors) -> Campaign:
    stated, name = campaign.curve, campaign.name
    ceiling = stated.ceiling * _one(priors, "ceiling", name) * _one(priors, "efficiency")
    scale = stated.half_saturation * _one(priors, "half_saturation", name)
    curve: HillCurve | LogisticCurve
    if isinstance(stated, LogisticCurve) or priors.logistic[0, 0]:
        curve = LogisticCurve(kind="logistic", ceiling=ceiling, half_saturation=scale)
    else:
        shape = float(np.clip(stated.shape * _one(priors, "shape", name), *SHAPES))
        curve = HillCurve(ceiling=ceiling, half_saturation=scale, shape=shape)
    return campaign.model_copy(update={"curve": curve})


def _stack(stack: Stack, priors: Priors, tick: int) -> Stack:
    """Draw how late data arrives and how much of it may be used, for the scenario's stack or a team's own."""
    drawn: dict[str, float | int] = {}
    if stack.latency is not None:
        drawn["latency"] = int(priors.latency(stack.latency, tick)[0, 0])
    if stack.consent is not None:
        drawn["consent"] = min(stack.consent * _one(priors, "consent"), 1.0)
    return stack.model_copy(update=drawn)


def _team(team: TeamSpec, priors: Priors, tick: int) -> TeamSpec:
    return team.model_copy(update={"data": _stack(team.data, priors, tick)})


def scaled(model: Stated, **factors: float) -> Stated:
    """Multiply fields of a model; none stays none."""
    if model is None:
        return model
    return model.model_copy(update={name: getattr(model, name) * factor for name, factor in factors.items()})


def clipped(model: Stated, field: str) -> Stated:
    """Keep a share at most one."""
    if model is None:
        return model
    return model.model_copy(update={field: min(getattr(model, field), 1.0)})
