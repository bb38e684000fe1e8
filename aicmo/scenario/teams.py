"""Teams: who fills the seats, with which data stack and at which costs."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from aicmo.agents import SHELF as AGENTS
from aicmo.agents import Agent
from aicmo.messages import SEATS
from aicmo.scenario.measurement import Experiments, Measurement
from aicmo.scenario.model import Model
from aicmo.scenario.organisation import Ownership
from aicmo.scenario.parts import PartOf
from aicmo.scenario.quantities import Duration, Money, Share
from aicmo.scenario.studio import TeamStudio


class DataStack(Model):
    """What a team's own data stack does better or worse; what is left out is as in `measurement`."""

    latency: Duration | None = None
    """From the end of a tick until its data is there."""
    match_rate: Share | None = None
    """Share of profiles that identity resolution joins."""
    consent: Share | None = None
    """Share of profiles that may be used."""
    signal_loss: Share | None = None
    """Orders that go uncredited where no profile is usable."""
    lag_half_life: Duration | None = None
    """Conversion lag."""
    lag_end: Duration | None = None
    """When the last order is credited."""
    experiments: Experiments | None = None
    """Holdouts that it can run."""

    def over(self, measurement: Measurement) -> Measurement:
        """Return the scenario's stack with this team's own values."""
        own = {name: getattr(self, name) for name in type(self).model_fields}
        return measurement.model_copy(
            update={name: value for name, value in own.items() if value is not None}
        )


class Costs(Model):
    """What a team costs beside media: salaries and tools. Both parts add up."""

    per_quarter: Money = 0.0
    """Amount for 13 weeks."""
    share_of_budget: Share = 0.0
    """Share of the media budget, as agencies are paid."""

    def over(self, days: float, budget: float) -> float:
        """Return what a team costs over `days` with `budget` to spend [currency]."""
        return self.per_quarter * days / 91.0 + self.share_of_budget * budget


class TeamSpec(Model):
    """One team. Each seat is filled by an agent; seats that are left out stay empty.

    So do seats that the market has no use for: `targeting` without targeting, `creative` without creatives.
    """

    preset: str | None = None
    """Shipped team that this one changes; a team named like a shipped one changes that."""
    description: str = ""
    """What tables say about it."""
    budget: Annotated[Any, PartOf(AGENTS, "budget")]
    """Who proposes budgets."""
    experiments: Annotated[Any, PartOf(AGENTS, "experiments")] | None = None
    """Who plans experiments."""
    targeting: Annotated[Any, PartOf(AGENTS, "targeting")] | None = None
    """Who chooses how broadly to target."""
    creative: Annotated[Any, PartOf(AGENTS, "creative")] | None = None
    """Who mixes and orders creatives."""
    pacing: Annotated[Any, PartOf(AGENTS, "pacing")] | None = None
    """Who turns budgets into daily spend."""
    data: DataStack = Field(default_factory=DataStack)
    """Its own data stack, where it differs."""
    studio: TeamStudio = Field(default_factory=TeamStudio)
    """Its own studio, where it differs."""
    governance: Share = 0.0
    """Share of risky spend that its review keeps from happening."""
    costs: Costs = Field(default_factory=Costs)
    """Salaries and tools."""
    organisation: Ownership | None = None
    """Who owns the AI here; left out, it is as in the scenario."""

    @property
    def agents(self) -> tuple[Agent, ...]:
        """Who fills the seats, at most one each."""
        filled = (getattr(self, seat) for seat in SEATS)
        return tuple(agent for agent in filled if agent is not None)
