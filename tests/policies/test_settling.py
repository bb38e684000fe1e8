"""The first days of data, in which carry-over from before still fades: amplitudes follow, shapes wait."""

from dataclasses import replace

import numpy as np
import pytest

from aicmo.checks import fixtures
from aicmo.core.carryover import Carryover, Stock
from aicmo.messages import Brief, Observation
from aicmo.policies._learner import Belief, Learner
from aicmo.policies.ai_cmo import AiCmo, Mind

HALF_LIFE = 14.0
ROWS = 30


def brief(tick_minutes: int = 1440, rows: int = ROWS) -> Brief:
    """Half a year of history in a market without season, which remembers for two weeks."""
    plain = fixtures.brief(replications=rows, history_weeks=26, weeks=8, tick_minutes=tick_minutes)
    return replace(plain, season=np.ones_like(plain.season), half_life=np.full(plain.shape, HALF_LIFE))


def seen(about: Brief, before: float, days: float = np.inf, seed: int = 1) -> Observation:
    """Weekly spend that varies, orders of Hill curves, and what has matured: the first `days`.

    `before` is the stock on the first day, in units of what steady spend would have left.
    """
    rng, even = np.random.default_rng(seed), fixtures.PACE / about.shape[1]
    ticks, week = about.history_ticks, round(7.0 / about.tick_days)
    rate = even * np.repeat(np.exp(0.4 * rng.normal(size=(ticks // week, *about.shape))), week, axis=0)
    law = Carryover.from_days(about.half_life, about.tick_days)
    steady = law.steady(rate.mean(axis=0))
    stock, _ = law.over(rate, Stock(before * steady.value, before * steady.stage))
    orders = rng.poisson(about.tick_days * 80.0 * stock / (even + stock)).astype(float)
    whole = fixtures.observation(about, 0, spend=rate * about.tick_days, orders=orders, current=rate[-1])
    mature = (np.arange(ticks) * about.tick_days < days).astype(float)
    books = np.full_like(whole.orders, 1000.0)
    return replace(whole, unified=orders, maturity=mature, orders=books)


def learned(learner: Learner, about: Brief, given: Observation) -> Belief:
    """What is believed after all that has matured."""
    belief = AiCmo(learner).update(Mind(about), given).belief
    assert belief is not None
    return belief


@pytest.mark.parametrize("tick_minutes", [1440, 720])
def test_shapes_wait_for_so_many_days_and_no_longer_and_amplitudes_do_not(tick_minutes: int) -> None:
    about = brief(tick_minutes, rows=3)
    learner = Learner(settling_days=21.0, pooling=0.0)
    during, after = (
        learned(learner, about, seen(about, 1.0, days)) for days in (21.0, 21.0 + about.tick_days)
    )
    np.testing.assert_array_equal(during.tracking.score, 0.0)
    np.testing.assert_allclose(during.given.weight, 1.0 / during.given.weight.shape[2])
    prior = learner.open(about, seen(about, 1.0))
    assert prior is not None
    assert (during.tracking.precision > prior.tracking.precision).all()
    assert (during.tracking.amplitude != prior.tracking.amplitude).all()
    assert (np.ptp(after.tracking.score, axis=2) > 0.0).all(), "the first day after it is judged"


def test_a_learner_that_waits_is_not_misled_by_what_was_spent_before_its_first_day() -> None:
    """Stock four times as large as supposed fades over weeks in which orders answer to no spend it knows."""
    about, error = brief(), {}
    given = seen(about, before=4.0, days=56.0)
    even = fixtures.PACE / about.shape[1]
    for days in (0.0, 28.0):
        belief = learned(Learner(settling_days=days), about, given)
        at = np.full(about.shape, even)
        h = belief.tracking.grid.evaluate(at)
        weight = belief.given.weight * belief.given.mean * h
        slope = belief.tracking.grid.exponent * (1.0 - h / belief.tracking.grid.ceiling)
        elasticity = (weight * slope).sum(axis=2) / weight.sum(axis=2)
        error[days] = np.abs(np.log(elasticity / 0.5)).mean()  # a Hill curve at its half saturation: ½
    assert error[28.0] < 0.6 * error[0.0]


def test_days_beyond_the_history_leave_shapes_to_the_horizon() -> None:
    about = brief(rows=2)
    belief = learned(Learner(settling_days=1e4), about, seen(about, 1.0))
    np.testing.assert_array_equal(belief.tracking.score, 0.0)
