# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # What do guardrails cost?
#
# Limits protect, and they bind. Load a scenario, run the AI CMO without each of its guardrails on the same tape, score
# what each takes away.

# %% [markdown]
# ## Load

# %%
import matplotlib.pyplot as plt

import aicmo

scenario = aicmo.load("../scenarios/retailer.yaml")
[guardrail.kind for guardrail in scenario.guardrails]

# %% [markdown]
# ## Sweep
#
# Four worlds, so that it takes seconds; `aicmo guardrails` takes more. One run with all of them, one without each, and one without any: the same worlds, the same history, the same luck.

# %%
priced = aicmo.price_guardrails(scenario, "ai_cmo", replications=4, seed=1, workers=1)

# %% [markdown]
# ## Score
#
# Cost is the contribution without the guardrail less that with it. Less than nothing means that it protected the team
# from what it believed. `binding` is the share of decisions that lie at one of its limits.

# %%
found = priced.summary["guardrails"]
figure, axes = plt.subplots(figsize=(7, 2.6), layout="constrained")
for height, (name, told) in enumerate(found.items()):
    axes.plot([told["cost"]["low"], told["cost"]["high"]], [height, height], color="#56B4E9", lw=6)
    axes.plot(told["cost"]["mean"], height, "o", color="black", markersize=4)
axes.axvline(0.0, color="black", lw=1)
axes.set(yticks=range(len(found)), yticklabels=list(found), xlabel=f"cost over the horizon [{scenario.currency}], 90 % interval")
axes.set_title("Right of zero a guardrail costs, left of it, it protects", loc="left", fontsize=10);

# %%
{name: told["binding"] for name, told in found.items() if told["binding"] is not None}

# %% [markdown]
# Costs of single guardrails do not add up to that of all: where several hold the same campaign, taking one away frees
# nothing. `aicmo compare --waterfall` sets the same cost for the baseline beside it.
