"""Comparisons that several tests read; each is run once a process."""

from __future__ import annotations

from functools import lru_cache

from aicmo.evaluation import Comparison, compare
from aicmo.policies import SHELF
from aicmo.scenario.load import load
from tests.simulation.worlds import busy


@lru_cache
def everybody() -> Comparison:
    """Every policy that ships, and the strong manual team, in the small scenario."""
    return compare(load("scenarios/small.yaml"), [*SHELF.kinds, "manual_strong"], replications=16, workers=1)


@lru_cache
def few() -> Comparison:
    """Two teams in the busy scenario."""
    return compare(busy(), ["equal_split"], replications=5, seed=3, workers=1)
