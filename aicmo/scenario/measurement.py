"""How data arrives: what a CDP delivers, how late and how complete."""

from __future__ import annotations

from aicmo.scenario.model import Model
from aicmo.scenario.quantities import Duration, Share, by_default


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
