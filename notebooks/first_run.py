# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # What would an AI CMO be worth in this market?
#
# One question, three steps: load a scenario, run every team over the same worlds, read the result.

# %% [markdown]
# ## Load
#
# A scenario is a YAML file: the market (the truth, which no team can read), the budget of each period, the
# guardrails, and priors over what nobody knows. `small.yaml` runs in seconds and is too small for conclusions.

# %%
import aicmo

scenario = aicmo.load("../scenarios/small.yaml")
print(scenario.name, "·", len(scenario.market.campaigns), "campaigns ·", scenario.currency)

# %% [markdown]
# ## Sweep
#
# Each replication is one possible market with its own luck. All teams meet the same replications, so their
# differences are paired, and far sharper than their levels. `dark` spends nothing and defines what is incremental;
# `clairvoyant` knows the truth and says how much there was to gain.

# %%
comparison = aicmo.compare(scenario, replications=12, seed=1, workers=1)
comparison.sentence

# %% [markdown]
# ## Score
#
# Money is in the scenario's currency over the whole horizon. `uplift` is contribution (incremental gross profit −
# spend − costs) above the baseline's, with its 90 % interval.

# %%
table = comparison.table()
table[["spend", "contribution", "roi", "uplift", "uplift_low", "uplift_high", "p_better", "headroom_closed"]].round(3)

# %% [markdown]
# Every number with its interval, or with the reason why there is none, is in `comparison.summary` (the JSON of
# `aicmo compare --json`):

# %%
comparison.summary["teams"]["ai_cmo"]["uplift"]

# %% [markdown]
# ## Look closer
#
# `comparison.dataset` is an xarray Dataset. Where did the money go, in the last quarter and by channel?

# %%
last = comparison.dataset["weekly_spend"].isel(week=slice(-13, None)).sum("week").mean("replication")
last.to_pandas().round(0)

# %% [markdown]
# And in which worlds does the AI CMO earn more, by how much?

# %%
contribution = comparison.dataset["contribution"]
gain = contribution.sel(team="ai_cmo") - contribution.sel(team="manual_quarterly")
gain.to_series().describe().round(0)

# %% [markdown]
# `comparison.save("out/")` writes `results.nc` and a page, `report.html`, that needs no network.
