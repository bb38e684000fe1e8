"""Draw the truth of every world from a scenario."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from aicmo.core.carryover import Carryover, retention
from aicmo.core.noise import Tape
from aicmo.market.brand import brand_of
from aicmo.market.creative import creative_of
from aicmo.market.currency import minor_unit
from aicmo.market.dayparts import dayparts_of
from aicmo.market.incidents import incidents_of
from aicmo.market.learning import learning_of
from aicmo.market.people import people_of
from aicmo.market.rivals import rivals_of
from aicmo.market.synergy import synergy_of
from aicmo.market.targeting import targeting_of
from aicmo.market.timeline import Timeline
from aicmo.market.totals import total_by
from aicmo.market.world import Market
from aicmo.messages import MINUTES_PER_DAY
from aicmo.scenario.market import Channel, HillCurve
from aicmo.scenario.priors import SHAPES, Priors
from aicmo.scenario.schema import Scenario


def build(scenario: Scenario, tape: Tape) -> Market:
    """Draw the truth of as many worlds as the tape has replications; all are equal without `uncertainty:`.

    Returns
    -------
    Market
    """
    truth, priors = scenario.market, Priors.of(scenario, tape)
    names = tuple(campaign.name for campaign in truth.campaigns)
    segments, channels = tuple(s.name for s in truth.segments), tuple(k.name for k in truth.channels)
    segment = np.array([segments.index(campaign.segment) for campaign in truth.campaigns])
    channel = np.array([channels.index(campaign.channel) for campaign in truth.campaigns])
    dt = Timeline.of(scenario.calendar).days
    pair = segment * len(channels) + channel
    curves = _curves(scenario, priors, names)
    half_life = priors.half_life([k.half_life for k in truth.channels], channels)
    return Market(
        segments=segments,
        channels=channels,
        campaigns=names,
        segment=segment,
        channel=channel,
        pair=pair,
        pair_share=_shares(curves["ceiling"], pair, len(segments) * len(channels)),
        retention=np.array([campaign.objective == "retention" for campaign in truth.campaigns]),
        tick_days=dt,
        minor_unit=minor_unit(scenario.currency),
        **curves,
        half_life=half_life[:, channel] / MINUTES_PER_DAY,
        kept=retention(half_life[:, channel] / MINUTES_PER_DAY, dt),
        inventory=np.array([np.inf if c.inventory is None else c.inventory for c in truth.campaigns]),
        learning=learning_of(truth.channels, channel, dt),
        overclaim=np.minimum(
            np.array([k.overclaim for k in truth.channels]) * priors.factor("overclaim", channels), 1.0
        ),
        base_orders=np.array([s.base_orders for s in truth.segments]),
        order_value=np.array([s.order_value for s in truth.segments]),
        margin=np.array([s.margin for s in truth.segments]),
        dispersion=truth.noise.dispersion * priors.factor("noise"),
        drift_volatility=(truth.drift.volatility if truth.drift else 0.0) * priors.factor("drift"),
        consent=priors.factor("consent"),
        carryover=_delayed(truth.channels, priors, half_life, channel, dt),
        targeting=targeting_of(truth, channel, priors),
        synergy=synergy_of(truth, priors),
        rivals=rivals_of(truth),
        creative=creative_of(truth, names, priors, dt),
        brand=brand_of(truth, priors, dt),
        people=people_of(truth, segment, curves["ceiling"], priors, dt),
        incidents=incidents_of(truth, channel, priors),
        dayparts=dayparts_of(truth, channel, priors.tape),
    )


def _curves(
    scenario: Scenario, priors: Priors, names: tuple[str, ...]
) -> dict[str, Float[np.ndarray, "R C"]]:
    """Ceiling, half-saturation, shape and family of every campaign in every world."""
    curves = [campaign.curve for campaign in scenario.market.campaigns]
    shape = np.array([curve.shape if isinstance(curve, HillCurve) else 1.0 for curve in curves])
    logistic = np.array([not isinstance(curve, HillCurve) for curve in curves])
    ceiling = np.array([curve.ceiling for curve in curves]) * priors.factor("ceiling", names)
    half_saturation = np.array([curve.half_saturation for curve in curves])
    return {
        "ceiling": ceiling * priors.factor("efficiency"),
        "half_saturation": half_saturation * priors.factor("half_saturation", names),
        "shape": np.clip(shape * priors.factor("shape", names), *SHAPES),
        "logistic": logistic | priors.logistic,
    }


def _shares(ceiling: Float[np.ndarray, "R C"], pair: np.ndarray, pairs: int) -> Float[np.ndarray, "R C"]:
    """Each campaign's part of its pair's ceiling; 0 in a pair without any."""
    total = np.take(total_by(ceiling, pair, pairs), pair, axis=1)
    share: np.ndarray = np.divide(ceiling, total, out=np.zeros(ceiling.shape), where=total > 0)
    return share


def _delayed(
    channels: tuple[Channel, ...],
    priors: Priors,
    half_life: Float[np.ndarray, "R K"],
    channel: np.ndarray,
    dt: float,
) -> Carryover | None:
    """Carry-over with its peak delayed; none where no channel has one and no world may."""
    stated = [k.peak for k in channels]
    if not any(stated) and priors.stated.delayed_peak == 0:
        return None
    peak = priors.peak(stated, half_life)
    days = half_life[:, channel] / MINUTES_PER_DAY
    return Carryover.from_days(days, dt, peak[:, channel] / MINUTES_PER_DAY)
