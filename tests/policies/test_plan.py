"""The curve that is planned on: true to beliefs where data are, and never read anew where plans have gone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from aicmo.checks import fixtures
from aicmo.core.grid import Hill, Mixture
from aicmo.messages import Limits, Observation
from aicmo.policies._plan import (
    LEAST_CURVATURE,
    LEAST_ELASTICITY,
    MOST_CURVATURE,
    MOST_ELASTICITY,
    touching,
)
from aicmo.policies.ai_cmo import AiCmo, Mind

STEP = 1e-3


def response(curve: Hill, pressure: np.ndarray) -> np.ndarray:
    """Orders a day of a Hill curve."""
    return np.asarray(curve.scale / (1.0 + (curve.half_saturation / pressure) ** curve.shape))


def whole(mixture: Mixture, pressure: np.ndarray) -> np.ndarray:
    """Orders a day of the mean curve."""
    h = 1.0 / (1.0 + (mixture.half_saturation / pressure[:, :, None]) ** mixture.shape)
    return np.asarray((mixture.scale * mixture.weight * h).sum(axis=2))


def positive(shape: tuple[int, ...], low: float, high: float) -> st.SearchStrategy[np.ndarray]:
    return arrays(np.float64, shape, elements=st.floats(low, high))


@given(positive((2, 3, 4), 0.2, 5.0), positive((2, 3, 4), 0.8, 1.4), positive((2, 3), 0.5, 2.0))
def test_it_falls_off_as_beliefs_do_where_data_are_and_has_the_level_of_today(
    half: np.ndarray, shape: np.ndarray, now: np.ndarray
) -> None:
    mixture = Mixture(np.full(half.shape, 7.0), half, shape, np.full(half.shape, 0.25))
    told = np.ones((2, 3))
    elasticity = np.log(whole(mixture, np.exp(STEP) * told) / whole(mixture, np.exp(-STEP) * told)) / (
        2.0 * STEP
    )
    elasticity = np.clip(elasticity, LEAST_ELASTICITY, MOST_ELASTICITY)
    curve = touching(mixture, told, now)
    slope = (response(curve, told + STEP) - response(curve, told - STEP)) / (2.0 * STEP)
    np.testing.assert_allclose(slope, elasticity * whole(mixture, now) * now**-elasticity, rtol=1e-5)
    bend = response(curve, told + STEP) - 2.0 * response(curve, told) + response(curve, told - STEP)
    curvature = -bend / STEP**2 / slope
    assert (curvature > LEAST_CURVATURE - 0.01).all()
    assert (curvature < MOST_CURVATURE + 0.01).all()


def test_without_news_plans_come_to_rest_and_keep_every_campaign() -> None:
    """A slope that is read anew each week where the plan has gone is a plan that runs away from its data."""
    brief = fixtures.brief(replications=30, history_weeks=26, weeks=8)
    brief = replace(brief, season=np.ones_like(brief.season), half_life=np.full(brief.shape, 0.01))
    rng, even = np.random.default_rng(5), fixtures.PACE / brief.shape[1]
    spend = even * np.exp(0.1 * rng.normal(size=(brief.history_ticks, *brief.shape)))
    orders = rng.poisson(12.0 * rng.lognormal(0.0, 0.4, brief.shape) * np.sqrt(spend / even)).astype(float)
    seen = fixtures.observation(brief, 0, spend=spend, orders=orders, current=spend.mean(axis=0))
    books = np.full_like(seen.orders, 1000.0)
    seen = replace(seen, unified=orders, maturity=np.ones(len(spend)), orders=books)
    policy = AiCmo()
    mind, start, last = policy.update(Mind(brief), seen), seen.current, seen.current
    for _ in range(40):
        seen, last = _ordered(seen, last), seen.current
        last = np.asarray(policy.best(mind, seen))
    assert np.abs(np.log(last / seen.current)).max() < 1e-3
    assert (last > 0.1 * start).all()


def _ordered(seen: Observation, rate: np.ndarray) -> Observation:
    """Put a plan in force, from which the next may step by 30 %."""
    box = replace(Limits.none(*rate.shape), lower=0.7 * rate, upper=1.3 * rate)
    return replace(seen, current=rate, limits=box)
