"""Decisions in words: amounts are those of the decision, intervals those of the proposer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from aicmo.messages import Binding, Brief, Decision, Forecast, Proposal
from aicmo.report.advice import Move, advice, side
from aicmo.report.sides import Sides, headline
from tests.simulation.worlds import busy, world_of

BRIEF: Brief = replace(world_of(busy())[0].brief, currency="EUR")
ONES = np.ones(1)
FREE = np.zeros((1, 4), dtype=bool)


def decision(
    change: list[float], marginal: list[float], sd: float = 0.01, wish: list[float] | None = None
) -> Decision:
    before = np.full((1, 4), 1000.0)
    rate = before + np.array([change])
    returns = np.array([marginal])
    forecast = Forecast(
        5000.0 * ONES, 4000.0 * ONES, 6000.0 * ONES, ONES, ONES, returns, np.full_like(returns, sd)
    )
    wished = rate if wish is None else before + np.array([wish])
    bound = (Binding("step", np.array([2]), ONES, FREE), Binding("budget", np.array([1]), ONES, FREE))
    due = np.ones(1, dtype=bool)
    return Decision(0, Proposal("budget", rate, forecast), before, rate, due, wished, bindings=bound)


def test_it_tells_the_largest_gain_and_loss_a_week_and_what_holds_them() -> None:
    said = advice(Move.of(BRIEF, decision([100.0, -300.0, 200.0, 0.0], [1.0, 1.0, 1.0, 1.0]), 0))
    assert said.startswith("Move €2.1k a week, most from ")
    assert "(-€2.1k) to" in said
    assert "(+€1.4k)" in said
    assert "Held by step (2 limits)." in said
    assert "budget" not in said
    assert "Expected: €5k of incremental gross profit a day (90% interval €4k to €6k)." in said


@pytest.mark.parametrize(
    ("gaining", "sd", "expected"),
    [
        (1.22, 0.01, "A further euro still returns 22% more there (90% interval +19% to +25%)."),
        (0.5, 0.01, "A further euro now returns 50% less there (90% interval -52% to -48%)."),
        (1.22, 0.5, "returns about the same in both (90% interval -"),
    ],
)
def test_it_compares_returns_only_as_surely_as_the_interval_allows(
    gaining: float, sd: float, expected: str
) -> None:
    assert expected in advice(
        Move.of(BRIEF, decision([100.0, -100.0, 0.0, 0.0], [gaining, 1.0, 1.0, 1.0], sd), 0)
    )


def test_it_says_what_people_are_asked_and_what_does_not_move() -> None:
    asked = advice(
        Move.of(BRIEF, decision([0.0, 0.0, 0.0, 0.0], [1.0] * 4, wish=[300.0, -300.0, 0.0, 0.0]), 0)
    )
    assert asked.startswith("Nothing moves.")
    assert "Leadership is asked for €2.1k per week more." in asked


@pytest.mark.parametrize(("sign", "word"), [(1.0, "rise"), (-1.0, "fall")])
def test_where_all_rates_move_one_way_it_says_so(sign: float, word: str) -> None:
    said = advice(
        Move.of(BRIEF, decision([sign * 10.0, sign * 20.0, sign * 30.0, sign * 40.0], [1.0] * 4), 0)
    )
    assert said.startswith(f"All rates {word}, most ")


# --- the headline ---


def sides(marginal: list[float], change: list[float], **changes: Any) -> Sides:
    """Four campaigns of two sides, the first two retention in A."""
    moved = np.array(change)
    given = {
        "currency": "EUR",
        "side": ["retention in segment A"] * 2 + ["acquisition in segment C"] * 2,
        "rate": np.full(4, 1000.0),
        "change": moved,
        "asked": moved,
        "marginal": np.array(marginal),
        "marginal_sd": np.full(4, 0.05),
        "held": {},
    }
    return Sides(**given | changes)


def test_a_headline_reads_as_a_cmo_would_say_it() -> None:
    held = {"step": np.array([True, False, False, False]), "budget": np.ones(4, dtype=bool)}
    asked = np.array([1200.0, 900.0, -2100.0, 0.0])
    found = headline(sides([1.22, 1.22, 1.0, 1.0], [800.0, 500.0, -1300.0, 0.0], held=held, asked=asked))
    assert found == (
        "Retention in segment A returns 22% more per euro than acquisition in segment C "
        "(90% interval 13% to 32%): move €14.7k a week; the step guardrail allows €9.1k."
    )
    free = headline(sides([1.22, 1.22, 1.0, 1.0], [800.0, 500.0, -1300.0, 0.0]))
    assert free.endswith("move €9.1k a week.")
    tight = headline(sides([1.22, 1.22, 1.0, 1.0], [800.0, 500.0, -1300.0, 0.0], held=held))
    assert tight.endswith("move €9.1k a week; the step guardrail allows no more.")


def test_a_side_errs_as_the_money_weighted_mean_of_its_campaigns() -> None:
    """Half the variance for two alike: the interval is as wide as √½ of one campaign's, on the log scale."""
    found = headline(sides([1.5, 1.5, 1.0, 1.0], [10.0, 10.0, -20.0, 0.0]))
    errors = [np.log1p((0.05 / 2**0.5 / mean) ** 2) for mean in (1.5, 1.0)]
    width = np.exp(1.6448536 * np.sqrt(sum(errors)))
    assert f"(90% interval {1.5 / width - 1:.0%} to {1.5 * width - 1:.0%})" in found


@pytest.mark.parametrize(
    "given",
    [
        sides([1.0, 1.0, 1.0, 1.0], [10.0, 0.0, -10.0, 0.0]),  # nothing is sure
        sides([1.0, 1.0, 1.5, 1.5], [10.0, 0.0, -10.0, 0.0]),  # money leaves what returns more
        sides([1.5, 1.5, 1.0, 1.0], [10.0, 0.0, 10.0, 0.0]),  # all rates rise
        sides([1.5, 1.5, -1.0, -1.0], [10.0, 0.0, -10.0, 0.0]),  # a ratio to a loss says nothing
    ],
)
def test_where_nothing_is_sure_there_is_no_headline(given: Sides) -> None:
    assert headline(given) == ""


def test_it_opens_what_is_said_of_a_decision() -> None:
    said = advice(Move.of(BRIEF, decision([-300.0, 0.0, 300.0, 0.0], [1.0, 1.0, 1.4, 1.0]), 0))
    assert said.startswith(
        "Retention in loyal returns 40% more per euro than acquisition in new (90% interval "
    )
    assert "Move €2.1k a week, most from " in said
    assert [side(BRIEF, c) for c in (0, 2)] == ["acquisition in new", "retention in loyal"]
