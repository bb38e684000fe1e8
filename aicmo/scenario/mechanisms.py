"""Optional mechanisms of the market: each left out costs nothing and changes nothing."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from aicmo.scenario.model import Model
from aicmo.scenario.quantities import (
    Duration,
    Money,
    Name,
    NonNegative,
    Positive,
    PositiveMoney,
    Share,
    by_default,
)

Breadth = Annotated[float, Field(ge=0.1, le=1)]


class Targeting(Model):
    """What narrow targeting on a channel buys and costs (model.md 1, 4)."""

    concentration: Share = 0.5
    """γ: 1 where all people of a segment are alike, 0 where the best share holds all the potential."""
    premium: NonNegative = 0.0
    """Price rises with breadth^(−premium)."""


class Synergy(Model):
    """Attention on other channels that makes a channel work better (model.md 5)."""

    channel: Name
    """The channel that works better."""
    channels: Annotated[tuple[Name, ...], Field(min_length=1)]
    """The channels whose attention helps."""
    lift: NonNegative
    """Pressure counts for (1 + lift) times as much at full attention of each."""


class Rivals(Model):
    """Competition for attention, mean one: slow movement, and bursts at random times (model.md 5)."""

    volatility: NonNegative = 0.0
    """Stationary standard deviation of the logarithm."""
    half_life: Duration = by_default("8w")
    """After which half of a deviation is gone."""
    bursts_per_year: NonNegative = 0.0
    """Expected number in each segment."""
    burst_length: Duration = by_default("2w")
    """How long one lasts."""
    burst_size: Positive = 2.0
    """Factor on rivals while it lasts."""


class Creative(Model):
    """Variants of quality and wear in every campaign (model.md 6)."""

    variants: Annotated[int, Field(ge=1, le=16)] = 4
    """Most that are live at once."""
    quality: NonNegative = 0.3
    """Standard deviation of the logarithm of a variant's quality, mean one."""
    exposures: NonNegative = 0.2
    """Exposures per addressed head and day at half-saturation."""
    floor: Share = 0.3
    """Effect that a worn-out variant keeps."""
    exponent: NonNegative = 0.43
    """Response to exposure N + 1 is (N + 1)^(−exponent) (Meta analysis, quoted, weak)."""
    recovery: Duration = by_default("4w")
    """Half-life of exposures in memory."""


class Brand(Model):
    """A brand that attention builds slowly and that lifts demand (model.md 8)."""

    half_life: Duration = by_default("26w")
    """Of what was built."""
    elasticity: Share = 0.2
    """Demand is proportional to brand^elasticity."""
    start: Positive = 1.0
    """Index when the history opens; one is a brand without marketing."""


class People(Model):
    """A finite segment: prospects, customers and lost customers are conserved (model.md 9, 10)."""

    prospects: Positive
    """People who may still be won when the history opens."""
    customers: NonNegative = 0.0
    """Customers when the history opens."""
    churn: Share = 0.0
    """Share of customers lost in a year without any retention."""
    repeat_orders: NonNegative = 0.0
    """Orders of a customer in a year, beyond the first."""
    return_half_life: Duration | None = None
    """After which half of the lost customers may be won again; none: never."""


class Incidents(Model):
    """Spend on people without consent or on off-limits placements goes wrong at times (model.md 14)."""

    money_per_incident: PositiveMoney
    """Risky spend that brings one incident on average, without governance."""
    cost: Money
    """Mean cost of one."""
    spread: NonNegative = 1.0
    """Standard deviation of the logarithm of its cost."""
    exposed: Share = 0.1
    """Share of spend that reaches people without consent."""


class Dayparts(Model):
    """Parts of a day in which money works more or less; what differs is said channel by channel."""

    names: Annotated[tuple[Name, ...], Field(min_length=2, max_length=24)]
    """Of equal length, such as [night, morning, afternoon, evening]."""
    spread: NonNegative = 0.0
    """Standard deviation of the logarithm by which effects differ between worlds."""
    crowding: Annotated[float, Field(gt=0, le=1)] = 0.5
    """t times the money in a part works t^(1 − crowding) times as much there."""
