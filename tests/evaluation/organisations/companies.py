"""Comparisons of operating models that several tests read; each is run once a process."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from aicmo.evaluation.organisations.organisations import Organisations, organisations
from aicmo.scenario.schema import Scenario
from tests.simulation.worlds import rich

TWIN: dict[str, Any] = {"preset": "ai_cmo", "organisation": {"preset": "shared"}}
SOONER: dict[str, Any] = {
    "it": {"backlog": "0d", "size": "3d", "review": "0d"},
    "capabilities": {
        name: {"define": "2d", "users": "1d", "test": "3d", "integration": "3d", "training": "1d"}
        for name in (
            "consent_platform",
            "identity_resolution",
            "creative_automation",
            "autonomous_reallocation",
        )
    },
}
"""A company in which something goes live within the fourteen weeks of a test."""


def company() -> Scenario:
    """The busy market with creatives and audiences, a quick company, and a twin of the shared model."""
    past = {
        "past": {"budget": {"kind": "planner"}},
        "twin": TWIN | {"organisation": SOONER | {"preset": "shared"}},
    }
    return rich(organisation=SOONER | {"preset": "cmo_led"}, teams=past, history_team="past")


@lru_cache
def found(models: tuple[str, ...] = ("shared", "it_led", "twin")) -> Organisations:
    """Two models and the twin of one of them, without assumptions."""
    return organisations(company(), models=models, replications=4, seed=3, workers=1, assumptions=False)
