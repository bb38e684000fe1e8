"""Worlds that draw another latency run apart, and nothing else about them changes."""

from __future__ import annotations

import numpy as np

from aicmo.evaluation import compare
from aicmo.evaluation.latency import by_latency
from aicmo.scenario.load import load
from aicmo.scenario.schema import Scenario
from aicmo.scenario.uncertainty import Factor, Uncertainty


def late(factor: Factor | None) -> Scenario:
    small = load("scenarios/small.yaml")
    calendar = small.calendar.model_copy(update={"horizon": 8 * 7 * 1440})
    budget = small.budget.model_copy(update={"periods": (50_000.0,)})
    priors = Uncertainty(latency=factor, ceiling=Factor(lognormal=0.2))
    return small.model_copy(update={"calendar": calendar, "budget": budget, "uncertainty": priors})


def test_every_world_gets_the_latency_that_its_sample_has() -> None:
    scenario = late(Factor(uniform=(0.5, 4.0)))
    parts = list(by_latency(scenario, 3, range(20, 40)))
    assert sorted(row for _, rows in parts for row in rows) == list(range(20, 40))
    assert len(parts) > 1
    (part, _) = next(item for item in by_latency(scenario, 3, [0]))
    assert part.measurement.latency == scenario.sample(3).measurement.latency


def test_a_certain_latency_leaves_a_block_whole() -> None:
    scenario = late(None)
    assert list(by_latency(scenario, 3, range(5))) == [(scenario, (0, 1, 2, 3, 4))]


def test_worlds_of_the_same_latency_are_those_of_a_run_without_the_prior() -> None:
    drawn = compare(late(Factor(uniform=(0.5, 4.0))), ["ai_cmo"], replications=8, seed=3, workers=1).dataset
    fixed = compare(late(None), ["ai_cmo"], replications=8, seed=3, workers=1).dataset
    assert drawn.replication.to_numpy().tolist() == list(range(8))
    same = [
        rows
        for part, rows in by_latency(late(Factor(uniform=(0.5, 4.0))), 3, range(8))
        if part.measurement.latency == 1440
    ]
    known = np.isin(np.arange(8), [row for rows in same for row in rows])
    assert known.any()
    assert not known.all()
    ours, theirs = (data.contribution.sel(team="ai_cmo").to_numpy() for data in (drawn, fixed))
    np.testing.assert_array_equal(ours[known], theirs[known])
    assert (ours[~known] != theirs[~known]).any()
