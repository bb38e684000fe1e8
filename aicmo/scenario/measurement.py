"""How data arrives: what a CDP delivers, how late and how complete."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from aicmo.scenario.model import Model
from aicmo.scenario.quantities import Duration, Money, Share, by_default


class Experiments(Model):
    """What can be measured by holding people out. Without it no team runs experiments."""

    capacity: Annotated[int, Field(ge=0, le=20)] = 2
    """Most experiments that run at once; 0 is none."""
    minimum_days: Annotated[float, Field(ge=1, le=365)] = 14.0
    """Least days over which orders are counted."""
    cost: Money = 0.0
    """What setting one up costs; the orders that held-out people do not place come on top by themselves."""


class Measurement(Model):
    """The default data stack. A team's `data:` may override each field."""

    latency: Duration = by_default("1d")
    """From the end of a tick until its data is there; `0d`, or at least a tick."""
    match_rate: Share = 0.8
    """Share of profiles that identity resolution joins."""
    consent: Share = 0.8
    """Share of profiles that may be used."""
    signal_loss: Share = 0.2
    """Uncredited where no profile is usable: τ(i) = 1 − signal_loss · (1 − i), i = match rate × consent."""
    lag_half_life: Duration = by_default("1d")
    """Conversion lag: after this long half of a tick's orders is credited (Chapelle 2014: about a day)."""
    lag_end: Duration = by_default("30d")
    """When the last order is credited (Chapelle 2014: 30 days)."""
    experiments: Experiments | None = None
    """Holdouts that can be run; none: nobody can."""
