"""Incrementality testing: a holdout where what it would teach is worth more than the orders it costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from aicmo.agents._holdouts import busy, may_begin, of_channels, wash_out_days
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation, Proposal, Seat
from aicmo.policies._credit import Credit, Excess
from aicmo.policies._readouts import counted, readouts
from aicmo.policies._reported import joined, report, roas_against_mean

LOOK_BACK_DAYS = 28.0
TINY = 1e-9
"""Least amount that is divided by."""


class Notebook(NamedTuple):
    """State: the brief, and how far credit is believed.

    Attributes
    ----------
    opening : (R, C) [log]
        Credited profit for the money of the opening plan, relative to the mean of its row; None before then.
    counted : (R, E, K) [order/day]
        What was credited by channel while each known readout counted.
    """

    brief: Brief
    excess: Excess
    opening: Float[np.ndarray, "R C"] | None = None
    counted: Float[np.ndarray, "R E K"] | None = None


class Stakes(NamedTuple):
    """What is at stake in each world today.

    Attributes
    ----------
    credit : (R, K) [order/day]
        Unified credit by channel.
    profit : (R, K) [currency/day]
        Gross profit of it.
    around : (R, K) [order/day]
        All orders of the segments in which the channel has campaigns.
    spend : (R, K) [currency/day]
    """

    credit: Float[np.ndarray, "R K"]
    profit: Float[np.ndarray, "R K"]
    around: Float[np.ndarray, "R K"]
    spend: Float[np.ndarray, "R K"]


@dataclass(frozen=True)
class Incrementality:
    """Plans holdouts of channels by value of information (Raiffa & Schlaifer 1961; Feit & Berman 2019).

    With ε_k the log error of a channel's believed return, the error of its log ratio of credited to caused
    orders (`Credit`, the same doubt as curves are learned with), money allocated on it loses about
    ½ · responsiveness · Σ profit · Var_w(ε), the variance between channels weighted by spend: an error that
    all share moves no money. A test is worth what its readout is expected to take off that variance, from the
    readout to the end of the horizon, and costs the orders that held-out people do not place. The best of all
    channels, shares and lengths is begun if it is worth more than it costs.

    Parameters
    ----------
    credit : Credit
        What is believed about credit before any experiment.
    shares, days : tuple of float
        Designs to choose from.
    dispersion : float
        Variance over mean of daily orders, for the standard error that a design will have.
    responsiveness : float
        Elasticity of spend with respect to believed return, which is one over the curvature that is planned
        with, 1.3 to 1.9, times marginal over average return, about a third: .2. Steps and bounds leave about
        half of that.
    wash_out_half_lives : float
        How many believed half-lives of carry-over people are held out before counting begins.
    reading_days : float
        From the last day counted to the readout.
    cadence : str
    """

    kind: ClassVar[str] = "incrementality"
    seat: ClassVar[Seat] = "experiments"

    credit: Credit = field(default_factory=Credit)
    shares: tuple[float, ...] = (0.05, 0.1, 0.2)
    days: tuple[float, ...] = (14.0, 28.0, 56.0)
    dispersion: float = 2.0
    responsiveness: float = 0.1
    wash_out_half_lives: float = 1.0
    reading_days: float = 10.0
    cadence: str = "1w"

    @classmethod
    def examples(cls) -> Iterator[Incrementality]:
        """Instances on which the contracts are checked."""
        yield cls()

    def init(self, brief: Brief) -> Notebook:
        """Believe the prior, and that people know their campaigns as far as the prior says."""
        return Notebook(brief, self.credit.judge(brief.channel, np.zeros(brief.shape)))

    def update(self, state: Notebook, observation: Observation) -> Notebook:
        """Judge the opening plan once there are reports, and learn from every readout."""
        brief, told = state.brief, observation.experiments.known.any()
        if state.opening is not None and not told:
            return state
        opening = state.opening
        if opening is None and observation.delivered.any():
            opening = log_return(brief, observation)
        credit = counted(brief, observation, state.counted) if told else None
        read = None if credit is None else readouts(observation, credit, self.credit.caused)
        judged = np.zeros(brief.shape) if opening is None else opening
        return Notebook(brief, self.credit.judge(brief.channel, judged, read), opening, credit)

    def act(self, state: Notebook, observation: Observation, draws: Draws) -> Proposal:  # noqa: ARG002 - no luck
        """Begin the best design where it pays."""
        brief, rows = state.brief, np.arange(state.brief.replications)
        stakes = stakes_of(brief, observation)
        wash_out = wash_out_days(brief, self.wash_out_half_lives)
        possible = may_begin(brief, observation)[:, None] & ~busy(brief, observation) & (stakes.credit > 0.0)
        best, worth = np.full(brief.replications, -1), np.zeros(brief.replications)
        share, days = np.zeros(brief.replications), np.zeros(brief.replications)
        for f in self.shares:
            affordable = possible & self._affordable(observation, f * stakes.spend)
            for length in self.days:
                lasts = max(length, observation.experiments.terms.minimum_days)
                gain = self._worth(state, observation, stakes, wash_out, f, lasts)
                gain = np.where(affordable, gain, -np.inf)
                found = gain.argmax(axis=1)
                better = gain[rows, found] > worth
                best, share = np.where(better, found, best), np.where(better, f, share)
                days = np.where(better, lasts, days)
                worth = np.where(better, gain[rows, found], worth)
        return Proposal(self.seat, of_channels(brief, best, share, days, wash_out[rows, best]))

    @staticmethod
    def _affordable(observation: Observation, money: Float[np.ndarray, "R K"]) -> Bool[np.ndarray, "R K"]:
        """Whether guardrails allow so much more money on people who are held out, (R, K)."""
        most = observation.limits.withheld
        if most is None:
            return np.ones(money.shape, dtype=bool)
        held = observation.experiments.held_out(observation.tick) * observation.current
        return np.asarray(money + held.sum(axis=1, keepdims=True) <= most[:, None])

    def _worth(
        self,
        state: Notebook,
        observation: Observation,
        stakes: Stakes,
        wash_out: Float[np.ndarray, "R K"],
        share: float,
        days: float,
    ) -> Float[np.ndarray, "R K"]:
        """Value of information less cost, for a test of each channel, (R, K) [currency]."""
        brief, terms = state.brief, observation.experiments.terms
        channels = len(brief.channels)
        size = np.maximum(np.bincount(brief.channel, minlength=channels), 1)
        believed = np.exp(-joined(state.excess.mean, brief.channel, channels) / size)
        caused, profit = believed * stakes.credit, believed * stakes.profit
        after = (brief.ticks - observation.tick) * brief.tick_days - wash_out - days - self.reading_days
        variance = self.dispersion * stakes.around / (days * share * (1.0 - share))
        error = variance / np.maximum(caused, TINY) ** 2  # of the readout's logarithm
        moved = preposterior(state.excess.by_channel(brief.channel, channels), error)
        weight = stakes.spend / np.maximum(stakes.spend.sum(axis=1, keepdims=True), TINY)
        mean = (moved * weight[:, None, :]).sum(axis=2, keepdims=True)
        told = ((moved - mean) ** 2 * weight[:, None, :]).sum(axis=2)
        a_day = 0.5 * self.responsiveness * profit.sum(axis=1, keepdims=True) * told
        lost = share * (wash_out + days) * profit
        return np.asarray(a_day * np.maximum(after, 0.0) - lost - terms.cost)


def preposterior(
    covariance: Float[np.ndarray, "R K K"], variance: Float[np.ndarray, "R K"]
) -> Float[np.ndarray, "R K J"]:
    """How far a test of channel k is expected to move the belief about each j, one standard deviation [log].

    Σ_jk / √(Σ_kk + v_k): the square is what a readout of variance v_k will take off the variance.
    """
    total = np.diagonal(covariance, axis1=1, axis2=2) + variance
    return np.asarray(covariance / np.sqrt(np.maximum(total, 1e-300))[:, :, None])


def log_return(brief: Brief, observation: Observation) -> Float[np.ndarray, "R C"]:
    """Log of each campaign's credited profit for its money, relative to its row's; 0 where nothing is known.

    Who has no curves reads average returns; planners meant marginal ones to be equal, which at elasticities
    that are alike is the same.
    """
    seen = report(observation, "unified", observation.tick - round(LOOK_BACK_DAYS / brief.tick_days))
    return np.asarray(np.log(np.maximum(roas_against_mean(seen.spend, seen.orders * brief.value), TINY)))


def stakes_of(brief: Brief, observation: Observation) -> Stakes:
    """Add up by channel what the last four weeks brought."""
    rows = observation.since(observation.tick - round(LOOK_BACK_DAYS / brief.tick_days))
    mature = np.where(observation.delivered[rows], observation.maturity[rows], 0.0)
    days = max(float(mature.sum()), 1e-9) * brief.tick_days
    credit = (observation.unified[rows] * (mature > 0.0)[:, None, None]).sum(axis=0) / days
    known = max(int(observation.delivered[rows].sum()), 1) * brief.tick_days
    orders = observation.orders[rows].sum(axis=0) / known
    inside = [np.unique(brief.segment[brief.channel == k]) for k in range(len(brief.channels))]
    credit, profit, spend = (
        joined(values, brief.channel, len(inside))
        for values in (credit, credit * brief.value, observation.current)
    )
    around = np.stack([np.take(orders, members, axis=1).sum(axis=1) for members in inside], axis=1)
    return Stakes(credit, profit, around, spend)
