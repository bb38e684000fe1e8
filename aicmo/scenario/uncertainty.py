"""Priors over markets: what each replication draws anew."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, WrapValidator, model_validator

from aicmo.scenario.library import FromLibrary
from aicmo.scenario.model import Model
from aicmo.scenario.quantities import NonNegative, Share


class Factor(Model):
    """A factor on a value of the scenario, drawn anew for each world: exactly one of the two."""

    lognormal: Annotated[float, Field(ge=0, le=3)] | None = None
    """Standard deviation of the logarithm; the mean is one."""
    uniform: Annotated[tuple[NonNegative, ...], Field(min_length=2, max_length=2)] | None = None
    """Lowest and highest."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.lognormal is None) == (self.uniform is None):
            raise ValueError("expected exactly one of 'lognormal: 0.3' and 'uniform: [0.5, 1.5]'")
        if self.uniform is not None and self.uniform[0] > self.uniform[1]:
            raise ValueError(f"expected the lowest first, got {list(self.uniform)}")
        return self


class Uncertainty(Model):
    """Priors over markets: each replication draws its own. A factor on what a market lacks does nothing."""

    preset: str | None = None
    """Priors that ship, such as `typical`; keys written here replace theirs."""
    ceiling: Factor | None = None
    """Per campaign."""
    half_saturation: Factor | None = None
    """Per campaign."""
    shape: Factor | None = None
    """Per campaign."""
    half_life: Factor | None = None
    """Carry-over, per channel."""
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
    delayed_peak: Share = 0.0
    """Share of worlds in which channels with carry-over respond late: also outside the learners' family."""
    latency: Factor | None = None
    """On measurement.latency and on that of teams, in whole ticks; a single session keeps what is stated."""
    consent: Factor | None = None
    """On the share of profiles that may be used; the result is clipped to 1."""
    demand_shock: Factor | None = None
    """On the volatility of demand shocks, per segment."""
    price: Factor | None = None
    """On the volatility of media prices, per channel."""
    rivals: Factor | None = None
    """On the volatility of rivals and on how often they burst."""
    brand: Factor | None = None
    """On what attention adds to the brand, per channel."""
    synergy: Factor | None = None
    """On lifts, per channel that is helped."""
    concentration: Factor | None = None
    """Of potential in the best part of a segment, per channel; the result is clipped to 1."""
    quality: Factor | None = None
    """On the spread of creative quality."""
    wear: Factor | None = None
    """On exposures, and so on the speed of wear."""
    prospects: Factor | None = None
    """Per segment with people."""
    churn: Factor | None = None
    """Per segment with people; the result is clipped to 1."""
    repeat_orders: Factor | None = None
    """Per segment with people."""
    incidents: Factor | None = None
    """On how often they happen."""


Uncertainties = Annotated[Uncertainty, WrapValidator(FromLibrary("uncertainty", named=False))]
