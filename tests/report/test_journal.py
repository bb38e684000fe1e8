"""The journal tells what happened: the rates in force can be rebuilt from it, and who allowed them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aicmo.report.chain import audit
from aicmo.report.journal import entries, save
from aicmo.simulation.simulate import Run, simulate
from tests.simulation.test_approvals import ample

Entries = list[dict[str, Any]]


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate(ample(answer="20h"), "ai_cmo", replications=3, seed=4)


@pytest.fixture(scope="module")
def told(run: Run) -> Entries:
    return list(entries(run))


def test_the_rates_in_force_can_be_rebuilt(run: Run, told: Entries) -> None:
    brief, decisions = run.ledger.brief, run.ledger.decisions
    rates = {
        (world, name): decisions[0].before[world, c]
        for world in range(3)
        for c, name in enumerate(brief.campaigns)
    }
    for entry in told:
        for name, amounts in entry.get("per_day", {}).items() if entry["kind"] == "decision" else ():
            key = entry["world"], name
            assert amounts["before"] == pytest.approx(rates[key], abs=3 * brief.minor_unit)
            rates[key] = amounts["after"]
    last = decisions[-1].rate
    rebuilt = [[rates[world, name] for name in brief.campaigns] for world in range(3)]
    np.testing.assert_allclose(rebuilt, last, atol=3 * brief.minor_unit)


def test_every_answer_follows_its_request_and_every_grant_is_carried_out(told: Entries) -> None:
    asked = {(entry["world"], entry["day"]) for entry in told if entry["kind"] == "request"}
    answers = [entry for entry in told if entry["kind"] == "answer"]
    done = {(entry["world"], entry["day"]) for entry in told if entry["kind"] == "decision"}
    assert any(answer["granted"] for answer in answers)
    assert any(not answer["granted"] for answer in answers)
    for answer in answers:
        assert (answer["world"], answer["asked"]) in asked
        assert answer["asked"] < answer["day"]
        assert not answer["granted"] or (answer["world"], answer["day"]) in done


def test_days_never_run_backwards_and_each_decision_has_a_proposer(told: Entries) -> None:
    opening, *rest = told
    assert opening["kind"] == "opening"
    days = [entry["day"] for entry in rest]
    assert days == sorted(days)
    assert {entry["by"] for entry in rest if entry["kind"] == "decision"} == {
        "optimization (ai_cmo)",
        "leadership",
    }


def test_it_is_saved_as_a_sound_chain(run: Run, told: Entries, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    assert save(run, path) == audit(path)
    lines = [json.loads(line)["entry"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert lines[:-1] == told
