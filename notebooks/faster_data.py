# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # What is faster data worth?
#
# Vendors sell speed. Load a market, sweep the age at which data arrives, score who gains from it being young.

# %% [markdown]
# ## Load

# %%
import matplotlib.pyplot as plt

import aicmo

scenario = aicmo.load("../scenarios/small.yaml")

# %% [markdown]
# ## Sweep
#
# Latency is the time from the end of a day until its data can be read. Everything else stays: each cell has the same
# seed, so the same worlds and the same luck.

# %%
AGES = ["1d", "1w", "4w"]
sweep = aicmo.sweep(
    scenario, {"measurement.latency": AGES}, ["ai_cmo", "manual_strong"], replications=16, seed=1, workers=1
)

# %% [markdown]
# ## Score
#
# Everybody's data gets older, the baseline's too; so compare what teams earn, not only the distance between them. Each
# point is the change against data of a day, paired by world, with its 90 % interval.

# %%
from aicmo.core.intervals import mean_interval

earned = sweep.dataset["contribution"]
figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
colours = {"ai_cmo": "#D55E00", "manual_strong": "#0072B2", "manual_quarterly": "0.5"}
for shift, (team, colour) in enumerate(colours.items()):
    own = earned.sel(team=team).values
    changes = [mean_interval(cell - own[0]) for cell in own[1:]]
    for place, change in enumerate(changes):
        at = place + 0.12 * (shift - 1)
        axes.plot([at, at], [change.low, change.high], color=colour, lw=2)
        axes.plot(at, change.mean, "o", color=colour, label=team if place == 0 else None)
axes.axhline(0.0, color="black", lw=1)
axes.set(xticks=range(len(AGES) - 1), xticklabels=AGES[1:], xlabel="age of data", ylabel=f"contribution [{scenario.currency}]")
axes.set_title("Change in contribution against data that is a day old", loc="left", fontsize=10)
axes.legend(frameon=False, fontsize=8);

# %% [markdown]
# Where an interval crosses zero, sixteen small worlds cannot tell whether younger data is worth anything at all. What a
# faster data stack may cost is the upper end of that interval, for a year, and no more.

# %%
sweep.sentence
