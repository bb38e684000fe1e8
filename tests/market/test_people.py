"""People are finite: won once, kept, lost, and conserved."""

from __future__ import annotations

import numpy as np
import pytest

from tests.market.runs import run, waves
from tests.market.scenarios import everything, lively, plain

PEOPLE = {"prospects": 4000, "customers": 1000, "churn": 0.3, "repeat_orders": 5}


def test_people_of_one_segment_change_nothing_in_another() -> None:
    written = lively()
    written["market"]["segments"][1] = written["market"]["segments"][1] | {"people": PEOPLE}
    before, after = run(lively(), waves), run(written, waves)
    np.testing.assert_array_equal(before["volume"][:, :, :2], after["volume"][:, :, :2])
    np.testing.assert_array_equal(before["orders"][:, :, 0], after["orders"][:, :, 0])
    assert (before["orders"][:, :, 1] != after["orders"][:, :, 1]).all()


def test_people_are_conserved_every_tick() -> None:
    result = run(everything(), waves)
    everybody = np.array([sum(state.people or ()) for state in result.states])[:, :, 1]
    np.testing.assert_allclose(everybody, 12000.0, rtol=1e-12)
    for state in result.states:
        assert state.people is not None
        assert all((heads >= 0).all() for heads in state.people)


def test_more_cannot_be_won_than_there_are() -> None:
    written = plain(market={"noise": {"dispersion": 30.0}})
    written["market"]["segments"] = [
        segment | {"people": {"prospects": 300}} for segment in written["market"]["segments"]
    ]
    result = run(written, 5000.0)
    won = result["orders"].sum(axis=0)
    assert (won <= 300 * (1 + 1e-12)).all()
    assert (won > 290).all()


def test_without_marketing_prospects_and_customers_decay_in_closed_form() -> None:
    written = plain()
    written["market"]["segments"][0] |= {"base_orders": 0, "people": PEOPLE}
    result = run(written, 0.0)
    years = np.arange(1, len(result.states) + 1) / 365.2425
    customers = np.array([state.people.customers[0, 0] for state in result.states if state.people])
    np.testing.assert_allclose(customers, 1000 * 0.7**years, rtol=1e-12)
    orders = 1000 * 0.7 ** (years - years[0]) * 5 / 365.2425
    np.testing.assert_allclose(result["orders"][:, 0, 0], orders, rtol=1e-12)


def test_organic_wins_deplete_prospects_as_the_occupancy_formula_says() -> None:
    written = plain()
    written["market"]["segments"][0] |= {"people": {"prospects": 2000}}
    result, left = run(written, 0.0), 2000.0
    for state, outcome in zip(result.states, result.outcomes, strict=True):
        won = left * (1 - np.exp(-50 * (left / 2000) / left))
        left -= won
        assert outcome.orders[0, 0] == pytest.approx(won, rel=1e-12)
        assert state.people is not None
        assert state.people.prospects[0, 0] == pytest.approx(left, rel=1e-12)


def test_retention_keeps_customers_and_adds_orders() -> None:
    written = plain()
    written["market"]["segments"][1] |= {"people": PEOPLE}
    written["market"]["campaigns"][2] |= {
        "churn_cut": 0.8,
        "curve": {"ceiling": 10.0, "half_saturation": 300.0},
    }
    without, with_it = (run(written, np.array([0.0, 0.0, rate])) for rate in (0.0, 600.0))
    kept = [
        states[-1].people.customers[0, 1] for states in (without.states, with_it.states) if states[-1].people
    ]
    assert kept[1] > 1.02 * kept[0]
    # at the start the campaign adds ceiling · H orders a day, as without customers
    h = with_it["saturation"][0, 0, 2]
    assert with_it["mean"][0, 0, 2] == pytest.approx(10.0 * h, rel=1e-9)
    # what retention keeps is credited to nobody: orders rise by more than the campaign's own
    saved = (with_it["organic"] - without["organic"])[:, 0, 1].sum()
    assert saved > 0
