"""Draw the truth of every world from a scenario."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from aicmo.core.carryover import Carryover, retention
from aicmo.core.noise import Tape
from aicmo.market.brand import brand_of
from aicmo.market.creative import creative_of
from aicmo.market.currency import minor_unit
from aicmo.market.incidents import incidents_of
from aicmo.market.learning import learning_of
from aicmo.market.people import people_of
from aicmo.market.priors import chosen, draw_factor
from aicmo.market.rivals import rivals_of
from aicmo.market.synergy import synergy_of
from aicmo.market.targeting import targeting_of
from aicmo.market.timeline import Timeline
from aicmo.market.totals import total_by
from aicmo.market.world import Market
from aicmo.messages import MINUTES_PER_DAY
from aicmo.scenario.market import Channel, HillCurve
from aicmo.scenario.schema import Scenario
from aicmo.scenario.uncertainty import Uncertainty

SHAPES = (0.3, 20.0)  # what a scenario may state; drawn shapes stay inside


def build(scenario: Scenario, tape: Tape) -> Market:
    """Draw the truth of as many worlds as the tape has replications; all are equal without `uncertainty:`.

    Each draw is keyed by purpose and name of its campaign or channel: adding one leaves all others as they
    were.

    Returns
    -------
    Market
    """
    truth, doubt = scenario.market, scenario.uncertainty or Uncertainty()
    names = tuple(campaign.name for campaign in truth.campaigns)
    segments, channels = tuple(s.name for s in truth.segments), tuple(k.name for k in truth.channels)
    segment = np.array([segments.index(campaign.segment) for campaign in truth.campaigns])
    channel = np.array([channels.index(campaign.channel) for campaign in truth.campaigns])
    dt = Timeline.of(scenario.calendar).days
    pair = segment * len(channels) + channel
    curves = _curves(scenario, doubt, tape, names)
    half_life = _days([k.half_life for k in truth.channels]) * draw_factor(
        doubt.half_life, tape, "half-life", channels
    )
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
        half_life=half_life[:, channel],
        kept=retention(half_life[:, channel], dt),
        inventory=np.array([np.inf if c.inventory is None else c.inventory for c in truth.campaigns]),
        learning=learning_of(truth.channels, channel, dt),
        overclaim=_overclaim(truth.channels, doubt, tape),
        base_orders=np.array([s.base_orders for s in truth.segments]),
        order_value=np.array([s.order_value for s in truth.segments]),
        margin=np.array([s.margin for s in truth.segments]),
        dispersion=truth.noise.dispersion * draw_factor(doubt.noise, tape, "noise", ["world"]),
        drift_volatility=(truth.drift.volatility if truth.drift else 0.0)
        * draw_factor(doubt.drift, tape, "drift", ["world"]),
        carryover=_delayed(truth.channels, half_life, channel, dt),
        targeting=targeting_of(truth, channel),
        synergy=synergy_of(truth),
        rivals=rivals_of(truth),
        creative=creative_of(truth, names, tape, dt),
        brand=brand_of(truth, dt),
        people=people_of(truth, segment, curves["ceiling"], dt),
        incidents=incidents_of(truth, channel),
    )


def _days(minutes: list[int]) -> Float[np.ndarray, "E"]:
    return np.array(minutes, dtype=float) / MINUTES_PER_DAY


def _curves(
    scenario: Scenario, doubt: Uncertainty, tape: Tape, names: tuple[str, ...]
) -> dict[str, Float[np.ndarray, "R C"]]:
    """Ceiling, half-saturation, shape and family of every campaign in every world."""
    curves = [campaign.curve for campaign in scenario.market.campaigns]
    shape = np.array([curve.shape if isinstance(curve, HillCurve) else 1.0 for curve in curves])
    logistic = np.array([not isinstance(curve, HillCurve) for curve in curves])
    efficiency = draw_factor(doubt.efficiency, tape, "efficiency", ["world"])
    return {
        "ceiling": np.array([curve.ceiling for curve in curves])
        * draw_factor(doubt.ceiling, tape, "ceiling", names)
        * efficiency,
        "half_saturation": np.array([curve.half_saturation for curve in curves])
        * draw_factor(doubt.half_saturation, tape, "half-saturation", names),
        "shape": np.clip(shape * draw_factor(doubt.shape, tape, "shape", names), *SHAPES),
        "logistic": logistic | chosen(doubt.outside_family, tape, "family"),
    }


def _shares(ceiling: Float[np.ndarray, "R C"], pair: np.ndarray, pairs: int) -> Float[np.ndarray, "R C"]:
    """Each campaign's part of its pair's ceiling; 0 in a pair without any."""
    total = np.take(total_by(ceiling, pair, pairs), pair, axis=1)
    share: np.ndarray = np.divide(ceiling, total, out=np.zeros(ceiling.shape), where=total > 0)
    return share


def _delayed(
    channels: tuple[Channel, ...], half_life: Float[np.ndarray, "R K"], channel: np.ndarray, dt: float
) -> Carryover | None:
    """Carry-over with its peak delayed; where a short half-life was drawn, no later than it allows."""
    peak = _days([k.peak for k in channels])
    if not peak.any():
        return None
    latest = np.minimum(peak, half_life / np.log(2.0))
    return Carryover.from_days(half_life[:, channel], dt, latest[:, channel])


def _overclaim(channels: tuple[Channel, ...], doubt: Uncertainty, tape: Tape) -> Float[np.ndarray, "R K"]:
    stated = np.array([k.overclaim for k in channels])
    drawn = stated * draw_factor(doubt.overclaim, tape, "overclaim", [k.name for k in channels])
    clipped: np.ndarray = np.minimum(drawn, 1.0)
    return clipped
