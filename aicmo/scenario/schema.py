"""The scenario: market (truth), brief (what the advertiser knows), guardrails, teams."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from aicmo.scenario.market import Market
from aicmo.scenario.quantities import Duration, Model, Money, NonNegative, Positive, Share


class Calendar(Model):
    """When it happens."""

    start: date
    tick: Duration  # default 1d
    horizon: Duration  # 52w
    history: Duration  # 52w; four quarters
    periods: Literal["quarter", "month", "horizon"] = "quarter"  # calendar-like equal splits, see compile


class Budget(Model):
    """Money per budget period: one amount for all, or one per period."""

    periods: tuple[Money, ...]  # one per period of the horizon
    history: tuple[Money, ...] | None = None  # default: horizon's budgets / (1 + growth)


class Measurement(Model):
    """The default data stack: what a CDP delivers. A team's `data:` may override each field."""

    latency: Duration  # event → availability
    match_rate: Share = 0.8
    consent: Share = 0.8
    signal_loss: Share = 0.2  # τ(i) = 1 − signal_loss · (1 − i)
    lag_half_life: Duration  # conversion lag (credited share 1 − 2^(−age/half-life)), cut at lag_end
    lag_end: Duration


class Knowledge(Model):
    """What the advertiser believes at the start (the brief), beside the facts."""

    half_life_error: NonNegative = 0.5  # log sd of believed half-lives
    season_error: NonNegative = 0.05  # log sd of the believed season index
    prior_return: Positive = 1.2  # iROAS believed at last year's spend
    prior_cv: Positive = 0.9
    misallocation: NonNegative = 0.4  # m: history's shares are optimum × exp(N(0, m²))


class Factor(Model):
    """A mean-one factor on a scenario value: exactly one of the two."""

    lognormal: NonNegative | None = None  # log sd
    uniform: tuple[NonNegative, NonNegative] | None = None  # low, high of the factor (not mean one unless symmetric about 1)


class Uncertainty(Model):
    """Priors over markets: each replication draws its own."""

    ceiling: Factor | None = None  # per campaign
    half_saturation: Factor | None = None  # per campaign
    shape: Factor | None = None  # per campaign
    half_life: Factor | None = None  # per channel
    overclaim: Factor | None = None  # per channel, clipped to [0, 1]
    efficiency: Factor | None = None  # one for the whole market
    misallocation: Factor | None = None
    drift: Factor | None = None  # on drift volatility
    noise: Factor | None = None
    outside_family: Share = 0.0  # share of worlds whose curves are not Hill


class Scenario(Model):
    """A validated scenario file."""

    schema_: Literal[1] = Field(alias="schema")
    name: str
    description: str = ""
    currency: str  # ISO-4217
    calendar: Calendar
    budget: Budget
    market: Market
    measurement: Measurement
    knowledge: Knowledge = Knowledge()
    uncertainty: Uncertainty | None = None
    guardrails: tuple[Any, ...] = ()  # parts of aicmo.guardrails by `kind`, read through the shelf with TypeAdapter
    teams: dict[str, Any] = {}  # overrides and additions to the presets
