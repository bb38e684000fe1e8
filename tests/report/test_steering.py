"""What seats beside money asked for stands in the journal, and its counts are those of the ledger."""

from __future__ import annotations

import numpy as np

from aicmo.report.journal import entries
from aicmo.scenario.load import load
from aicmo.simulation.simulate import simulate


def test_creatives_are_told_as_they_were_asked_for() -> None:
    scenario = load("scenarios/creative_fatigue.yaml")
    run = simulate(scenario, "ai_cmo", replications=2, seed=5)
    told = list(entries(run))
    ordered = dict.fromkeys(range(2), 0)
    for entry in (entry for entry in told if entry["kind"] == "creative"):
        ordered[entry["world"]] += sum(entry["ordered"].values())
    asked = sum(
        np.asarray(proposal.value.order).sum(axis=1)
        for _, proposal in run.ledger.steering
        if proposal.seat == "creative" and proposal.value.order is not None
    )
    np.testing.assert_array_equal(list(ordered.values()), asked)
    assert sum(ordered.values()) > 0


def test_breadths_follow_one_another() -> None:
    told = list(entries(simulate(load("scenarios/privacy_shock.yaml"), "ai_cmo", replications=2, seed=5)))
    breadth: dict[tuple[int, str], float] = {}
    for entry in (entry for entry in told if entry["kind"] == "targeting"):
        for name, change in entry["breadth"].items():
            key = entry["world"], name
            assert change["before"] == breadth.get(key, change["before"])
            assert change["before"] != change["after"]
            breadth[key] = change["after"]
    assert breadth
