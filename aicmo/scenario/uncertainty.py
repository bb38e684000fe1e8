"""Priors over markets: what each replication draws anew."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

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
