"""What agents exchange: frozen values whose arrays are read-only.

Axis letters: R replications, C campaigns, S segments, K channels, W observation window (ticks, oldest first).
Rates are money per day, in force until replaced. Tick 0 opens the horizon; negative ticks are history.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from jaxtyping import Bool, Float, Int

from aicmo.messages.creative import Creatives, Mix, StudioTerms
from aicmo.messages.decisions import (
    SEATS,
    Binding,
    Decision,
    Forecast,
    Intervention,
    Profile,
    Proposal,
    Seat,
    Waiver,
)
from aicmo.messages.experiments import Experiments, Holdouts, Terms
from aicmo.messages.frozen import Frozen, read_only
from aicmo.messages.limits import RANKS, GroupLimit, Latitude, Limits, Rank
from aicmo.messages.pacing import Hours, Pace
from aicmo.messages.requests import Answer, Request

__all__ = [
    "RANKS",
    "SEATS",
    "Answer",
    "Binding",
    "Brief",
    "Creatives",
    "Decision",
    "Experiments",
    "Forecast",
    "GroupLimit",
    "Holdouts",
    "Hours",
    "Intervention",
    "Latitude",
    "Limits",
    "Mix",
    "Observation",
    "Pace",
    "Period",
    "Profile",
    "Proposal",
    "Rank",
    "Request",
    "Seat",
    "Standing",
    "StudioTerms",
    "Terms",
    "Waiver",
    "read_only",
]

MINUTES_PER_DAY = 1440


@dataclass(frozen=True)
class Period:
    """A budget period, ticks `start` to `end` (exclusive), with the money for it."""

    name: str
    start: int
    end: int
    budget: float

    @property
    def ticks(self) -> int:
        """Length in ticks."""
        return self.end - self.start


@dataclass(frozen=True)
class Brief(Frozen):
    """What the advertiser knows at the start, the same for every team.

    Attributes
    ----------
    segment, channel : (C,)
        Index of each campaign's segment and channel.
    retention : (C,)
        True where the campaign's objective is retention, False for acquisition.
    start : date
        Calendar day of tick 0.
    tick_minutes : int
        Length of a tick [minutes].
    ticks : int
        Ticks in the horizon; history has ticks `-history_ticks … -1`.
    periods : tuple of Period
        Budget periods in time order, history first (negative ticks), without gaps.
    value : (C,) [currency/order]
        Gross profit of one order credited to the campaign: order value × margin of its segment.
    margin : (C,)
        Share of revenue that is gross profit.
    half_life : (R, C) [day]
        Believed half-life of carry-over: the truth × LogNormal(0, .5), never the truth.
    season : (history_ticks + ticks, R, S)
        Believed demand index by tick, mean one over a year, with error.
    maturation : (L,)
        Share of an origin tick's conversions that is credited after 1, 2, … L ticks; the last is 1.
    prior_return, prior_cv : float
        Prior belief about iROAS at last year's spend: mean and coefficient of variation.
    available : (history_ticks + ticks, C)
        False where the campaign has not started or has stopped.
    breadth : (C,) [1], optional
        Share of the segment that each campaign addressed so far; None where nobody can target.
    targeted : (C,), optional
        True where the channel lets an advertiser choose how broadly; None where nobody can target.
    variants : int
        V, most variants of a campaign that are live at once; 0 where creatives do not matter.
    dayparts : int
        D, parts of a day among which money can be split; 0 where all hours are alike.
    """

    currency: str
    minor_unit: float
    campaigns: tuple[str, ...]
    segments: tuple[str, ...]
    channels: tuple[str, ...]
    segment: Int[np.ndarray, "C"]
    channel: Int[np.ndarray, "C"]
    retention: Bool[np.ndarray, "C"]
    start: date
    tick_minutes: int
    ticks: int
    history_ticks: int
    replications: int
    periods: tuple[Period, ...]
    value: Float[np.ndarray, "C"]
    margin: Float[np.ndarray, "C"]
    half_life: Float[np.ndarray, "R C"]
    season: Float[np.ndarray, "T R S"]
    maturation: Float[np.ndarray, "L"]
    prior_return: float
    prior_cv: float
    available: Bool[np.ndarray, "T C"]
    breadth: Float[np.ndarray, "C"] | None = None
    targeted: Bool[np.ndarray, "C"] | None = None
    variants: int = 0
    dayparts: int = 0
    long_term_weight: float = 0.0

    @property
    def tick_days(self) -> float:
        """Length of a tick [day]."""
        return self.tick_minutes / MINUTES_PER_DAY

    @property
    def shape(self) -> tuple[int, int]:
        """(R, C)."""
        return self.replications, len(self.campaigns)

    def row(self, tick: int) -> int:
        """Index of `tick` on axes that begin with the history."""
        return tick + self.history_ticks

    def period_at(self, tick: int) -> Period:
        """Return the budget period that holds `tick`."""
        for period in self.periods:
            if period.start <= tick < period.end:
                return period
        raise IndexError(
            f"tick {tick} lies outside all budget periods "
            f"({self.periods[0].start} … {self.periods[-1].end - 1})"
        )

    def day_of(self, tick: int) -> date:
        """Calendar day on which `tick` opens."""
        return self.start + timedelta(minutes=tick * self.tick_minutes)


@dataclass(frozen=True)
class Standing(Frozen):
    """Where a team stands when guardrails are asked what they allow now.

    Attributes
    ----------
    tick : int
    current : (R, C) [currency/day]
        The decision in force.
    week_ago : (R, C) [currency/day]
        The decision that was in force seven days ago.
    opening : (R, C) [currency/day]
        The first decision of the running period; until it is taken, the one in force before.
    approved : (R, C) [currency/day]
        The last plan that a person approved; at the start, the plan that history ends with.
    changed : (R, C) [tick]
        When each campaign's rate last changed.
    remaining : (R,) [currency]
        What is left of the running period's budget.
    days_left : float
        Until the running period ends.
    paused : (R, C)
        Campaigns that cannot run now: not started or stopped.
    best : (R, C) [currency/day], optional
        The best plan by the proposer's current estimate, for guardrails that limit exploration.
    observation : Observation, optional
        What the CDP has delivered by now (`limits` not yet merged), for guardrails that judge results.
    autonomy : (R,), optional
        Factor on what needs no approval, widened and narrowed by trust; absent = 1.
    withheld : (R,) [currency/day], optional
        Money that goes to people who are held out of experiments; absent = 0.
    bought : (R,), optional
        Whether that first decision has been taken; absent = it has, but at the period's first tick.
    in_studio, briefed : (R,) [variant], optional
        Variants that are in the studio, and those ordered since the running period opened; absent where
        nothing can be ordered.
    """

    tick: int
    period: Period
    current: Float[np.ndarray, "R C"]
    week_ago: Float[np.ndarray, "R C"]
    opening: Float[np.ndarray, "R C"]
    approved: Float[np.ndarray, "R C"]
    changed: Int[np.ndarray, "R C"]
    remaining: Float[np.ndarray, "R"]
    days_left: float
    paused: Bool[np.ndarray, "R C"]
    best: Float[np.ndarray, "R C"] | None = None
    observation: Observation | None = None
    autonomy: Float[np.ndarray, "R"] | None = None
    withheld: Float[np.ndarray, "R"] | None = None
    bought: Bool[np.ndarray, "R"] | None = None
    in_studio: Int[np.ndarray, "R"] | None = None
    briefed: Int[np.ndarray, "R"] | None = None


@dataclass(frozen=True)
class Observation(Frozen):
    """What the CDP has delivered by now, by origin tick; undelivered rows are zero and masked, never NaN.

    Attributes
    ----------
    tick : int
        The tick that is about to begin.
    due : (R,)
        Rows that decide now.
    origin : (W,) [tick]
        Which tick each row of the window speaks of, oldest first.
    delivered : (W,)
        Whether anything about the origin has arrived.
    maturity : (W,)
        Expected share of the origin's conversions credited so far, 0 … 1.
    spend : (W, R, C) [currency]
        Money that the campaign spent in the tick.
    price : (W, R, K)
        Media price index.
    claimed : (W, R, C) [order]
        Orders the platforms claim so far.
    unified : (W, R, C) [order]
        Orders credited so far after identity resolution.
    orders : (W, R, S) [order]
        All orders of the segment, organic ones included, from the advertiser's own books.
    current : (R, C) [currency/day]
        The decision in force.
    remaining : (R,) [currency]
        What is left of the running period's budget.
    days_left : float
        Until the running period ends.
    limits : Limits
        What the guardrails, merged, allow now.
    experiments : Experiments
        The team's own holdouts, running and finished.
    coverage : float [1]
        Share of profiles that the team may use now, match rate × consent.
    breadth : (R, C) [1], optional
        Share of the segment that each campaign addresses, in force; None where nobody can target.
    creatives : Creatives, optional
        What is seen of variants; None where the market has none, or nobody decides about them.
    frequency : (R, C) [1/day], optional
        How often an addressed head saw the campaign, over the last week delivered; None where nobody counts.
    hours : Hours, optional
        What is seen of the parts of a day; None where all are alike.
    """

    tick: int
    due: Bool[np.ndarray, "R"]
    origin: Int[np.ndarray, "W"]
    delivered: Bool[np.ndarray, "W"]
    maturity: Float[np.ndarray, "W"]
    spend: Float[np.ndarray, "W R C"]
    price: Float[np.ndarray, "W R K"]
    claimed: Float[np.ndarray, "W R C"]
    unified: Float[np.ndarray, "W R C"]
    orders: Float[np.ndarray, "W R S"]
    current: Float[np.ndarray, "R C"]
    remaining: Float[np.ndarray, "R"]
    days_left: float
    period: Period
    limits: Limits
    experiments: Experiments
    coverage: float = 1.0
    breadth: Float[np.ndarray, "R C"] | None = None
    creatives: Creatives | None = None
    frequency: Float[np.ndarray, "R C"] | None = None
    hours: Hours | None = None

    def since(self, tick: int) -> slice:
        """Rows of the window from `tick` on."""
        return slice(int(np.searchsorted(self.origin, tick)), None)
