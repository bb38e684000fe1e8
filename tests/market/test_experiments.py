"""What holdouts say, against simulated ones."""

from __future__ import annotations

import numpy as np
import pytest

from aicmo.market.experiments import Holdout, bias, estimate, lost_orders, standard_error


def test_the_standard_error_is_that_of_a_simulated_holdout() -> None:
    """Count orders of held-out and exposed people separately; the difference per head gives the effect."""
    rng, holdout, total, effect, trials = np.random.default_rng(3), Holdout(0.3, 28.0), 120.0, 15.0, 40000
    f, days = holdout.share, holdout.days
    exposed = rng.poisson(total * days * (1 - f), trials) / (days * (1 - f))
    held = rng.poisson((total - effect) * days * f, trials) / (days * f)
    found = exposed - held
    assert found.mean() == pytest.approx(effect, abs=4 * found.std() / np.sqrt(trials))
    stated = float(standard_error(holdout, np.array(total), np.array(1.0)))
    assert stated == pytest.approx(
        found.std(), rel=0.06
    )  # the effect itself, an eighth of orders, is not in the noise


def test_estimates_scatter_about_a_biased_mean_unless_washed_out() -> None:
    luck = np.random.default_rng(1).standard_normal(200000)
    for washed_out, share in ((False, 0.75), (True, 1.0)):
        holdout = Holdout(0.5, 14.0, washed_out=washed_out)
        found = estimate(
            holdout,
            np.array(10.0),
            np.array(200.0),
            half_life=np.array(7.0),
            dispersion=np.array(1.5),
            luck=luck,
        )
        assert found.mean() == pytest.approx(10 * share, abs=4 * found.std() / np.sqrt(luck.size))
        assert found.std() == pytest.approx(np.sqrt(1.5 * 200 / (14 * 0.25)), rel=0.01)


def test_without_memory_there_is_no_bias_and_longer_tests_see_more() -> None:
    half_lives = np.array([0.0, 1.0, 30.0])
    short, long = bias(Holdout(0.1, 7.0), half_lives), bias(Holdout(0.1, 70.0), half_lives)
    assert short[0] == 1.0
    assert (long >= short).all()
    assert (np.diff(short) < 0).all()
    assert float(lost_orders(Holdout(0.1, 70.0), np.array(5.0))) == pytest.approx(35.0)


@pytest.mark.parametrize(("share", "days"), [(0.0, 7.0), (1.0, 7.0), (0.2, 0.0)])
def test_impossible_holdouts_are_refused(share: float, days: float) -> None:
    with pytest.raises(ValueError, match="a holdout"):
        Holdout(share, days)
