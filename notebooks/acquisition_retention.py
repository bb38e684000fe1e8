# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # How much should go into keeping customers instead of winning them?
#
# Within a year, whoever wins customers looks good; what was kept shows later. Load a subscription business, sweep the
# share of money that goes into retention, score the year and what comes after it.

# %% [markdown]
# ## Load

# %%
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import matplotlib.pyplot as plt
import numpy as np

import aicmo
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation
from aicmo.policies import at_pace

scenario = aicmo.load("../scenarios/subscription.yaml")
sum(campaign.objective == "retention" for campaign in scenario.market.campaigns), len(scenario.market.campaigns)

# %% [markdown]
# ## Sweep
#
# A rule that holds retention at a share of the money and splits each part as it is split now.

# %%
@dataclass(frozen=True)
class RetentionShare:
    """Hold retention at a share of the budget; guardrails may stand in the way."""

    share: float = 0.3
    kind: ClassVar[str] = "retention_share"
    learns: ClassVar[bool] = False

    @classmethod
    def examples(cls) -> Iterator["RetentionShare"]:
        yield cls()

    def init(self, brief: Brief) -> Brief:
        return brief

    def update(self, state: Brief, observation: Observation) -> Brief:
        return state

    def act(self, state: Brief, observation: Observation, draws: Draws) -> np.ndarray:
        rate = np.maximum(observation.current, 1.0)
        kept = np.where(state.retention, rate, 0.0).sum(axis=1, keepdims=True)
        won = rate.sum(axis=1, keepdims=True) - kept
        wish = np.where(state.retention, rate * self.share / kept, rate * (1.0 - self.share) / won)
        return at_pace(state, observation, wish)


SHARES = [0.1, 0.25, 0.4, 0.55]
teams = {f"{share:.0%}": RetentionShare(share) for share in SHARES}
comparison = aicmo.compare(scenario, teams, baseline="10%", replications=6, seed=1, workers=1)

# %% [markdown]
# ## Score
#
# Contribution counts the year alone. The long-term contribution adds the year after it: the customers, brand and stock
# that are left behind (terminal value, discounted at 10 %).

# %%
from aicmo.core.intervals import mean_interval

data = comparison.dataset
figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
for shift, (metric, label, colour) in enumerate(
    [("contribution", "this year", "#0072B2"), ("long_term_contribution", "with the year after", "#D55E00")]
):
    own = [data[metric].sel(team=name).values for name in teams]
    gains = [mean_interval(values - own[0]) for values in own]
    x = np.array(SHARES) + 0.006 * (2 * shift - 1)
    axes.plot(x, [gain.mean for gain in gains], "o-", color=colour, label=label)
    axes.vlines(x[1:], [gain.low for gain in gains[1:]], [gain.high for gain in gains[1:]], color=colour, lw=2)
axes.axhline(0.0, color="black", lw=1)
axes.set(xticks=SHARES, xticklabels=list(teams), xlabel="share of money for retention", ylabel=f"over a share of 10 % [{scenario.currency}]")
axes.legend(frameon=False, fontsize=8);

# %% [markdown]
# Guardrails hold for this rule as for all, so the share that was reached may differ from the one that was wished:

# %%
reached = data["weekly_spend"].isel(week=slice(-4, None)).sum(["week", "channel"]).mean("replication")
reached.sel(team=list(teams)).to_series().round(0)
