# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Who should own the AI?
#
# The same team of agents is worth more or less depending on who owns it: how fast IT delivers, how good the data are,
# who has to sign, and whether departments pull toward one objective. One question, three steps: load, sweep, score.

# %% [markdown]
# ## Load
#
# Any scenario will do: operating models overlay it. What the company is like, whoever owns the AI, may stand in its
# `organisation:`; every assumption that it does not change is in `aicmo/scenario/organisations.yaml`. Half a year is
# short for a roll-out, so this company's IT is quick.

# %%
import aicmo
from aicmo.scenario.vary import varied

small = aicmo.load("../scenarios/small.yaml")
quick = {
    "preset": "cmo_led",
    "it": {"backlog": "2w", "size": "2w", "review": "1w"},
    "capabilities": {
        "consent_platform": {"define": "1w", "test": "1w", "integration": "1w"},
        "identity_resolution": {"define": "1w", "test": "2w", "integration": "2w"},
        "autonomous_reallocation": {"define": "1w", "test": "2w", "integration": "1w"},
    },
    "programme": {"roadmap": ("consent_platform", "identity_resolution", "autonomous_reallocation")},
}
scenario = varied(small, {"organisation": quick})
scenario.organisation.programme.roadmap

# %% [markdown]
# ## Sweep
#
# The same worlds for everybody. The manual team lives in the same company, without a programme. `assumptions=True`
# would also halve and double every assumption, in all models at once, to say which of them decide.

# %%
found = aicmo.organisations(
    scenario, models=["shared", "nobody_led"], replications=4, seed=1, workers=1, assumptions=False
)
found.sentence

# %% [markdown]
# ## Score
#
# Contribution in the scenario's currency over the horizon; `uplift` is over the manual team, with its 90 % interval.

# %%
found.table()[["contribution", "costs", "roi", "uplift", "uplift_low", "uplift_high"]].round(2)

# %% [markdown]
# The scorecard, measured in the run; what a scenario has no use for is not measured, and `summary` says why.

# %%
found.scorecard().dropna(how="all").round(2)

# %% [markdown]
# ## Look closer
#
# What is the difference between the best and the worst model made of? The parts are Shapley values over organisations
# that mix the two; they add up to the difference in every world.

# %%
parts = found.dataset["step_contribution"].mean("replication").to_series().round(0)
parts

# %% [markdown]
# What should the leading model fix first? `waiting` is what is lost because a gap is not closed on the first day.

# %%
import pandas as pd

gaps = found.summary["gaps"]
pd.DataFrame({gap["gap"]: {"waiting": gap["waiting"]["mean"], "price": gap["cost"]} for gap in gaps}).T.round(
    0
)

# %% [markdown]
# `found.save("out/")` writes `organisations.nc`; `aicmo report out/organisations.nc` makes a page of it, with the roll-out
# as a Gantt chart, return by quarter, the business case and the first 90 days.
