"""The scenario: market (truth), brief (what the advertiser knows), guardrails, teams."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from aicmo.scenario.market import Market
from aicmo.scenario.quantities import Day, Duration, Model, Money, NonNegative, Positive, Share

DAY = 1440
YEAR = 52 * 7 * DAY
PERIOD_DAYS = {"quarter": 91.0, "month": 364.0 / 12}
"""A quarter is 13 weeks and a month a third of it, so that 52 weeks hold four and twelve of equal length."""


class Calendar(Model):
    """When it happens."""

    start: Day
    """The day on which the horizon opens."""
    tick: Duration = DAY
    """Step of the market, `1h` … `1w`."""
    horizon: Duration = YEAR
    """How long teams decide."""
    history: Duration = YEAR
    """How long the advertiser has been spending before; four quarters let policies see each season."""
    periods: Literal["quarter", "month", "horizon"] = "quarter"
    """Budget periods: 13 weeks, a third of that, or the whole horizon; as equal as ticks allow."""

    def parts(self, length: int) -> int:
        """Return how many budget periods `length` [minutes] holds."""
        if self.periods == "horizon":
            return 1
        return min(max(1, round(length / DAY / PERIOD_DAYS[self.periods])), max(1, length // self.tick))


class Budget(Model):
    """Money per budget period: one amount for all, or one per period."""

    periods: Annotated[tuple[Money, ...], Field(min_length=1)]
    """Of the horizon, in order of time."""
    history: Annotated[tuple[Money, ...], Field(min_length=1)] | None = None
    """Of the history; none: as the same period of the horizon."""


class Measurement(Model):
    """The default data stack: what a CDP delivers. A team's `data:` may override each field."""

    latency: Duration = DAY
    """From the end of a tick until its data is there."""
    match_rate: Share = 0.8
    """Share of profiles that identity resolution joins."""
    consent: Share = 0.8
    """Share of profiles that may be used."""
    signal_loss: Share = 0.2
    """Orders that go uncredited where no profile is usable: τ(i) = 1 − signal_loss · (1 − i), i = match × consent."""
    lag_half_life: Duration = DAY
    """Conversion lag: after this long half of a tick's orders is credited (Chapelle 2014: about a day)."""
    lag_end: Duration = 30 * DAY
    """When the last order is credited (Chapelle 2014: 30 days)."""


class Knowledge(Model):
    """What the advertiser believes at the start (the brief), beside the facts."""

    half_life_error: NonNegative = 0.5
    """Error of believed half-lives: standard deviation of the logarithm."""
    season_error: NonNegative = 0.05
    """Error of the believed season: standard deviation of the logarithm."""
    prior_return: Positive = 1.2
    """Incremental revenue per money spent, believed at last year's spend (Meridian's prior: median 1.22)."""
    prior_cv: Positive = 0.9
    """Its coefficient of variation (Meridian's prior: .9)."""
    misallocation: NonNegative = 0.4
    """m: the shares of last year are optimum × exp(N(0, m²))."""


class Factor(Model):
    """A factor on a value of the scenario, drawn anew for each world: exactly one of the two."""

    lognormal: Annotated[float, Field(ge=0, le=3)] | None = None
    """Standard deviation of the logarithm; the mean is one."""
    uniform: Annotated[tuple[NonNegative, ...], Field(min_length=2, max_length=2)] | None = None
    """Lowest and highest."""


class Uncertainty(Model):
    """Priors over markets: each replication draws its own."""

    ceiling: Factor | None = None
    """Per campaign."""
    half_saturation: Factor | None = None
    """Per campaign."""
    shape: Factor | None = None
    """Per campaign."""
    half_life: Factor | None = None
    """Per channel."""
    overclaim: Factor | None = None
    """Per channel; the result is clipped to 1."""
    efficiency: Factor | None = None
    """One for the whole market."""
    misallocation: Factor | None = None
    """On knowledge.misallocation."""
    drift: Factor | None = None
    """On the volatility of drift."""
    noise: Factor | None = None
    """On the dispersion of noise."""
    outside_family: Share = 0.0
    """Share of worlds whose curves are logistic instead of Hill."""


class Scenario(Model):
    """A validated scenario file."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    """Version of this format."""
    name: Annotated[str, Field(min_length=1, max_length=80)]
    """What tables call it."""
    description: str = ""
    """What it is meant to show."""
    currency: str
    """ISO 4217 code, such as EUR."""
    calendar: Calendar
    budget: Budget
    market: Market
    measurement: Measurement = Measurement()
    knowledge: Knowledge = Knowledge()
    uncertainty: Uncertainty | None = None
    """Priors over markets; without them a comparison speaks about luck in this one market only."""
    history_team: str = "manual_quarterly"
    """The team whose rule spent the history's budget."""
    guardrails: tuple[Any, ...] = ()
    """Limits set by people, each a part of `aicmo.guardrails` by its `kind`."""
    teams: dict[str, Any] = {}
    """Own teams, and changes to those that ship."""
