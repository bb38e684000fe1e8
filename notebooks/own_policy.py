# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Is my own budget rule better than the manual plan?
#
# A policy is a frozen dataclass with three verbs: `init` a state, `update` it with what was observed, `act` on it.
# Everything is an array over R replications, so one call decides for all worlds at once.

# %% [markdown]
# ## Load

# %%
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

import aicmo
from aicmo.checks import check_part
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation
from aicmo.policies import at_pace


@dataclass(frozen=True)
class ReturnWeighted:
    """Shares in proportion to the return reported over some weeks, at the period's pace and within all limits."""

    weeks: int = 8
    kind: ClassVar[str] = "return_weighted"
    learns: ClassVar[bool] = False

    @classmethod
    def examples(cls) -> Iterator["ReturnWeighted"]:
        yield cls()

    def init(self, brief: Brief) -> Brief:
        return brief

    def update(self, state: Brief, observation: Observation) -> Brief:
        return state

    def act(self, state: Brief, observation: Observation, draws: Draws) -> np.ndarray:
        recent = observation.since(observation.tick - round(7 * self.weeks / state.tick_days))
        spend = observation.spend[recent].sum(axis=0)
        profit = observation.unified[recent].sum(axis=0) * state.value
        returns = np.where(spend > 0, profit / np.maximum(spend, 1.0), 1.0)
        return at_pace(state, observation, observation.current * np.sqrt(returns + 0.01))


# %% [markdown]
# ## Check
#
# The contracts that the policies of the package keep are public functions: budgets within the limits, rows
# independent of each other, nothing touched that was handed over, no look ahead, dead campaigns survived.

# %%
results = check_part(ReturnWeighted)
for result in results:
    print("ok  " if result.passed else "FAIL", result.check, result.error)
assert all(result.passed for result in results)

# %% [markdown]
# ## Sweep

# %%
scenario = aicmo.load("../scenarios/small.yaml")
teams = {"mine": ReturnWeighted(), "ai_cmo": "ai_cmo"}
comparison = aicmo.compare(scenario, teams, replications=12, seed=1, workers=1)

# %% [markdown]
# ## Score

# %%
table = comparison.table()
table[["spend", "contribution", "roi", "uplift", "uplift_low", "uplift_high", "violations"]].round(3)

# %% [markdown]
# On the command line, with the class in a file: `aicmo check mine.py`, then
# `aicmo compare ../scenarios/small.yaml --part mine.py --teams return_weighted`.
