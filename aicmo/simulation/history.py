"""The year before: four quarters under the baseline's rule, the same for every team."""

from __future__ import annotations

from dataclasses import replace

from aicmo.simulation.kernel import Kernel
from aicmo.simulation.team import resolve
from aicmo.simulation.world import Start, World, before_history


def live_history(world: World) -> Start:
    """Run the history of a block of worlds and return where the horizon opens."""
    ticks = range(-world.brief.history_ticks, 0)
    team = replace(resolve(world.scenario, world.scenario.history_team), organisation=None)
    kernel = Kernel(world, before_history(world), team, ticks, resolution="week")
    kernel.run()
    return kernel.stand()
