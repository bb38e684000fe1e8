"""A team ready to run: agents in their seats, their data stack, the guardrails, and what they cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from aicmo.agents import Agent
from aicmo.agents.planner import Planner
from aicmo.guardrails import Guardrail
from aicmo.market.measurement import Stack
from aicmo.market.state import MarketState
from aicmo.messages import Brief, Seat
from aicmo.policies import Policy
from aicmo.scenario import presets
from aicmo.scenario.organisation import Organisation
from aicmo.scenario.schema import Scenario
from aicmo.scenario.studio import Studio
from aicmo.scenario.teams import Costs, TeamSpec
from aicmo.simulation.organisation.departments import Departments


@dataclass(frozen=True)
class Team:
    """What `compare` compares.

    Parameters
    ----------
    agents : tuple of Agent
        At most one for each seat.
    stack : Stack
        Speed and quality of the team's data.
    guardrails : tuple of Guardrail
        Limits set by people, the same for every team of a scenario.
    pay : Costs
        Salaries and tools.
    studio : Studio or None
        Where its new creatives come from, at which price.
    governance : float [1]
        Share of risky spend that its review keeps from happening.
    organisation : Organisation or None
        Who owns the AI; None where what is decided is done at once.
    witness : callable, optional
        Is shown the market's true state before every decision: for reference runs, never for a team.
    """

    name: str
    agents: tuple[Agent, ...]
    stack: Stack
    guardrails: tuple[Guardrail, ...]
    pay: Costs = field(default_factory=Costs)
    studio: Studio | None = None
    governance: float = 0.0
    organisation: Organisation | None = None
    witness: Callable[[MarketState], None] | None = None

    def __post_init__(self) -> None:
        seats = [agent.seat for agent in self.agents]
        for seat in seats:
            if seats.count(seat) > 1:
                raise ValueError(
                    f"team {self.name!r}: {seats.count(seat)} agents want seat {seat!r}; it has one writer"
                )

    @property
    def seated(self) -> tuple[Agent, ...]:
        """Who fills the seats: the agents, or where each channel has its own objective their departments."""
        if self.organisation is None or self.organisation.objective == "one":
            return self.agents
        return tuple(Departments(agent) if agent.seat == "budget" else agent for agent in self.agents)

    def costs(self, brief: Brief) -> float:
        """Costs over the horizon [currency]."""
        budget = sum(period.budget for period in brief.periods if period.start >= 0)
        return self.pay.over(brief.ticks * brief.tick_days, budget)


def resolve(scenario: Scenario, team: str | Policy) -> Team:
    """Make a team of a name, or of a policy in the budget seat with the default team around it.

    Raises
    ------
    UnknownTeamError
        When neither a team nor a policy has that name.
    """
    return staffed(scenario, team if isinstance(team, str) else team.kind, presets.spec_of(scenario, team))


def around(scenario: Scenario, policy: Policy) -> Team:
    """Put a policy into the budget seat of the default team."""
    return staffed(scenario, policy.kind, presets.around(policy))


def staffed(scenario: Scenario, name: str, spec: TeamSpec) -> Team:
    """Make a team of its description: seats that the scenario has no use for stay empty."""
    stack = Stack.of(spec.data.over(scenario.measurement))
    agents = tuple(agent for agent in spec.agents if matters(scenario, agent.seat, stack))
    studio = None if scenario.studio is None else spec.studio.over(scenario.studio)
    owner, guardrails = _owner(scenario, spec), tuple(scenario.guardrails)
    return Team(name, agents, stack, guardrails, spec.costs, studio, spec.governance, owner)


def _owner(scenario: Scenario, spec: TeamSpec) -> Organisation | None:
    """Find who owns the AI: as the team says, else as the scenario says of teams that learn by themselves."""
    if spec.organisation is not None or scenario.organisation is None:
        return spec.organisation
    by_rules = not getattr(getattr(spec.budget, "policy", None), "learns", True)
    by_people = isinstance(spec.budget, Planner)
    return scenario.organisation.by_hand() if by_rules or by_people else scenario.organisation


def matters(scenario: Scenario, seat: Seat, stack: Stack) -> bool:
    """Whether there is what a seat decides about: in the market, or in what the data stack can measure."""
    if seat == "experiments":
        return stack.experiments.capacity > 0
    if seat == "targeting":
        return scenario.market.targets
    return seat != "creative" or scenario.market.creative is not None
