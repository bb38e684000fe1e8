"""No decision hangs on anything that happens after it."""

from __future__ import annotations

import numpy as np
import pytest

from aicmo.evaluation.reference import clairvoyant_team
from aicmo.policies import SHELF
from aicmo.policies._choice import Choice
from aicmo.policies.ai_cmo import AiCmo
from aicmo.simulation.team import Team
from tests.simulation.worlds import alone, busy, decisions, run, world_of

FORK = 34
"""Tick after which the luck is another; the decision that opens the next tick knows nothing of that yet."""


def team_of(kind: str, rows: tuple[int, ...], forks: tuple[int, ...]) -> str | Team:
    world, _ = world_of(busy(), rows, forks=forks)
    if kind == "clairvoyant":
        return clairvoyant_team(world.scenario, world)
    return alone(world.scenario, AiCmo(choice=Choice(rule="thompson"))) if kind == "thompson" else kind


@pytest.mark.parametrize("kind", [*SHELF.kinds, "manual_strong", "thompson", "clairvoyant"])
def test_another_future_changes_no_decision_before_it(kind: str) -> None:
    past, other = (
        run(*world_of(busy(), forks=forks), team_of(kind, (0, 1, 2, 3), forks)) for forks in ((), (FORK,))
    )
    same = FORK + 1 if kind == "clairvoyant" else FORK + 2  # the clairvoyant sees today's prices and demand
    np.testing.assert_array_equal(decisions(past)[:same], decisions(other)[:same])
    np.testing.assert_array_equal(past.ledger["planned"][:same], other.ledger["planned"][:same])
    for name in ("spend", "orders", "claimed", "unified"):
        np.testing.assert_array_equal(past.ledger[name][: FORK + 1], other.ledger[name][: FORK + 1])


@pytest.mark.parametrize("kind", ["ai_cmo", "manual_quarterly", "albers", "clairvoyant"])
def test_another_future_changes_decisions_after_it(kind: str) -> None:
    past, other = (
        run(*world_of(busy(), forks=forks), team_of(kind, (0, 1, 2, 3), forks)) for forks in ((), (FORK,))
    )
    assert (decisions(past)[FORK + 20 :] != decisions(other)[FORK + 20 :]).any()
    assert (past.ledger["orders"][FORK + 1 :] != other.ledger["orders"][FORK + 1 :]).any()
