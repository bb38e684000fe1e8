"""Marketing automation: fixed if-then rules on triggers, set up once; nothing is learned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from jaxtyping import Float

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation
from aicmo.policies._pace import phased
from aicmo.policies._reported import Metric, Report, report
from aicmo.policies._shares import YEAR_DAYS, Shares
from aicmo.policies.last_year_share import LastYearShare


class Workflow(NamedTuple):
    """State: the plan that was set up, and where the rules have moved it.

    Attributes
    ----------
    shares : Shares
        Last year's.
    usual : (R, C) [currency/order]
        Reported cost of an order when the rules were set up; 0 where none was known, and no rule fires.
    factor : (R, C) [1]
        On the share of each campaign.
    """

    shares: Shares
    usual: Float[np.ndarray, "R C"]
    factor: Float[np.ndarray, "R C"]


@dataclass(frozen=True)
class MarketingAutomation:
    """Rules of the kind that platforms and automation suites offer, on last year's plan.

    If an order of the last days costs more than `dear` times what it used to, cut the campaign's share by a
    step; if it costs less than `cheap` times that, raise it. Shares stay within `range` of last year's. What
    an order used to cost is read once, when the rules are set up: drift, season and saturation are nobody's
    concern. The thresholds are assumptions, of the size that platforms' templates suggest (weak).

    Parameters
    ----------
    metric : {"unified", "claimed"}
        Whose report triggers; suites read the platforms'.
    window_days : float
        How far back a trigger looks.
    dear, cheap : float
        Cost of an order, against the usual one, above and below which a rule fires.
    step : float
        Relative change of a share when a rule fires.
    range : float
        Largest factor on last year's share, and the inverse of the smallest.
    evidence : float
        Orders that were to be expected of the money, before a rule fires.

    Raises
    ------
    ValueError
        When cheap is not below dear, step is not within 0 and 1, or range is below 1.
    """

    metric: Metric = "claimed"
    window_days: float = 7.0
    dear: float = 1.3
    cheap: float = 0.8
    step: float = 0.15
    range: float = 1.6
    evidence: float = 10.0

    kind: ClassVar[str] = "marketing_automation"
    learns: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not 0.0 < self.cheap < self.dear:
            raise ValueError(
                f"marketing_automation: cheap must be below dear, got {self.cheap} and {self.dear}"
            )
        if not (0.0 < self.step < 1.0 <= self.range):
            raise ValueError(
                f"marketing_automation: expected a step within 0 and 1 and a range of at least 1, "
                f"got {self.step} and {self.range}"
            )

    @classmethod
    def examples(cls) -> Iterator[MarketingAutomation]:
        """Instances on which the contracts are checked."""
        yield cls()
        yield cls(metric="unified", window_days=14.0, dear=1.1, cheap=0.9, step=0.3)

    def init(self, brief: Brief) -> Workflow:
        """Know the brief; the rules are set up at the first look."""
        return Workflow(Shares.unknown(brief), np.zeros(brief.shape), np.ones(brief.shape))

    def update(self, state: Workflow, observation: Observation) -> Workflow:
        """Set the rules up at a row's first look, and let them fire."""
        brief = state.shares.brief
        fresh = observation.due & ~state.shares.shares.any(axis=1)
        year = report(observation, self.metric, observation.tick - round(YEAR_DAYS / brief.tick_days))
        usual = np.where(fresh[:, None], _cost(year), state.usual)
        shares = LastYearShare().update(state.shares, observation)
        since = observation.tick - round(self.window_days / brief.tick_days)
        fires = self._fired(report(observation, self.metric, since), usual) * observation.due[:, None]
        factor = state.factor * np.where(
            fires > 0, 1.0 + self.step, np.where(fires < 0, 1.0 - self.step, 1.0)
        )
        return Workflow(shares, usual, np.clip(factor, 1.0 / self.range, self.range))

    def _fired(self, seen: Report, usual: Float[np.ndarray, "R C"]) -> Float[np.ndarray, "R C"]:
        """Which rule fires: 1 raises, −1 cuts, 0 is none."""
        known = (usual > 0.0) & (seen.spend >= self.evidence * usual)
        dear = seen.spend > self.dear * usual * seen.orders
        cheap = seen.spend < self.cheap * usual * seen.orders
        return np.where(known, cheap * 1.0 - dear * 1.0, 0.0)

    def act(self, state: Workflow, observation: Observation, draws: Draws) -> np.ndarray:  # noqa: ARG002 - no luck
        """Return last year's shares, as the rules have moved them, at this week's demand [currency/day]."""
        moved = state.shares.shares * state.factor
        total = moved.sum(axis=1, keepdims=True)
        shares = np.divide(moved, total, out=moved.copy(), where=total > 0.0)
        return phased(state.shares.brief, observation, shares)


def _cost(year: Report) -> Float[np.ndarray, "R C"]:
    return np.asarray(
        np.divide(year.spend, year.orders, out=np.zeros_like(year.spend), where=year.orders > 0.0)
    )
