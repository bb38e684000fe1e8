"""The truth of one block of worlds: the unit of work that runs in parallel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.counterfactual import Counterfactual
from aicmo.messages import Brief
from aicmo.policies import Policy
from aicmo.scenario.schema import Scenario
from aicmo.simulation.history import live_history
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.ledger import Ledger, row_total
from aicmo.simulation.replay import Script
from aicmo.simulation.team import resolve
from aicmo.simulation.world import open_world

STEP = 0.01
"""Of planned money, for what the next money brings: model.md's +1 % run."""
HORIZON = "horizon"
CREDITED = ("spend", "claimed_revenue", "unified_revenue", "driven_revenue")


@dataclass(frozen=True)
class Block:
    """Truth of some replications.

    Attributes
    ----------
    rows : tuple of int
        Ids of the replications.
    windows : tuple of str
        The horizon, then its budget periods where there are several.
    values : mapping of str to (W, K + 1, R) [currency]
        The last channel is all of them together.
    """

    rows: tuple[int, ...]
    channels: tuple[str, ...]
    windows: tuple[str, ...]
    values: Mapping[str, Float[np.ndarray, "W K R"]]


def run_truth(scenario: Scenario, rows: Sequence[int], seed: int, team: str | Policy) -> Block:
    """Run a team in a block of worlds, and then every edit of what it ordered."""
    world = open_world(scenario, seed, rows)
    start, brief = live_history(world), world.brief
    script = Script(start.state)
    kernel = Kernel(world, start, resolve(scenario, team), range(brief.ticks), "week", script=script)
    kernel.run()
    kernel.close()
    windows = dict(_windows(brief))
    edits = Counterfactual(world, script, [window.start for window in windows.values()])
    values = _credited(kernel.ledger, len(windows)) | _effects(edits, brief, list(windows.values()))
    return Block(tuple(rows), brief.channels, tuple(windows), values)


def _windows(brief: Brief) -> Iterator[tuple[str, range]]:
    """Yield the horizon, and its budget periods where there are several."""
    yield HORIZON, range(brief.ticks)
    periods = [period for period in brief.periods if period.start >= 0]
    if len(periods) > 1:
        for period in periods:
            yield period.name, range(period.start, period.end)


def _credited(ledger: Ledger, windows: int) -> dict[str, np.ndarray]:
    """Sum what the ledger holds by window and channel, (W, K + 1, R)."""
    found = {}
    for name in CREDITED:
        by_period = ledger.by_period(name)
        whole = np.add.accumulate(by_period, axis=0)[-1:]
        by_window = np.concatenate([whole, by_period]) if windows > 1 else whole
        total = row_total(by_window)[..., None]
        found[name] = np.concatenate([by_window, total], axis=2).transpose(0, 2, 1)
    return found


def _effects(edits: Counterfactual, brief: Brief, windows: Sequence[range]) -> dict[str, np.ndarray]:
    """Knock out and raise every channel, and all together, in every window, (W, K + 1, R)."""
    groups = [brief.channel == k for k in range(len(brief.channels))] + [np.ones(len(brief.campaigns), bool)]
    runs = {
        "incremental": [[-edits.scaled(group, window, 0.0) for group in groups] for window in windows],
        "added": [[edits.scaled(group, window, 1.0 + STEP) for group in groups] for window in windows],
    }
    return {
        f"{kind}_{part}": np.array([[getattr(effect, part) for effect in row] for row in found])
        for kind, found in runs.items()
        for part in found[0][0]._fields
    }
