"""The differences between two teams as switches, and the team that every setting of the switches makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from aicmo.agents import Agent
from aicmo.evaluation.rhythm import Rhythm
from aicmo.policies import Policy
from aicmo.scenario.presets import spec_of
from aicmo.scenario.schema import Scenario
from aicmo.scenario.teams import Costs, TeamSpec
from aicmo.simulation.team import Team, staffed

Switch = Literal["optimiser", "cadence", "data stack", "targeting", "creative", "experiments"]
SWITCHES: tuple[Switch, ...] = get_args(Switch)
"""What can be taken over from another team, one by one.

`optimiser` is the rule in the budget seat, `cadence` who hosts it, how often it plans, who paces its money
day by day, and the organisation that they wait for, `creative` who mixes and orders, and their studio.
"""
FIELDS: Mapping[Switch, tuple[str, ...]] = {
    "optimiser": (),
    "cadence": ("pacing", "organisation"),
    "data stack": ("data", "governance"),
    "targeting": ("targeting",),
    "creative": ("creative", "studio"),
    "experiments": ("experiments",),
}
"""Fields of a team that a switch takes over beside its part of the budget seat."""
ALIKE = "both teams are alike in it"
IDLE = "this scenario leaves it nothing to decide"


@dataclass(frozen=True)
class Switchboard:
    """From one team to another, switch by switch.

    Attributes
    ----------
    scenario : Scenario
    before, after : TeamSpec
        The team with all switches off, and with all on. What both cost is no switch: every coalition pays
        what `before` pays.
    """

    scenario: Scenario
    before: TeamSpec
    after: TeamSpec

    @classmethod
    def between(cls, scenario: Scenario, before: str | Policy, after: str | Policy) -> Switchboard:
        """Read two teams, or policies with the default team around them.

        Raises
        ------
        UnknownTeamError
            When a name is neither a team nor a policy.
        """
        return cls(scenario, spec_of(scenario, before), spec_of(scenario, after))

    @cached_property
    def live(self) -> tuple[Switch, ...]:
        """The switches that make another team of some coalition."""
        return tuple(switch for switch in SWITCHES if self._matters(switch))

    @property
    def idle(self) -> Mapping[Switch, str]:
        """The other switches, and why they change nothing."""
        return {
            switch: ALIKE if self.spec(()) == self.spec((switch,)) else IDLE
            for switch in SWITCHES
            if switch not in self.live
        }

    def team(self, on: Sequence[Switch]) -> Team:
        """Staff the team that has taken over what is switched on, at the pay of `before`."""
        return staffed(self.scenario, "coalition", self.spec(on))

    def spec(self, on: Sequence[Switch]) -> TeamSpec:
        """Describe that team as a scenario's `teams:` would."""
        taken = {name: getattr(self.after, name) for switch in on for name in FIELDS[switch]}
        return self.before.model_copy(update=taken | {"budget": self._budget(on)})

    def sides(self, switch: Switch) -> tuple[str, str]:
        """Say what a switch replaces by what."""
        return self._said(switch, self.before), self._said(switch, self.after)

    @property
    def pay(self) -> tuple[str, str]:
        """Say what both teams cost."""
        return _spelled(self.before.costs), _spelled(self.after.costs)

    def _matters(self, switch: Switch) -> bool:
        others = [other for other in SWITCHES if other != switch]
        return any(self.team(on) != self.team((*on, switch)) for on in coalitions(others))

    def _budget(self, on: Sequence[Switch]) -> Agent:
        """Seat the rule of one team in the rhythm of the other, where both can be told apart."""
        rule: Agent = (self.after if "optimiser" in on else self.before).budget
        if not self._splits or ("optimiser" in on) == ("cadence" in on):
            return rule
        lived = Rhythm.of((self.after if "cadence" in on else self.before).budget)
        own = Rhythm.of(rule)
        return rule if lived is None or own is None else lived.living(own.host.policy)

    @cached_property
    def _splits(self) -> bool:
        """Whether the rules of both budget seats can live in the other's rhythm."""
        return None not in (Rhythm.of(self.before.budget), Rhythm.of(self.after.budget))

    def _said(self, switch: Switch, spec: TeamSpec) -> str:
        if switch == "optimiser":
            return str(spec.budget.policy.kind if self._splits else spec.budget.kind)
        if switch == "cadence":
            paced = "nobody paces" if spec.pacing is None else f"paced every {spec.pacing.cadence}"
            owned = "" if spec.organisation is None else ", in its own organisation"
            return f"{Rhythm.of(spec.budget)}, {paced}{owned}" if self._splits else f"{paced}{owned}"
        if switch == "data stack":
            own = {name: value for name, value in spec.data if value is not None}
            return ", ".join(f"{name} {value}" for name, value in own.items()) or "the scenario's"
        seated = getattr(spec, switch)
        return "nobody" if seated is None else str(seated.kind)


def _spelled(costs: Costs) -> str:
    """Write what a team costs.

    >>> _spelled(Costs(per_quarter=20e3, share_of_budget=0.05))
    '20,000 a quarter, 5% of the budget'
    """
    fixed = [f"{costs.per_quarter:,.0f} a quarter"] if costs.per_quarter else []
    share = [f"{100 * costs.share_of_budget:g}% of the budget"] if costs.share_of_budget else []
    return ", ".join(fixed + share) or "nothing"


def coalitions(switches: Sequence[Switch]) -> tuple[tuple[Switch, ...], ...]:
    """List what can be switched on together: bit i of a coalition's position is switch i.

    Examples
    --------
    >>> coalitions(["optimiser", "cadence"])
    ((), ('optimiser',), ('cadence',), ('optimiser', 'cadence'))
    """
    return tuple(
        tuple(switch for bit, switch in enumerate(switches) if number >> bit & 1)
        for number in range(1 << len(switches))
    )
