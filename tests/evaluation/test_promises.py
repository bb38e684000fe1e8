"""Promised against delivered: the truth is kept, a boast is not, and who is silent promised nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from aicmo.evaluation import compare
from aicmo.messages import Decision, Forecast, Observation, Proposal
from aicmo.simulation.promises import Promises
from tests.evaluation.comparisons import few
from tests.simulation.worlds import Constant, still, world_of

RATES = (150.0, 150.0, 150.0)


@dataclass(frozen=True)
class Teller(Constant):
    """The same rates for ever, and always the same word about what they bring."""

    profit: float = 0.0
    width: float = 0.5
    kind: ClassVar[str] = "teller"
    learns: ClassVar[bool] = False

    def forecast(self, state: None, observation: Observation, rate: np.ndarray) -> Forecast:  # noqa: ARG002 - knows
        return told(rate, self.profit, self.width)

    def best(self, state: None, observation: Observation) -> None:  # noqa: ARG002 - seeks nothing
        return None

    def profile(self, state: None, observation: Observation, rate: np.ndarray) -> None:  # noqa: ARG002 - same
        return None


def told(rate: np.ndarray, profit: float, width: float) -> Forecast:
    many = np.full(len(rate), profit)
    ends = many * (1.0 - width), many * (1.0 + width)
    return Forecast(many, *ends, *ends, np.zeros_like(rate), np.zeros_like(rate))


def decision(rows: int, due: np.ndarray, forecast: Forecast | None) -> Decision:
    rate = np.ones((rows, 2))
    return Decision(0, Proposal("budget", rate, forecast), rate, rate, due, rate)


def test_a_promise_is_settled_by_the_decision_that_ends_it_in_its_own_worlds() -> None:
    brief = world_of(still(), 2)[0].brief
    promises, all_ = Promises(brief), np.array([True, True])
    orders = np.ones(brief.shape)
    earned = float((orders[0] * brief.value).sum())
    promises.note(decision(2, all_, told(np.ones((2, 2)), 2.0 * earned, 0.6)))
    promises.earn(orders)
    promises.note(decision(2, np.array([True, False]), None))
    promises.earn(orders)
    np.testing.assert_array_equal(promises.made, [1, 0])
    promises.close()
    np.testing.assert_array_equal(promises.made, [1, 1])
    np.testing.assert_allclose(promises.promised, 2.0 * earned * np.array([1.0, 2.0]))
    np.testing.assert_allclose(promises.delivered, earned * np.array([1.0, 2.0]))
    np.testing.assert_array_equal(promises.held, [1, 1])
    promises.close()
    np.testing.assert_array_equal(promises.made, [1, 1])


@pytest.mark.parametrize(("brag", "coverage"), [(1.0, 1.0), (3.0, 0.0)])
def test_in_a_still_market_the_truth_is_kept_and_a_boast_is_not(brag: float, coverage: float) -> None:
    scenario = still(market={"noise": {"dispersion": 0.0}})
    modest = compare(scenario, {"teller": Teller(RATES, 1.0)}, replications=1, workers=1).dataset
    truth = float(modest["delivered_profit"].sel(team="teller").mean())
    gained = float(modest["incremental_gross_profit"].sel(team="teller").mean())
    assert 0.7 * truth < gained < truth, "what the past still sells is caused, but not incremental"
    teller = Teller(RATES, brag * truth / 98.0)
    found = compare(scenario, {"teller": teller}, replications=1, workers=1).further["teams"]["teller"]
    assert found["metrics"]["forecast_coverage"]["mean"] == pytest.approx(coverage, abs=0.2)
    assert found["promise"]["relative"]["mean"] == pytest.approx(brag - 1.0, abs=1e-6)
    made = found["metrics"]
    shortfall = made["promised_profit"]["mean"] - made["delivered_profit"]["mean"]
    assert found["promise"]["shortfall"]["mean"] == pytest.approx(shortfall)


def test_who_states_no_expectation_has_none() -> None:
    team = few().further["teams"]["equal_split"]
    assert team["promise"]["shortfall"]["mean"] is None
    assert "no expectation" in team["promise"]["shortfall"]["reason"]
    assert "no expectation" in team["metrics"]["forecast_coverage"]["reason"]
