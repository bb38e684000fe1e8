"""What credit is worth: experiments remove a planted over-claim, plans a part of it, certainty none."""

import numpy as np
import pytest

from aicmo.policies._credit import Credit, Excess
from aicmo.policies._readouts import Readouts

CHANNEL = np.repeat([0, 1, 2], 4)
PLANTED = np.array([0.1, 0.4, 0.9])[CHANNEL]


def _readouts(error: float, rows: int = 1) -> Readouts:
    """One readout a channel, exact but for its stated error."""
    share, ratio = np.eye(3), PLANTED[::4]
    return Readouts(*(np.repeat(a[None], rows, axis=0) for a in (share, ratio, np.full(3, error**2))))


def _judge(credit: Credit, marginal: np.ndarray, readouts: Readouts | None = None) -> Excess:
    return credit.judge(CHANNEL, np.atleast_2d(marginal), readouts)


def test_sharp_readouts_remove_a_planted_over_claim() -> None:
    excess = _judge(Credit(campaign_sd=0.01, plan_sd=np.inf), np.zeros(12), _readouts(0.01))
    np.testing.assert_allclose(excess.mean[0], PLANTED, atol=0.02)


def test_dull_readouts_remove_little_of_it() -> None:
    before = _judge(Credit(), np.zeros(12)).mean[0]
    dull = _judge(Credit(), np.zeros(12), _readouts(3.0)).mean[0]
    np.testing.assert_allclose(dull, before, atol=0.02)


def test_uncertainty_falls_with_readouts() -> None:
    weight = np.full((1, 12), 1.0 / 12)
    alone = _judge(Credit(), np.zeros(12)).variance_of_sum(weight)
    told = _judge(Credit(), np.zeros(12), _readouts(0.1)).variance_of_sum(weight)
    assert told[0] < 0.3 * alone[0]


def test_a_channel_that_looks_good_is_doubted_more_than_a_campaign_that_does() -> None:
    channel, campaign = np.where(CHANNEL == 1, 0.6, 0.0), np.where(np.arange(12) == 5, 0.6, 0.0)
    base = _judge(Credit(), np.zeros(12)).mean[0]
    doubt = _judge(Credit(), channel).mean[0] - base
    own = _judge(Credit(), campaign).mean[0] - base
    assert doubt[5] > own[5] > 0.0
    assert (doubt[CHANNEL == 1] > 0.0).all()
    assert (doubt[CHANNEL != 1] < doubt[5]).all()


def test_who_is_sure_of_credit_takes_it_for_what_it_says() -> None:
    sure = Credit(common_sd=0.0, channel_sd=0.0, campaign_sd=0.0)
    excess = _judge(sure, np.linspace(-0.5, 0.5, 12))
    np.testing.assert_allclose(excess.mean, -np.log(sure.caused), atol=1e-6)
    np.testing.assert_allclose(excess.variance_of_sum(np.full((1, 12), 1.0 / 12)), 0.0, atol=1e-9)


def test_estimates_are_those_of_the_joint_gaussian() -> None:
    """Against the textbook: all twelve log ratios and λ as one Gaussian vector, conditioned on z."""
    credit, z = Credit(), np.random.default_rng(3).normal(0.0, 0.3, 12)
    same = CHANNEL[:, None] == CHANNEL[None]
    prior = credit.common_sd**2 + credit.channel_sd**2 * same + credit.campaign_sd**2 * np.eye(12)
    noise = 100.0 + credit.plan_sd**2 * np.eye(12)
    expected = prior @ np.linalg.solve(prior + noise, z) - np.log(credit.caused)
    np.testing.assert_allclose(_judge(credit, z).mean[0], expected, rtol=1e-8)
    weight = np.arange(1.0, 13.0) / 78.0
    left = prior - prior @ np.linalg.solve(prior + noise, prior)
    got = _judge(credit, z).variance_of_sum(weight[None])[0]
    assert got == pytest.approx(weight @ left @ weight, rel=0.1)


def test_rows_are_their_own() -> None:
    z = np.random.default_rng(4).normal(size=(3, 12))
    batch, alone = (
        Credit().judge(CHANNEL, z, _readouts(0.2, 3)),
        Credit().judge(CHANNEL, z[1:2], _readouts(0.2)),
    )
    assert batch.mean[1:2].tobytes() == alone.mean.tobytes()


def test_wrong_settings_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="caused is a share"):
        Credit(caused=1.2)
    with pytest.raises(ValueError, match="channel_sd must be finite and ≥ 0"):
        Credit(channel_sd=-0.1)
    with pytest.raises(ValueError, match="plan_sd must be above 0"):
        Credit(plan_sd=0.0)
