"""Many campaigns in a few words: segments × channels, curves in the units of the trade, keyed spread."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from statistics import NormalDist
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from aicmo.scenario.mechanisms import Breadth
from aicmo.scenario.model import Model
from aicmo.scenario.quantities import Name, NonNegative, Objective, Positive

Shape = Annotated[float, Field(ge=0.3, le=20)]


class Response(Model):
    """A response curve in the units of the trade."""

    reach: Positive
    """Ceiling as a share of the segment's base_orders."""
    cost: Positive
    """Money per order at half of the ceiling, as a share of the gross profit of an order."""
    shape: Shape = 1.0
    """Above 1 the curve is S-shaped."""


class Spread(Model):
    """How much campaigns of a grid differ: standard deviations of the logarithm, mean one."""

    reach: NonNegative = 0.0
    """Of the ceiling."""
    cost: NonNegative = 0.0
    """Of the cost per order."""
    shape: NonNegative = 0.0
    """Of the shape."""


class Cell(NamedTuple):
    """What a grid needs to know of a segment: organic orders a day, and gross profit of an order."""

    orders: float
    profit: float


class Grid(Model):
    """Campaigns for every segment × channel; one that is named by itself, or in an earlier grid, stands."""

    segments: tuple[Name, ...] = ()
    """Names of segments; none named: all."""
    channels: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Names of channels."""
    objective: Objective = "acquisition"
    """New orders, or repeat orders."""
    reach: Positive | None = None
    """Ceiling as a share of the segment's base_orders; none: as the channel's `response` says."""
    cost: Positive | None = None
    """Money per order at half of the ceiling, over its gross profit; none: as the channel's `response`."""
    shape: Shape | None = None
    """Shape of the curve; none: as the channel's `response` says."""
    spread: Spread = Field(default_factory=Spread)
    """How campaigns differ: the same draw for the same name, whatever else the file holds."""
    breadth: Breadth = 1.0
    """Share of the segment that each addresses, best prospects first."""
    churn_cut: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of churn that a retention campaign prevents at saturation, where customers exist."""

    def campaigns(
        self, segments: Mapping[str, Cell], channels: Mapping[str, Response | None]
    ) -> Iterator[dict[str, Any]]:
        """Yield the campaigns as a person would write them one by one.

        Parameters
        ----------
        segments, channels : mapping of str
            Those that exist; what names another is reported elsewhere.

        Raises
        ------
        ValueError
            When a response is nowhere stated, or a segment has no profitable orders to measure it by.
        """
        for segment in self.segments or segments:
            for channel in self.channels:
                if segment in segments and channel in channels:
                    yield self._campaign(segment, channel, segments[segment], channels[channel])

    def _campaign(self, segment: str, channel: str, cell: Cell, typical: Response | None) -> dict[str, Any]:
        if cell.orders * cell.profit == 0:
            said = f"reach and cost are shares of orders and their profit, and segment {segment!r} has none"
            raise ValueError(f"{said}. Name its campaigns one by one.")
        name, curve = f"{segment}/{channel}/{self.objective}", self._response(channel, typical)
        ceiling = curve.reach * cell.orders * keyed("reach", name, self.spread.reach)
        cost = curve.cost * cell.profit * keyed("cost", name, self.spread.cost)
        shape = min(max(curve.shape * keyed("shape", name, self.spread.shape), 0.3), 20.0)
        return {
            "segment": segment,
            "channel": channel,
            "objective": self.objective,
            "curve": {"ceiling": ceiling, "half_saturation": cost * ceiling / 2, "shape": shape},
            "breadth": self.breadth,
            "churn_cut": self.churn_cut,
        }

    def _response(self, channel: str, typical: Response | None) -> Response:
        own = {"reach": self.reach, "cost": self.cost, "shape": self.shape}
        stated = ({} if typical is None else dict(typical)) | {
            key: v for key, v in own.items() if v is not None
        }
        if not {"reach", "cost"} <= stated.keys():
            said = f"reach and cost of channel {channel!r} are stated neither here nor in its `response`"
            raise ValueError(f"{said}. Write them here, or start the channel from a preset.")
        return Response(**stated)


def keyed(purpose: str, name: str, spread: float) -> float:
    """Lognormal factor of mean one that hangs on its name alone: exp(σz − σ²/2)."""
    digest = hashlib.blake2b(f"{purpose}|{name}".encode(), digest_size=6).digest()
    share = (int.from_bytes(digest, "big") + 0.5) / 2**48
    return math.exp(spread * NormalDist().inv_cdf(share) - 0.5 * spread**2)
