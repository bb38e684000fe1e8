"""Truth runs: what each channel really brought, beside what platforms claim and what the CDP credits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from aicmo.evaluation import results
from aicmo.evaluation.findings import Findings
from aicmo.evaluation.parallel import gathered, in_blocks
from aicmo.evaluation.truth_block import HORIZON, Block, run_truth
from aicmo.evaluation.truth_summary import ALL, sentence, summarise
from aicmo.policies import Policy
from aicmo.scenario.schema import Scenario
from aicmo.simulation.team import resolve

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Progress = Callable[[int, int], None]
"""Called as blocks finish: replications done, and their total."""


@dataclass(frozen=True)
class Truth(Findings):
    """True, unified and claimed returns by channel.

    Attributes
    ----------
    dataset : xarray.Dataset
        Dims window (the horizon, then its budget periods), channel (the last is all of them), replication.
    """

    file: ClassVar[str] = "truth.nc"

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The JSON as Python values."""
        return summarise(self.dataset)

    @property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        return sentence(self.summary)

    def table(self, window: str = HORIZON) -> pd.DataFrame:
        """Return one row a channel and one for all: means of the summary, with the limits of true iROAS.

        Parameters
        ----------
        window : str
            ``horizon`` or the name of a budget period.

        Raises
        ------
        KeyError
            When there is no such window.
        """
        import pandas as pd  # noqa: PLC0415 - slow to import, and `--help` must answer at once

        windows = self.summary["windows"]
        if window not in windows:
            raise KeyError(f"no window named {window!r}; there are {', '.join(windows)}")
        found = windows[window]
        rows = {name: _flat(item) for name, item in found["channels"].items()}
        return pd.DataFrame.from_dict(rows | {ALL: _flat(found["total"])}, orient="index").rename_axis(
            "channel"
        )


def truth(
    scenario: Scenario,
    team: str | Policy = "ai_cmo",
    replications: int = 32,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Truth:
    """Measure the true return of every channel by repeating a run without it, and with 1 % more of it.

    Decisions are frozen: the same planned money on the same tape, so that the difference is what the channel
    brought. The window of a quarter is run anew to the end of the horizon: what its money brings later is
    credited to it. The method is that of paired counterfactual runs (AMSS, Vaver & Zhang 2017).

    Parameters
    ----------
    team : str or Policy
        Whose decisions.
    replications : int
        R, number of worlds.
    workers : int, optional
        Processes; default one for each core. The numbers do not depend on it.
    progress : callable, optional
        See `Progress`.

    Raises
    ------
    ValueError
        When there is nothing to run.
    UnknownTeamError
        When the name is neither a team nor a policy.
    ResourceError
        When the worlds would not fit into memory, before anything is allocated.

    Examples
    --------
    >>> import aicmo
    >>> scenario = aicmo.load("scenarios/small.yaml")
    >>> found = aicmo.truth(scenario, team="last_year_share", replications=2, workers=1)
    >>> list(found.table().index)
    ['search', 'social', 'email', 'all channels']
    """
    resolve(scenario, team)  # a wrong name is told before workers start
    blocks = in_blocks(partial(run_truth, seed=seed, team=team), scenario, replications, seed, workers)
    done = gathered(blocks, lambda block: len(block.rows), replications, progress)
    name = team if isinstance(team, str) else team.kind
    return Truth(dataset(scenario, done, name, seed))


def dataset(scenario: Scenario, blocks: Sequence[Block], team: str, seed: int) -> xr.Dataset:
    """Join blocks, in the order of their replications."""
    import xarray as xr  # noqa: PLC0415 - slow to import, and `--help` must answer at once

    first, dims = blocks[0], ("window", "channel", "replication")
    values = {
        name: (dims, np.concatenate([block.values[name] for block in blocks], axis=2), {"units": "currency"})
        for name in first.values
    }
    rows = [row for block in blocks for row in block.rows]
    about = results.provenance(scenario, len(rows), seed)
    return xr.Dataset(
        values,
        coords={"window": list(first.windows), "channel": [*first.channels, ALL], "replication": rows},
        attrs=about | {"team": team, "created_by": "aicmo truth"},
    ).sortby("replication")


def _flat(item: dict[str, Any]) -> dict[str, float | None]:
    shares = {name: item[name] for name in ("spend_share", "effect_share")}
    means = {name: value["mean"] for name, value in item.items() if name not in shares}
    limits = {f"true_iroas_{end}": item["true_iroas"][end] for end in ("low", "high")}
    return {"spend": means.pop("spend"), **shares, **means, **limits}
