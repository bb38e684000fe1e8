"""What a holdout does to orders, and how well it says so."""

from __future__ import annotations

import numpy as np
import pytest

from aicmo.core.carryover import retention
from aicmo.market.experiments import missed, standard_error, withheld


def test_the_standard_error_is_that_of_a_simulated_holdout() -> None:
    """Count orders of held-out and exposed people separately; the difference per head gives the effect."""
    rng, share, days, total, effect, trials = np.random.default_rng(3), 0.3, 28.0, 120.0, 15.0, 40000
    exposed = rng.poisson(total * days * (1 - share), trials) / (days * (1 - share))
    held = rng.poisson((total - effect) * days * share, trials) / (days * share)
    found = exposed - held
    assert found.mean() == pytest.approx(effect, abs=4 * found.std() / np.sqrt(trials))
    stated = float(standard_error(np.array(total), np.array(1.0), share, days))
    # the effect itself, an eighth of orders, is not in the noise
    assert stated == pytest.approx(found.std(), rel=0.06)


def test_power_grows_with_time_and_is_best_where_halves_are_compared() -> None:
    shares = np.linspace(0.05, 0.95, 19)
    errors = standard_error(np.array(100.0), np.array(1.0), shares, 28.0)
    assert shares[np.argmin(errors)] == pytest.approx(0.5)
    np.testing.assert_allclose(
        standard_error(np.array(100.0), np.array(1.0), shares, 4 * 28.0), errors / 2, rtol=1e-12
    )


@pytest.mark.parametrize("dt", [0.25, 1.0, 7.0])
def test_people_forget_with_the_half_life_and_learn_anew_whatever_the_tick(dt: float) -> None:
    half_life, share = np.array([[0.0, 3.0, 14.0]]), np.array([[0.4, 0.4, 0.4]])
    kept = retention(half_life, dt)
    missing = np.zeros((1, 3))
    for _ in range(round(28 / dt)):
        missing = withheld(missing, share, kept)
    np.testing.assert_allclose(missing[0], 0.4 * (1 - np.array([0.0, 2 ** (-28 / 3), 0.25])), rtol=1e-9)
    for _ in range(round(28 / dt)):
        missing = withheld(missing, 0.0 * share, kept)
    np.testing.assert_allclose(missing[0, 2], 0.4 * 0.75 * 0.25, rtol=1e-9)
    assert missing[0, 0] == 0.0


def test_orders_missed_are_those_that_a_whole_audience_would_have_placed_besides() -> None:
    whole, missing = np.array([[40.0, 10.0]]), np.array([[0.25, 0.0]])
    np.testing.assert_allclose(missed(whole * (1 - missing), missing), whole * missing, rtol=1e-12)
