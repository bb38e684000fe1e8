"""The studio: where new creatives come from, how fast, and what they cost."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from aicmo.scenario.model import Model
from aicmo.scenario.quantities import Duration, Money, NonNegative, by_default

Places = Annotated[int, Field(ge=1, le=10_000)]


class Studio(Model):
    """The company's studio, the same price list for every team. Defaults are assumptions."""

    capacity: Places = 6
    """Variants in work at once, over all campaigns."""
    lead_time: Duration = by_default("2w")
    """Median time that a variant is in work, from brief to live."""
    spread: NonNegative = 0.3
    """Standard deviation of the logarithm of that time; 0 is exact."""
    cost: Money = 1500.0
    """Of a variant, due when it is ordered."""
    strain: NonNegative = 0.0
    """Quality falls with load^(−strain), load the orders in the studio over its capacity, where above one."""


class TeamStudio(Model):
    """What a team's own studio does better or worse; what is left out is as in `studio`."""

    capacity: Places | None = None
    """Variants in work at once."""
    lead_time: Duration | None = None
    """Median time that a variant is in work."""
    spread: NonNegative | None = None
    """Standard deviation of the logarithm of that time."""
    cost: Money | None = None
    """Of a variant."""
    strain: NonNegative | None = None
    """How quality falls with load."""

    def over(self, studio: Studio) -> Studio:
        """Return the company's studio with this team's own values."""
        own = {name: getattr(self, name) for name in type(self).model_fields}
        return studio.model_copy(update={name: value for name, value in own.items() if value is not None})
