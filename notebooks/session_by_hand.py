# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # What happens when I move the budget myself, week by week?
#
# A `Session` is the simulator's own kernel with one seat left open. It stops whenever that seat has to decide, shows
# what the CDP has delivered by then, and waits for an answer.

# %% [markdown]
# ## Load

# %%
import numpy as np

import aicmo

scenario = aicmo.load("../scenarios/small.yaml")
session = aicmo.Session(scenario, replications=4, seed=1, open_seat="budget", cadence="1w")
observation = session.reset()

# %% [markdown]
# An observation holds arrays by *origin*: row w of the window speaks of tick `origin[w]`, for R worlds and
# C campaigns. What has not arrived is zero and masked; what has not matured says how far it has.

# %%
print("unified orders (W, R, C):", observation.unified.shape)
print("delivered, last ten days:", observation.delivered[-10:])
print("maturity, last ten days: ", observation.maturity[-10:].round(2))
print("left in this quarter:    ", observation.remaining.round(0))

# %% [markdown]
# ## Sweep
#
# A rule of thumb: put the money where the reported orders per euro of the last four weeks were best, a little at a
# time. Whatever is answered goes through the guardrails; a step that is too long is shortened, and that is recorded.


# %%
def a_little_better(seen: aicmo.messages.Observation) -> np.ndarray:
    """Shift a tenth of the money towards campaigns that report more gross profit for it."""
    recent = seen.since(seen.tick - 28)
    profit = seen.unified[recent].sum(axis=0) * session.world.brief.value
    returns = profit / np.maximum(seen.spend[recent].sum(axis=0), 1.0)
    target = seen.current * returns
    pace = (seen.remaining / seen.days_left)[:, None]  # all that is left, evenly
    shares = 0.9 * seen.current / seen.current.sum(axis=1, keepdims=True)
    shares = shares + 0.1 * target / target.sum(axis=1, keepdims=True)
    return shares * pace


rewards = []
while not session.done:
    observation, reward, done = session.step(a_little_better(observation))
    rewards.append(reward)

# %% [markdown]
# The reward is what an advertiser would see: gross profit of the orders credited since the last step, less the spend
# that became known. Credits arrive late and platforms claim too much, so it is not the truth.

# %%
np.array(rewards).sum(axis=0).round(0)

# %% [markdown]
# ## Score
#
# The ledger knows the truth. The same worlds under `last_year_share` are the yardstick: same seed, same luck.

# %%
usual = aicmo.simulate(scenario, team="last_year_share", replications=4, seed=1).ledger
mine = session.ledger
gain = (mine.total("gross_profit") - mine.total("spend")) - (usual.total("gross_profit") - usual.total("spend"))
print("gain over last year's shares, by world:", gain.round(0))
print("corrections by guardrails:             ", mine.account.interventions)
print("breaches:                              ", mine.account.violations)

# %% [markdown]
# Four worlds are an anecdote. To know, make the rule a policy and compare it over many: see `own_policy`.
