"""Curves of a posterior, in money, are the posterior's own numbers."""

import numpy as np
import pytest

from aicmo.core import believed, forecast, posterior
from aicmo.core.allocate import allocate
from aicmo.core.grid import ShapeGrid

R, C = 3, 4
GAIN, PRICE = 2.5, 1.6


def learned() -> posterior.Posterior:
    rng = np.random.default_rng(1)
    pressure = 100.0 * rng.lognormal(0.0, 0.5, (20, R, C))
    state = posterior.init(ShapeGrid(np.full((R, C), 100.0)), 30.0, 0.6)
    return posterior.absorb(state, pressure, rng.gamma(60.0 * pressure / (pressure + 100.0), 1.0))


def test_mean_curves_are_the_prediction_in_money() -> None:
    state, spend = learned(), np.random.default_rng(2).uniform(0.0, 500.0, (R, C))
    value = believed.expected(state, GAIN, PRICE).value(spend)
    np.testing.assert_allclose(value, GAIN * forecast.predict(state, spend / PRICE).mean, rtol=1e-9)


def test_drawn_curves_are_the_sample_in_money() -> None:
    state, rng = learned(), np.random.default_rng(3)
    z, u = rng.normal(size=(R, C)), rng.random((R, C))
    drawn = posterior.sample(state, z, u)
    spend = PRICE * drawn.half_saturation
    np.testing.assert_allclose(
        believed.drawn(state, z, u, 1.0, GAIN, PRICE).value(spend), GAIN * drawn.scale / 2
    )


def test_caution_plans_for_less_and_spends_on_what_is_known() -> None:
    state = learned()
    knots = np.broadcast_to(np.linspace(0.0, 600.0, 61), (R, C, 61))
    low = believed.cautious(state, -1.0, knots, GAIN, PRICE)
    np.testing.assert_allclose(
        low.value(PRICE * knots[..., 30]), GAIN * forecast.bound(state, -1.0, knots)[..., 30]
    )
    careful, hopeful = allocate(low, 800.0), allocate(believed.expected(state, GAIN, PRICE), 800.0)
    assert np.all(careful.response <= hopeful.response + hopeful.gap)
    # what the cautious plan promises is at least what the hopeful plan is sure of
    assert np.all(careful.response + careful.gap >= low.value(hopeful.spend).sum(axis=1) - 1e-9)


def test_prices_must_be_positive() -> None:
    with pytest.raises(ValueError, match="believed: price must be finite and > 0"):
        believed.expected(learned(), 1.0, 0.0)
