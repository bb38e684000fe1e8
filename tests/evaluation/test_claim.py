"""The claim: one answer for the scenario, and one for each thing that is otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aicmo.evaluation import compare
from aicmo.evaluation.claim import PEOPLE, Claim, claim
from aicmo.evaluation.claim_finding import sentence
from aicmo.evaluation.levers import variations
from aicmo.evaluation.verdict import Verdict, verdict
from aicmo.scenario.load import load, loads
from aicmo.scenario.schema import Scenario
from aicmo.scenario.vary import varied


@pytest.fixture(scope="module")
def small() -> Scenario:
    """Four weeks of the small shop, data a week late, no drift, and a minimum in money."""
    text = Path("scenarios/small.yaml").read_text(encoding="utf-8")
    for before, after in (
        ("horizon: 26w", "horizon: 4w"),
        ("[180k, 180k]", "[55k]"),
        ("latency: 1d", "latency: 1w"),
        (
            "  - {kind: budget}",
            "  - {kind: budget}\n  - {kind: bounds, ranges: [{channel: search, minimum: 20k, per: quarter}]}",
        ),
    ):
        assert before in text
        text = text.replace(before, after)
    return loads(text)


@pytest.fixture(scope="module")
def found(small: Scenario) -> Claim:
    return claim(small, replications=2, seed=5, workers=1)


def test_every_variation_moves_one_thing_away_from_the_scenario(small: Scenario) -> None:
    here = small.model_dump()
    for one in variations(small):
        assert varied(small, one.at).model_dump() != here, one
        assert len({key.rpartition(".")[0] for key in one.at}) == 1
    levers = {one.lever for one in variations(small)}
    assert levers == {"data latency", "drift", "margin", "budget", "misallocation"}


def test_scenarios_of_all_kinds_have_variations() -> None:
    for path in sorted(Path("scenarios").glob("*.yaml")):
        scenario = load(path)
        for one in variations(scenario):
            if one.lever != "budget":  # may collide with guardrails in money
                assert varied(scenario, one.at).model_dump() != scenario.model_dump(), (path, one)


def test_the_answer_is_that_of_compare(small: Scenario, found: Claim) -> None:
    alone = compare(small, [*PEOPLE, "ai_cmo"], "manual_strong", replications=2, seed=5, workers=1)
    uplift = alone.summary["teams"]["ai_cmo"]["uplift"]
    assert found.summary["baselines"]["manual_strong"]["uplift"] == uplift
    assert list(found.summary["baselines"]) == list(PEOPLE)
    for one in [*found.summary["baselines"].values(), *found.summary["variations"]]:
        assert one["verdict"] == verdict(one["uplift"]["roi_relative"])
    assert len(found.summary["variations"]) + len(found.summary["refused"]) == len(variations(small))
    assert found.sentence.startswith("15% to 25% better ROI? ")


def summary(*verdicts: tuple[str, Verdict]) -> dict[str, Any]:
    ratio = {"mean": 0.01, "low": 0.005, "high": 0.02, "level": 0.9}
    base = {"verdict": "positive, below", "uplift": {"roi_relative": ratio}}
    return {
        "promise": [0.15, 0.25],
        "team": "ai_cmo",
        "baselines": {"manual_quarterly": base},
        "variations": [{"lever": "drift", "value": value, "verdict": str(kind)} for value, kind in verdicts],
        "replications": 64,
        "over": "worlds",
    }


def test_the_sentence_names_where_the_answer_differs() -> None:
    said = sentence(summary(("x2", Verdict.POSITIVE), ("x4", Verdict.KEPT), ("none", Verdict.NEGATIVE)))
    assert "No, but better, here: ai_cmo's ROI is +1.0% (90% interval +0.5% to +2.0%)" in said
    assert "it is reached with drift x4, surely positive but below in 1, " in said
    assert "surely negative with drift none" in said
    nowhere = sentence(summary(("x2", Verdict.OPEN), ("x4", Verdict.ON_AVERAGE)))
    assert "reached with drift x4" in nowhere
    assert "none of 1 variations" in sentence(summary(("x2", Verdict.OPEN)))
