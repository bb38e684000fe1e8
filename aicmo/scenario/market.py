"""The market section of a scenario: the truth that the simulation knows and the teams do not."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from aicmo.scenario.quantities import Duration, Model, Money, NonNegative, Positive, Share

Objective = Literal["acquisition", "retention"]


class HillCurve(Model):
    """Orders a day = ceiling · x^shape / (half_saturation^shape + x^shape), x the adstocked money per day at price 1."""

    kind: Literal["hill"] = "hill"
    ceiling: NonNegative  # orders/day at full saturation
    half_saturation: Positive  # currency/day (Money strings allowed by the loader)
    shape: Annotated[float, Field(ge=0.3, le=20)] = 1.0


class LogisticCurve(Model):
    """Orders a day = ceiling · (1 − e^(−λx)) / (1 + e^(−λx)), half of the ceiling at half_saturation: outside the learner's family."""

    kind: Literal["logistic"]
    ceiling: NonNegative
    half_saturation: Positive


Curve = Annotated[HillCurve | LogisticCurve, Field(discriminator="kind")]


class Seasonality(Model):
    """Seasonal index: named month multipliers, or peaks; normalised to mean one over a year when compiled."""

    months: tuple[NonNegative, ...] = Field(default=(1.0,) * 12, min_length=12, max_length=12)
    weekdays: tuple[NonNegative, ...] = Field(default=(1.0,) * 7, min_length=7, max_length=7)


class Process(Model):
    """A mean-one Ornstein–Uhlenbeck factor: stationary standard deviation (of its log) and half-life."""

    volatility: NonNegative = 0.0
    half_life: Duration


class Segment(Model):
    """People who are addressed together."""

    name: str
    base_orders: NonNegative  # organic orders/day
    order_value: Money
    margin: Share
    season: Seasonality | None = None
    trend: float = 0.0  # growth per year, log
    shock: Process | None = None  # demand shock; default sd .1, half-life two weeks


class LearningPhase(Model):
    """How a platform punishes large steps (model.md 2)."""

    severity: NonNegative = 0.5  # a
    floor: Share = 0.6
    half_life: Duration


class Channel(Model):
    """A place to put money."""

    name: str
    half_life: Duration  # adstock carry-over; 0d = none ("0d" must be accepted)
    overclaim: Share = 0.0  # ω
    price: Process | None = None
    price_season: Seasonality | None = None
    learning: LearningPhase | None = None


class Campaign(Model):
    """Segment × channel × objective, with its response curve and supply."""

    segment: str
    channel: str
    objective: Objective = "acquisition"
    curve: Curve
    inventory: Money | None = None  # largest deliverable spend per day at price 1; None = unlimited
    start: str | None = None  # ISO date
    stop: str | None = None


class Drift(Model):
    """Drift of campaign effectiveness, mean one (model.md 11)."""

    volatility: NonNegative = 0.0  # stationary sd of the log
    half_life: Duration
    jumps_per_year: NonNegative = 0.0  # change points per campaign
    jump_size: NonNegative = 0.0  # sd of the log of a jump


class Event(Model):
    """A scheduled event that multiplies demand or effectiveness for a while."""

    name: str
    start: str  # ISO date
    duration: Duration
    segments: tuple[str, ...] = ()  # empty: all
    channels: tuple[str, ...] = ()
    demand: NonNegative = 1.0
    effectiveness: NonNegative = 1.0
    price: Positive = 1.0
    known: bool = True  # whether the brief announces it


class Noise(Model):
    """Volume noise: variance is about dispersion × mean."""

    dispersion: NonNegative = 1.0


class Market(Model):
    """The truth."""

    segments: tuple[Segment, ...] = Field(min_length=1)
    channels: tuple[Channel, ...] = Field(min_length=1)
    campaigns: tuple[Campaign, ...] = Field(min_length=1)
    drift: Drift | None = None
    noise: Noise = Noise()
    events: tuple[Event, ...] = ()
