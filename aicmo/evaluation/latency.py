"""Worlds whose data arrives equally late run together: the worlds of a session share its clock of data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from aicmo.core.noise import Tape
from aicmo.scenario.priors import Priors
from aicmo.scenario.schema import Scenario


def by_latency(
    scenario: Scenario, seed: int, rows: Sequence[int]
) -> Iterator[tuple[Scenario, tuple[int, ...]]]:
    """Split the replications of a block by the latency that their worlds draw.

    Yields
    ------
    part : Scenario
        With the latency of these worlds in its own stack and in those that teams bring.
    ids : tuple of int
        Of these worlds; the whole block where latency is certain.
    """
    if scenario.uncertainty is None or scenario.uncertainty.latency is None:
        yield scenario, tuple(rows)
        return
    own = {name: team.data.latency for name, team in scenario.teams.items() if team.data.latency is not None}
    priors, tick = Priors.of(scenario, Tape(seed, rows)), scenario.calendar.tick
    drawn = [priors.latency(stated, tick) for stated in (scenario.measurement.latency, *own.values())]
    kinds, kind = np.unique(np.concatenate(drawn, axis=1), axis=0, return_inverse=True)
    for number, (latency, *others) in enumerate(kinds.astype(int).tolist()):
        ids = tuple(row for row, one in zip(rows, kind.reshape(-1), strict=True) if one == number)
        yield _delayed(scenario, latency, dict(zip(own, others, strict=True))), ids


def _delayed(scenario: Scenario, latency: int, own: dict[str, int]) -> Scenario:
    teams = {
        name: team.model_copy(update={"data": team.data.model_copy(update={"latency": own[name]})})
        if name in own
        else team
        for name, team in scenario.teams.items()
    }
    measurement = scenario.measurement.model_copy(update={"latency": latency})
    return scenario.model_copy(update={"measurement": measurement, "teams": teams})
