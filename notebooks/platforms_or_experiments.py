# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Believe the platforms, the CDP, or experiments?
#
# Every report names a return, and each means something else. Load a market, see what each report says beside the truth,
# and score teams that plan on it.

# %% [markdown]
# ## Load
#
# Brand search is the classic: it claims orders that would have come anyway (Blake, Nosko & Tadelis 2015).

# %%
import matplotlib.pyplot as plt
import numpy as np

import aicmo
from aicmo.policies.manual_quarterly import ManualQuarterly
from aicmo.scenario.vary import varied

scenario = varied(
    aicmo.load("../scenarios/b2b_leads.yaml"),
    {"measurement.experiments": {"capacity": 2, "minimum_days": 14, "cost": 2000}},
)

# %% [markdown]
# ## What each report says
#
# The truth is measured as nobody inside can measure it: the same year once more without the channel's money, on the same
# tape. `unified` is what a CDP credits after identity resolution; it removes what other channels did, never organic orders.

# %%
truth = aicmo.truth(scenario, "manual_quarterly", replications=2, seed=1, workers=1)
channels = next(iter(truth.summary["windows"].values()))["channels"]
spent = {name: told for name, told in channels.items() if told["claimed_roas"]["mean"] is not None}
reports = {"claimed_roas": ("platforms claim", "0.7"), "unified_roas": ("CDP credits", "#0072B2"), "true_iroas": ("true", "#D55E00")}
figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
for shift, (kind, (label, colour)) in enumerate(reports.items()):
    means = [told[kind]["mean"] for told in spent.values()]
    axes.bar(np.arange(len(spent)) + 0.26 * (shift - 1), means, 0.24, color=colour, label=label)
axes.set(xticks=range(len(spent)), xticklabels=list(spent), ylabel="revenue per money spent", yscale="symlog")
axes.set_title("What a unit of money is said to bring, and what it brings", loc="left", fontsize=10)
axes.tick_params(axis="x", labelsize=7)
axes.legend(frameon=False, fontsize=8);

# %% [markdown]
# ## Sweep
#
# The same planner on two reports, the strong team, which runs a holdout a quarter and learns from it, and the AI, which
# tests where a test is worth more than it costs.

# %%
teams = {
    "platforms": ManualQuarterly(metric="claimed"),
    "cdp": ManualQuarterly(),
    "experiments": "manual_strong",
    "ai_cmo": "ai_cmo",
}
comparison = aicmo.compare(scenario, teams, baseline="platforms", replications=8, seed=1, workers=1)

# %% [markdown]
# ## Score
#
# `platforms` and `cdp` differ in nothing but the report. Experiments cost the orders of the people who are held out, and a
# readout has the noise of the whole market (Lewis & Rao 2015): being right is not free.

# %%
table = comparison.table().loc[list(teams)]
table[["contribution", "uplift", "uplift_low", "uplift_high", "p_better"]].round(2)

# %%
comparison.dataset["costs"].mean("replication").sel(team=list(teams)).to_series().round(0)
