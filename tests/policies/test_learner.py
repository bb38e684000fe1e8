"""The AI's learner in a world of its own kind: what it expects, how sure it is, what it does with that."""

from dataclasses import replace

import numpy as np
import pytest

from aicmo.checks import fixtures
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Experiments, Observation
from aicmo.policies._choice import Choice
from aicmo.policies._credit import Credit
from aicmo.policies._learner import Learner
from aicmo.policies._pace import at_pace
from aicmo.policies._readouts import Readouts, counted, readouts
from aicmo.policies.ai_cmo import AiCmo, Mind

ROWS = 40
SURE = Credit(caused=1.0, common_sd=0.0, channel_sd=0.0, campaign_sd=0.0)


def _brief(rows: int = ROWS) -> Brief:
    brief = fixtures.brief(replications=rows, history_weeks=26, weeks=8)
    return replace(brief, season=np.ones_like(brief.season), half_life=np.full(brief.shape, 0.01))


def _world(brief: Brief, seed: int, boost: float = 1.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Spend and orders (W, R, C) of Hill curves that differ by row, and the last mean orders (R, C)."""
    rng, even = np.random.default_rng(seed), fixtures.PACE / brief.shape[1]
    weeks = even * np.exp(0.2 * rng.normal(size=(brief.history_ticks // 7, *brief.shape)))
    spend = np.repeat(weeks, 7, axis=0)
    level = 12.0 * rng.lognormal(0.0, 0.4, brief.shape)
    mean = level * 2.0 * spend / (even + spend)
    mean[-14:] *= boost
    return spend, rng.poisson(mean).astype(float), np.asarray(mean[-1])


def _seen(brief: Brief, spend: np.ndarray, orders: np.ndarray) -> Observation:
    """All has matured; the segments' books do not move, so nothing is put down to demand."""
    seen = fixtures.observation(brief, 0, spend=spend, orders=orders, current=spend[-1])
    books = np.full_like(seen.orders, 1000.0)
    return replace(seen, unified=orders, maturity=np.ones(len(spend)), orders=books)


def _mind(learner: Learner, brief: Brief, seen: Observation) -> Mind:
    return AiCmo(learner).update(Mind(brief), seen)


def test_forecast_intervals_cover_at_their_rate() -> None:
    brief = _brief()
    spend, orders, mean = _world(brief, seed=1)
    seen = _seen(brief, spend, orders)
    told = AiCmo().forecast(_mind(Learner(credit=SURE), brief, seen), seen, spend[-1])
    assert told is not None
    rng = np.random.default_rng(2)
    demand = np.exp(0.08 * rng.normal(size=(400, ROWS, 1)))
    week = rng.poisson(7.0 * mean * demand) / 7.0
    profit = (week * brief.value).sum(axis=2)
    covered = ((told.low <= profit) & (profit <= told.high)).mean()
    assert 0.85 <= covered <= 0.98
    np.testing.assert_allclose(told.profit.mean(), profit.mean(), rtol=0.03)


def test_a_forecast_without_sight_is_none() -> None:
    brief = _brief(2)
    assert AiCmo().forecast(Mind(brief), fixtures.observation(brief), np.ones(brief.shape)) is None


def test_what_more_is_said_to_bring_is_equal_where_the_plan_is_best() -> None:
    brief = _brief(4)
    seen = _seen(brief, *_world(brief, seed=10)[:2])
    mind, policy = _mind(Learner(), brief, seen), AiCmo()
    best = policy.best(mind, seen)
    assert best is not None
    told = policy.forecast(mind, seen, best)
    assert told is not None
    assert (best > 0.0).all()
    np.testing.assert_allclose(told.marginal, told.marginal[:, :1] * np.ones(7), rtol=1e-3)
    assert (told.marginal_sd > 0.02 * told.marginal).all()


def test_doubt_about_credit_widens_the_interval() -> None:
    brief = _brief(4)
    spend, orders, _ = _world(brief, seed=3)
    seen = _seen(brief, spend, orders)
    sure, doubtful = (
        AiCmo().forecast(_mind(Learner(credit=credit), brief, seen), seen, spend[-1])
        for credit in (SURE, replace(SURE, common_sd=0.3))
    )
    assert sure is not None
    assert doubtful is not None
    assert (doubtful.high / doubtful.low > 1.5 * sure.high / sure.low).all()


def test_a_jump_of_effectiveness_is_seen_within_two_weeks() -> None:
    brief = _brief(20)
    spend, orders, mean = _world(brief, seed=4, boost=2.0)
    belief = _mind(Learner(), brief, _seen(brief, spend, orders)).belief
    assert belief is not None
    response = belief.tracking.grid.evaluate(spend[-1])
    now = (belief.given.weight * belief.given.mean * response).sum(axis=2)
    assert np.median(now / mean) == pytest.approx(1.0, abs=0.15)


def _read(brief: Brief, seen: Observation) -> Readouts:
    return readouts(seen, counted(brief, seen, None), caused=0.7)


def test_readouts_in_the_observation_correct_the_planted_over_claim_of_a_channel() -> None:
    brief = _brief(3)
    spend, orders, _ = _world(brief, seed=5)
    seen, told = _seen(brief, spend, orders), brief.channel == 1
    caused = 0.4 * orders[-56:-28].mean(axis=0)[:, told].sum(axis=1)
    blank = Experiments.none(*brief.shape, slots=1)
    done = replace(
        blank,
        tested=np.broadcast_to(told, (3, 1, 7)),
        share=np.full((3, 1), 1e-9),
        start=np.full((3, 1), -56),
        counted=np.full((3, 1), -56),
        end=np.full((3, 1), -28),
        known=np.ones((3, 1), dtype=bool),
        estimate=caused[:, None],
        error=0.02 * caused[:, None],
    )
    read = _read(brief, replace(seen, experiments=done))
    np.testing.assert_allclose(read.ratio, -np.log(0.4), rtol=1e-2)
    vague = replace(done, estimate=-caused[:, None], error=2.0 * caused[:, None])
    assert np.isfinite(_read(brief, replace(seen, experiments=vague)).ratio).all()
    belief = _mind(Learner(), brief, replace(seen, experiments=done)).belief
    before = _mind(Learner(), brief, seen).belief
    assert belief is not None
    assert before is not None
    share = belief.caused[:, :, 0]
    assert np.abs(share[:, told] - 0.4).mean() < 0.08
    assert (share[:, told] < 0.75 * before.caused[:, told, 0]).all()
    assert (share[:, ~told].mean(axis=1) > share[:, told].mean(axis=1)).all()


def _act(policy: AiCmo, brief: Brief, seen: Observation) -> np.ndarray:
    state = policy.update(policy.init(brief), seen)
    return policy.act(state, seen, Draws(1, "budget/ai_cmo", brief.replications))


def test_a_guarded_plan_stays_unless_it_is_surely_better() -> None:
    brief = _brief(6)
    spend, orders, _ = _world(brief, seed=6)
    seen = _seen(brief, spend, orders)
    stay = at_pace(brief, seen, seen.current)
    np.testing.assert_array_equal(_act(AiCmo(guard=1e6), brief, seen), stay)
    np.testing.assert_array_equal(_act(AiCmo(guard=1e-9), brief, seen), _act(AiCmo(), brief, seen))


def test_variation_moves_campaigns_and_keeps_the_total() -> None:
    brief = _brief(6)
    seen = _seen(brief, *_world(brief, seed=7)[:2])
    still, varied = (_act(AiCmo(variation=v), brief, seen) for v in (0.0, 0.2))
    np.testing.assert_allclose(varied.sum(axis=1), still.sum(axis=1), rtol=1e-9)
    assert 0.1 < np.log(varied / still).std() < 0.3


def test_draws_scatter_about_the_mean_curve() -> None:
    brief = _brief(200)
    brief = replace(brief, half_life=np.full(brief.shape, 0.01))
    spend, orders, _ = _world(replace(brief, replications=1), seed=8)
    seen = _seen(brief, *(np.repeat(a[:, :1], 200, axis=1) for a in (spend, orders)))
    belief = _mind(Learner(), brief, seen).belief
    assert belief is not None
    drawn = Choice(rule="thompson", temperature=1.0).of(
        belief, spend[-1], np.ones(brief.shape), Draws(1, "x", 200)
    )
    at = seen.current[:, :, None]
    values = drawn.scale / (1.0 + (drawn.half_saturation / at) ** drawn.shape)
    mean = belief.curves
    whole = (mean.weight * mean.scale / (1.0 + (mean.half_saturation / at) ** mean.shape)).sum(axis=2)
    np.testing.assert_allclose(values[:, :, 0].mean(axis=0), whole[0], rtol=0.03)
    assert (values[:, :, 0].std(axis=0) > 0.005 * whole[0]).all()


def test_optimism_raises_what_is_less_known() -> None:
    brief = _brief(4)
    spend, orders, _ = _world(brief, seed=9)
    orders[:, :, 0] = 0.0
    belief = _mind(Learner(), brief, _seen(brief, spend, orders)).belief
    assert belief is not None
    high = Choice(rule="ucb", optimism=1.0).of(belief, spend[-1], np.ones(brief.shape), None)
    lift = (high.scale / np.maximum(belief.curves.scale, 1e-300)).max(axis=2)
    assert (lift >= 1.0).all()
    assert (lift[:, 1:] < 1.5).all()


def test_wrong_settings_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"variation must not be negative"):
        AiCmo(variation=-0.1)
    with pytest.raises(ValueError, match="temperature must be above 0"):
        Choice(temperature=0.0)
    with pytest.raises(ValueError, match="optimism must be finite"):
        Choice(optimism=np.inf)
    with pytest.raises(ValueError, match="periods must be finite and ≥ 0"):
        Choice(periods=-1.0)
