# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Which allocation policy earns most here, and is the difference more than luck?
#
# Load a scenario, put several budget rules into the same seat of the same team, read what they earn more than the
# typical manual planner over the same worlds.

# %% [markdown]
# ## Load

# %%
import matplotlib.pyplot as plt

import aicmo

scenario = aicmo.load("../scenarios/small.yaml")

# %% [markdown]
# ## Sweep
#
# A bare policy name is that rule in the budget seat, the default team around it. So what differs is the rule alone.

# %%
RULES = ["equal_split", "last_year_share", "percent_of_sales", "equal_roas", "albers", "manual_strong", "ai_cmo"]
comparison = aicmo.compare(scenario, RULES, replications=16, seed=1, workers=1)

# %% [markdown]
# ## Score
#
# Seven rules against one baseline are seven chances to be fooled by luck. `together` is the interval that holds for
# all of them at once (max-t bootstrap); the plain one holds for a single team that was named beforehand.

# %%
found = comparison.further["uplift"]
ordered = sorted(found, key=lambda team: found[team]["t"]["mean"])
figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
for height, team in enumerate(ordered):
    for kind, width, colour in (("together", 2, "0.6"), ("t", 6, "#0072B2")):
        axes.plot([found[team][kind]["low"], found[team][kind]["high"]], [height] * 2, color=colour, lw=width)
    axes.plot(found[team]["t"]["mean"], height, "o", color="white", markersize=4)
axes.axvline(0.0, color="black", lw=1)
axes.set(yticks=range(len(ordered)), yticklabels=ordered, xlabel=f"contribution over manual_quarterly [{scenario.currency}]")
axes.set_title("Thick: 90 % interval of one rule; thin: of all rules at once", loc="left", fontsize=10);

# %% [markdown]
# A rule whose thin line crosses zero cannot be told from the manual planner in these few worlds of a small market.
# `aicmo compare --precision 1%` adds worlds until the AI's uplift is known as well as you wish.

# %%
comparison.sentence
