"""A door for learners: the budget seat of R worlds as a Gymnasium vector environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gymnasium  # optional: `pip install aicmo[gym]`
import numpy as np
from gymnasium.spaces import Box
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from aicmo.messages import Brief, Observation
from aicmo.scenario.load import load
from aicmo.scenario.schema import Scenario
from aicmo.simulation.session import Session

ID = "aicmo/Budget-v0"
"""For `gymnasium.make_vec(ID, num_envs=R, scenario=…)`, once this module is imported."""
BY_CAMPAIGN = ("current", "spent", "credited", "claimed", "price")
"""Features of each campaign, in this order; two of the whole follow, `WHOLE`."""
WHOLE = ("remaining", "days_left")
LOOK_BACK_DAYS = 28.0
"""Over how many days of delivered data the features look."""


class BudgetEnv(VectorEnv[np.ndarray, np.ndarray, np.ndarray]):
    """R worlds in which a learner moves the budget and a team does the rest.

    A thin frame around `Session`: guardrails, approvals, late and over-claiming data hold as for every team.
    All worlds end together; the step after the last one begins anew (Gymnasium's `NEXT_STEP`).

    Parameters
    ----------
    scenario : Scenario or path
    num_envs : int
        R, how many worlds advance together.
    team : str
        Who fills the other seats.
    cadence : str
        How often the learner decides, such as ``1d`` or ``1w``.

    Attributes
    ----------
    single_action_space : Box (C,) [1]
        How much of the money each campaign gets, against the others; the sum does not matter. What is left of
        the period is spread evenly over its days.
    single_observation_space : Box (5·C + 2,) [1]
        `BY_CAMPAIGN`, C entries each: the rate in force, and over the last four weeks of delivered data what
        was spent, the gross profit credited (unified) and claimed, in units of the mean daily budget of a
        campaign, and the price index; then what is left of the period, as a share of its budget and its days.

    Examples
    --------
    >>> env = BudgetEnv("scenarios/small.yaml", num_envs=2)
    >>> seen, _ = env.reset(seed=1)
    >>> seen, reward, terminated, truncated, _ = env.step(env.action_space.sample())
    >>> seen.shape, reward.shape, bool(terminated.any())
    ((2, 32), (2,), False)
    """

    def __init__(
        self, scenario: Scenario | str | Path, num_envs: int = 8, team: str = "ai_cmo", cadence: str = "1w"
    ) -> None:
        self.scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
        self.metadata = {"autoreset_mode": AutoresetMode.NEXT_STEP, "render_modes": []}
        self.num_envs, self._team, self._cadence = num_envs, team, cadence
        campaigns = len(self.scenario.market.campaigns)
        features = len(BY_CAMPAIGN) * campaigns + len(WHOLE)
        self.single_action_space = Box(0.0, 1.0, (campaigns,), np.float64)
        self.single_observation_space = Box(-np.inf, np.inf, (features,), np.float64)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.observation_space = batch_space(self.single_observation_space, num_envs)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Draw R worlds and return what is seen where the horizon opens.

        Parameters
        ----------
        seed : int, optional
            Of the worlds, as everywhere in this package; the following resets draw theirs from it.
        """
        super().reset(seed=seed, options=options)
        drawn = seed if seed is not None else int(self.np_random.integers(2**31))
        self._session = Session(
            self.scenario, self.num_envs, drawn, self._team, "budget", self._cadence, "week"
        )
        self._seen = self._session.reset()
        return features(self._session.world.brief, self._seen), {"seed": drawn}

    def step(
        self, actions: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Order the money by `actions`, (R, C) ≥ 0, until the next decision.

        Returns
        -------
        observation : (R, 5·C + 2)
        reward : (R,) [currency]
            Observed: gross profit credited since, less the spend that became known.
        terminated, truncated : (R,)
            Whether the horizon has ended; never cut short.
        info : dict

        Raises
        ------
        ValueError
            When an action is negative, not finite, or has another shape.
        """
        going = np.zeros(self.num_envs, dtype=bool)
        if self._session.done:
            seen, info = self.reset()
            return seen, np.zeros(self.num_envs), going, going.copy(), info
        self._seen, reward, done = self._session.step(_rates(actions, self._seen))
        return features(self._session.world.brief, self._seen), reward, going | done, going.copy(), {}


def _rates(actions: np.ndarray, seen: Observation) -> np.ndarray:
    """Spread what is left of the period over its days and, by `actions`, over campaigns, (R, C)."""
    wishes = np.asarray(actions, dtype=float)
    if wishes.shape != seen.current.shape or not np.isfinite(wishes).all() or (wishes < 0.0).any():
        raise ValueError(
            f"step() expects finite actions ≥ 0 of shape {seen.current.shape} = (R, C), got shape "
            f"{wishes.shape} between {np.min(wishes, initial=np.inf)} and {np.max(wishes, initial=-np.inf)}"
        )
    total = wishes.sum(axis=1, keepdims=True)
    shares = np.where(total > 0.0, wishes / np.where(total > 0.0, total, 1.0), 1.0 / wishes.shape[1])
    return np.asarray(shares * (seen.remaining / seen.days_left)[:, None])


def features(brief: Brief, seen: Observation) -> np.ndarray:
    """Return what a learner sees, (R, 5·C + 2); see `BudgetEnv`. Immature credit is grossed up."""
    recent = seen.since(seen.tick - round(LOOK_BACK_DAYS / brief.tick_days))
    known = seen.delivered[recent]
    days = max(float(known.sum()), 1.0) * brief.tick_days
    grown = known / np.maximum(seen.maturity[recent], 0.1)
    length = (seen.period.end - seen.period.start) * brief.tick_days
    unit = seen.period.budget / length / len(brief.campaigns)
    spent = seen.spend[recent].sum(axis=0) / (days * unit)
    credited, claimed = (
        (grown[:, None, None] * orders[recent]).sum(axis=0) * brief.value / (days * unit)
        for orders in (seen.unified, seen.claimed)
    )
    price = seen.price[recent].sum(axis=0) * brief.tick_days / days
    by_campaign = (seen.current / unit, spent, credited, claimed, price[:, brief.channel])
    whole = (seen.remaining / seen.period.budget, np.full(len(spent), seen.days_left / length))
    return np.concatenate([*by_campaign, *(column[:, None] for column in whole)], axis=1)


gymnasium.register(ID, vector_entry_point=f"{__name__}:{BudgetEnv.__name__}")
