"""The market section of a scenario: the truth that the simulation knows and the teams do not."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, WrapValidator, model_validator

from aicmo.scenario.grid import Cell, Grid, Response, Shape
from aicmo.scenario.library import FromLibrary
from aicmo.scenario.mechanisms import (
    Brand,
    Breadth,
    Creative,
    Dayparts,
    Incidents,
    People,
    Rivals,
    Synergy,
    Targeting,
)
from aicmo.scenario.model import Model
from aicmo.scenario.quantities import (
    DayText,
    Duration,
    Money,
    Name,
    NonNegative,
    Objective,
    Positive,
    PositiveMoney,
    Share,
    by_default,
)


class HillCurve(Model):
    """Orders a day = ceiling · x^shape / (half_saturation^shape + x^shape), x the adstocked money per day."""

    kind: Literal["hill"] = "hill"
    ceiling: NonNegative
    """Orders per day at full saturation."""
    half_saturation: PositiveMoney
    """Money per day at which half of the ceiling is reached."""
    shape: Shape = 1.0
    """Above 1 the curve is S-shaped."""


class LogisticCurve(Model):
    """Orders a day = ceiling · (1 − e^(−λx)) / (1 + e^(−λx)), half of the ceiling at half_saturation."""

    kind: Literal["logistic"]
    """Lies outside the family that the learners assume."""
    ceiling: NonNegative
    """Orders per day at full saturation."""
    half_saturation: PositiveMoney
    """Money per day at which half of the ceiling is reached."""


def _kind(curve: Any) -> Any:
    """Name the family of a curve; Hill where none is named."""
    return curve.get("kind", "hill") if isinstance(curve, dict) else getattr(curve, "kind", None)


Curve = Annotated[
    Annotated[HillCurve, Tag("hill")] | Annotated[LogisticCurve, Tag("logistic")], Discriminator(_kind)
]


class Seasonality(Model):
    """Seasonal index; normalised to mean one over a year when compiled."""

    months: Annotated[tuple[NonNegative, ...], Field(min_length=12, max_length=12)] = (1.0,) * 12
    """January to December."""
    weekdays: Annotated[tuple[NonNegative, ...], Field(min_length=7, max_length=7)] = (1.0,) * 7
    """Monday to Sunday."""


class Process(Model):
    """A mean-one Ornstein–Uhlenbeck factor."""

    volatility: NonNegative = 0.0
    """Stationary standard deviation of its logarithm."""
    half_life: Duration = by_default("2w")
    """After which half of a deviation is gone."""


class Segment(Model):
    """People who are addressed together."""

    name: Name
    preset: str | None = None
    """Segment of the library that this one starts from; keys written here override its own."""
    base_orders: NonNegative
    """Organic orders per day, without any marketing."""
    order_value: Money
    """Revenue of one order."""
    margin: Share
    """Share of revenue that is gross profit."""
    season: Seasonality | None = None
    """Season of demand."""
    trend: Annotated[float, Field(ge=-5, le=5)] = 0.0
    """Growth of demand per year, as a logarithm: 0.05 is about 5 %."""
    shock: Process = Field(default_factory=lambda: Process(volatility=0.1))
    """Demand shocks; without them learning is too easy (model.md 7)."""
    people: People | None = None
    """How many people there are; none: prospects never run out, and nobody is a customer."""


class LearningPhase(Model):
    """How a platform punishes large steps (model.md 2)."""

    severity: NonNegative = 0.5
    """Loss per log step beyond 20 %."""
    floor: Share = 0.6
    """Effect that remains after the largest step."""
    half_life: Duration = by_default("7d")
    """After which half of a step is learned."""


class Channel(Model):
    """A place to put money."""

    name: Name
    preset: str | None = None
    """Channel of the library that this one starts from; keys written here override its own."""
    half_life: Duration
    """Of adstock (carry-over); `0d` is none."""
    response: Response | None = None
    """Typical response, from which campaigns of `grids` start."""
    overclaim: Share = 0.0
    """Share ω of orders it has seen but not caused that the platform claims."""
    price: Process | None = None
    """Fluctuation of the media price."""
    price_season: Seasonality | None = None
    """Season of the media price."""
    learning: LearningPhase | None = None
    """Learning phase of the platform."""
    peak: Duration = by_default("0d")
    """When the response to a day's spend is highest; `0d` is at once."""
    targeting: Targeting | None = None
    """What narrow targeting buys and costs; none: every campaign addresses its whole segment."""
    brand: NonNegative = 0.0
    """How much full attention on this channel adds to the brand index in the long run."""
    rivalry: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of pressure that rivals can cover."""
    rival_price: Share = 0.0
    """How much of the rivals' movement shows in the media price."""
    risk: Share = 0.0
    """Share of spend that may end on off-limits placements."""
    dayparts: tuple[NonNegative, ...] = ()
    """Effect of money in each part of the day of `market.dayparts`, mean one when compiled; none: alike."""


