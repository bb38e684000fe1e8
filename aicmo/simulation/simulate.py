"""Run one team over a scenario."""

from __future__ import annotations

from dataclasses import dataclass

from aicmo.policies import Policy
from aicmo.scenario.resources import require_fits
from aicmo.scenario.schema import Scenario
from aicmo.simulation.ledger import Ledger, Resolution
from aicmo.simulation.session import Session


@dataclass(frozen=True)
class Run:
    """One team's run.

    Attributes
    ----------
    ledger : Ledger
        Everything that happened in the horizon.
    """

    scenario: Scenario
    team: str
    seed: int
    ledger: Ledger


def simulate(
    scenario: Scenario,
    team: str | Policy = "ai_cmo",
    replications: int = 64,
    seed: int = 1,
    resolution: Resolution = "tick",
) -> Run:
    """Run one team to the end of the horizon.

    Parameters
    ----------
    team : str or Policy
        Name of a team or of a policy, or a policy of your own for the budget seat.
    replications : int
        R, number of worlds; the first n of a run of N are a run of n, bit for bit.

    Raises
    ------
    UnknownPartError
        When no team or policy has that name.
    ResourceError
        When the worlds would not fit into memory, before anything is allocated.
    """
    require_fits(scenario, replications, keep_ticks=resolution == "tick")
    session = Session(scenario, replications, seed, team, resolution=resolution)
    name = team if isinstance(team, str) else team.kind
    return Run(scenario, name, seed, session.run())
