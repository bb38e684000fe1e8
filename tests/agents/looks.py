"""Looks at a made-up market, for the seats of breadth and creatives."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from aicmo.checks import fixtures
from aicmo.core.noise import Draws
from aicmo.messages import Creatives, Mix, Observation, StudioTerms

BRIEF = fixtures.brief(replications=6, weeks=52)
FLAT = replace(BRIEF, season=np.ones(BRIEF.season.shape), maturation=np.ones(1))


def draws(agent: Any, tick: int) -> Draws:
    return Draws(2, f"{agent.seat}/{agent.kind}", BRIEF.replications).at(tick)


def looked(tick: int, **changes: Any) -> Observation:
    """All orders are credited at once; three live variants a campaign unless told."""
    seen = fixtures.observation(FLAT, tick, **{k: v for k, v in changes.items() if k in {"spend", "orders"}})
    known = seen.creatives
    assert known is not None
    live = np.ones(known.live.shape, dtype=bool)
    even = np.broadcast_to(live / 3, known.served.shape)
    plain = replace(
        known,
        live=live,
        since=np.full(live.shape, -BRIEF.history_ticks),
        traffic=live / 3,
        served=even,
        credit=even,
    )
    return replace(seen, creatives=replace(plain, **changes.get("creatives", {})))


def better_first(known: Creatives, factor: float) -> np.ndarray:
    credit = known.served * np.array([factor, 1.0, 1.0])
    return np.asarray(credit / credit.sum(axis=-1, keepdims=True))


def decided(agent: Any, *looks: Observation) -> Any:
    """The last of some decisions in a row."""
    state, proposal = agent.init(FLAT), None
    for seen in looks:
        state = agent.update(state, seen)
        proposal = agent.act(state, seen, draws(agent, seen.tick))
    assert proposal is not None
    return proposal.value


def orders(agent: Any, *looks: Observation) -> np.ndarray:
    mix: Mix = decided(agent, *looks)
    assert mix.order is not None
    return np.asarray(mix.order)


def terms(cost: float, capacity: int = 100) -> dict[str, Any]:
    return {"studio": StudioTerms(capacity, 14.0, cost)}