class Campaign(Model):
    """Segment × channel × objective, with its response curve and supply."""

    segment: Name
    """Name of a segment."""
    channel: Name
    """Name of a channel."""
    objective: Objective = "acquisition"
    """New orders, or repeat orders."""
    curve: Curve
    """Response to adstocked spend."""
    inventory: Money | None = None
    """Largest deliverable spend per day at price 1; none is unlimited."""
    breadth: Breadth = 1.0
    """Share of the segment that it addresses, best prospects first."""
    churn_cut: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of churn that a retention campaign prevents at saturation, where customers exist."""
    start: DayText | None = None
    """First day."""
    stop: DayText | None = None
    """First day on which it no longer runs."""

    @property
    def name(self) -> str:
        """What guardrails and tables call it: segment/channel/objective."""
        return f"{self.segment}/{self.channel}/{self.objective}"


class Drift(Model):
    """Drift of campaign effectiveness, mean one (model.md 11)."""

    volatility: NonNegative = 0.0
    """Stationary standard deviation of the logarithm."""
    half_life: Duration = by_default("8w")
    """After which half of a deviation is gone."""
    jumps_per_year: NonNegative = 0.0
    """Change points per campaign."""
    jump_size: NonNegative = 0.0
    """Standard deviation of the logarithm of a jump."""


class Event(Model):
    """A scheduled event that multiplies demand, effectiveness or price for a while."""

    name: Name
    start: DayText
    """First day."""
    duration: Duration
    """How long it lasts."""
    segments: tuple[Name, ...] = ()
    """Segments that it touches; none named: all."""
    channels: tuple[Name, ...] = ()
    """Channels that it touches; none named: all."""
    demand: NonNegative = 1.0
    """Factor on demand while it lasts."""
    effectiveness: NonNegative = 1.0
    """Factor on the effect of campaigns while it lasts."""
    price: Positive = 1.0
    """Factor on media prices while it lasts."""
    rivals: NonNegative = 1.0
    """Factor on rivals' attention while it lasts."""
    consent: Share = 1.0
    """Factor on the share of profiles that may be used while it lasts."""
    concentration: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Factor on the concentration of channels that target while it lasts.

    Below 1 prospects stand closer together: a window of opportunity for those who know whom to address.
    """
    data_outage: bool = False
    """Whether no data arrives while it lasts; what was recorded arrives once it is over."""
    known: bool = True
    """Whether the brief announces it."""


class Noise(Model):
    """Volume noise."""

    dispersion: NonNegative = 1.0
    """Variance is about dispersion × mean; 1 is like counting."""


class Market(Model):
    """The truth."""

    segments: Annotated[
        tuple[Annotated[Segment, WrapValidator(FromLibrary("segments"))], ...], Field(min_length=1)
    ]
    """Whom to address."""
    channels: Annotated[
        tuple[Annotated[Channel, WrapValidator(FromLibrary("channels"))], ...], Field(min_length=1)
    ]
    """Where to address them."""
    campaigns: tuple[Campaign, ...] = ()
    """What money is put on, one by one; those of `grids` follow."""
    grids: tuple[Grid, ...] = ()
    """Many campaigns in a few words."""
    drift: Drift | None = None
    """How effectiveness wanders; none is standing still."""
    noise: Noise = Field(default_factory=Noise)
    """Luck of volumes."""
    events: tuple[Event, ...] = ()
    """What happens on known dates."""
    synergies: tuple[Synergy, ...] = ()
    """Channels that make others work better."""
    rivals: Rivals | None = None
    """Competition for attention."""
    creative: Creative | None = None
    """Variants that differ and wear out."""
    dayparts: Dayparts | None = None
    """Hours at which money works better; none: all are alike."""
    brand: Brand | None = None
    """What attention builds in the long run."""
    incidents: Incidents | None = None
    """What risky spend costs at times."""

    @property
    def targets(self) -> bool:
        """Whether there is anything to decide about breadth: a channel targets, or a campaign is narrow."""
        offers = any(channel.targeting is not None for channel in self.channels)
        return offers or any(campaign.breadth < 1 for campaign in self.campaigns)

    @model_validator(mode="after")
    def _spelled_out(self) -> Self:
        """Add the campaigns of grids: whoever reads a market finds all of them in `campaigns`."""
        named = {campaign.name: campaign for campaign in self.campaigns}
        segments = {s.name: Cell(s.base_orders, s.order_value * s.margin) for s in self.segments}
        channels = {channel.name: channel.response for channel in self.channels}
        extra: dict[str, Campaign] = {}
        for grid in self.grids:
            for written in grid.campaigns(segments, channels):
                campaign = Campaign.model_validate(written)
                if campaign.name not in named:
                    extra.setdefault(campaign.name, campaign)
        object.__setattr__(self, "campaigns", (*self.campaigns, *extra.values()))
        if not self.campaigns:
            raise ValueError("expected at least one campaign, in `campaigns` or `grids`")
        return self
