"""A close-up is the first world of the comparison, and its curves are the market's and the learner's own."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
import xarray as xr

from aicmo.evaluation.close_up import close_up
from aicmo.scenario.load import load
from aicmo.simulation import simulate
from tests.evaluation.comparisons import few

SMALL = "scenarios/small.yaml"


@lru_cache
def ai() -> xr.Dataset:
    return close_up(load(SMALL), ("ai_cmo", "ai_cmo"), ("manual_quarterly", "manual_quarterly"), 1)


def test_it_is_the_first_world_of_a_batch_bit_for_bit() -> None:
    decisions = simulate(load(SMALL), "ai_cmo", 3, 1).ledger.decisions
    for name, field in (("before", "before"), ("after", "rate"), ("wish", "wish")):
        np.testing.assert_array_equal(ai()[name].values, [getattr(item, field)[0] for item in decisions])
    expected = [item.proposal.forecast.profit[0] for item in decisions if item.proposal.forecast]
    np.testing.assert_array_equal(ai()["profit"].values, expected)
    np.testing.assert_array_equal(ai()["rate"].sel(who="ai_cmo").values, ai()["after"].values[-1])


def test_curves_begin_at_nothing_never_fall_and_have_the_marginal_returns_that_are_told() -> None:
    spend, profit = ai()["spend"].values, ai()["true_profit"].values
    assert (profit[:, 0] == 0.0).all()
    assert (np.diff(profit, axis=1) >= 0.0).all()
    slopes = np.diff(profit, axis=1) / np.diff(spend, axis=1)
    for who in ai()["who"].values:
        rate, marginal = (ai()[name].sel(who=who).values for name in ("rate", "true_marginal"))
        for c, at in enumerate(rate):
            cell = min(int(np.searchsorted(spend[c], at)) - 1, slopes.shape[1] - 1)
            near = slopes[c, max(cell - 1, 0) : cell + 2]
            assert near.min() - 1e-9 <= marginal[c] <= near.max() + 1e-9


def test_what_is_believed_adds_up_to_the_forecast() -> None:
    """At the rates of the last decision: profits of campaigns are those that the forecast sums."""
    one, believed = ai(), ai()["believed_profit"].values
    at = [np.interp(x, one["spend"].values[c], believed[c]) for c, x in enumerate(one["after"].values[-1])]
    assert sum(at) == pytest.approx(float(one["profit"][-1]), rel=0.02)


def test_limits_that_bind_hold_somebody_but_for_totals() -> None:
    held = ai()["holds"].any("campaign")
    own = [name for name in ai()["guardrail"].values if name not in {"treasury", "budget"}]
    counted = ai()["limits"] > 0
    assert bool((held.sel(guardrail=own) == counted.sel(guardrail=own)).all())
    assert not bool(held.sel(guardrail="treasury").any())


def test_who_believes_nothing_has_no_believed_curve() -> None:
    beside = few().beside["close_up"]
    assert beside.attrs["team"] == "equal_split"
    assert "believed_profit" not in beside
    assert np.isnan(beside["profit"]).all()
    assert beside.sizes["decision"] > 0
