"""One block of worlds under every team between two: what each coalition earns, what each friction costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.block import BlockResult, Finished, Played, books_beside, run_team
from aicmo.evaluation.frictions import FRICTIONS, frictionless
from aicmo.evaluation.metrics.contribution import Contribution
from aicmo.evaluation.switches import Switch, Switchboard, coalitions
from aicmo.scenario.presets import spec_of
from aicmo.simulation.team import Team

Rows = Float[np.ndarray, "R"]


def add_waterfall(played: Played, found: BlockResult, team: str, live: Sequence[Switch]) -> BlockResult:
    """Add what lies between the baseline and a team that has played.

    Parameters
    ----------
    team : str
        Its name among those that were asked for.
    live : sequence of Switch
        Which differences between the two are taken over one by one.

    Returns
    -------
    BlockResult
        With `coalition_contribution` (G, R) [currency], at the baseline's pay, `pay_step` (R,) [currency],
        what the team's own pay leaves of that more or less, and `friction_cost` (F, 2, R) [currency], of the
        baseline and of the team; a friction that a team does not have costs it 0.
    """
    baseline = next(iter(played.asked))
    added = {
        "pay_step": played.usual - played.teams[team].costs(played.world.brief),
        "coalition_contribution": _coalitions(played, baseline, team, live),
        "friction_cost": np.stack([_frictions(played, name) for name in (baseline, team)], axis=1),
    }
    return replace(found, beside={**found.beside, **added})


def _coalitions(played: Played, baseline: str, team: str, live: Sequence[Switch]) -> Float[np.ndarray, "G R"]:
    """Let every coalition play that has not; teams that come out alike play once."""
    pair = (played.asked[baseline], played.asked[team])
    board = Switchboard.between(played.world.scenario, *pair)
    ends = {(): baseline, tuple(live): team}
    earned: list[tuple[Team, Rows]] = []

    def worth(on: tuple[Switch, ...]) -> Rows:
        made = board.team(on)
        known = next((values for other, values in earned if other == made), None)
        if known is None:
            run = played.runs[ends[on]] if on in ends else run_team(played.world, played.start, made)
            known = _contribution(played, run)
            earned.append((made, known))
        return known

    return np.stack([worth(on) for on in coalitions(live)])


def _frictions(played: Played, name: str) -> Float[np.ndarray, "F R"]:
    """Tell what a team would earn more without each friction."""
    own = _contribution(played, played.runs[name])
    costs = {friction: np.zeros_like(own) for friction in FRICTIONS}
    for friction, world, without in frictionless(
        played.world, spec_of(played.world.scenario, played.asked[name])
    ):
        costs[friction] = _contribution(played, run_team(world, played.start, without)) - own
    return np.stack([costs[friction] for friction in FRICTIONS])


def _contribution(played: Played, run: Finished) -> Rows:
    """Contribution at the baseline's pay."""
    return Contribution.measure(books_beside(run, played.dark, played.usual))
