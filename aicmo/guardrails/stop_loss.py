"""Stop-loss: a campaign that surely returns too little is stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from aicmo.guardrails._terms import GuardrailError, delivered
from aicmo.messages import Brief, Limits, Standing


@dataclass(frozen=True)
class StopLoss:
    """Stop a campaign whose return lies below a floor with the confidence asked for.

    Orders are counts: the upper confidence limit of their mean is the exact Poisson one (Garwood 1936), here
    for counts divided by the dispersion. A stopped campaign gathers no evidence, so that once the window has
    passed it may start again, as slowly as steps allow.

    Parameters
    ----------
    iroas_floor : float, optional
        Least revenue for each unit of money.
    cpa_ceiling : float, optional
        Most money for one order.
    confidence : float
        Needed to stop, 0.5 … 1.
    window_days : float
        Over which results are added up.
    dispersion : float
        Variance of orders ÷ their mean.
    metric : {"unified", "claimed"}
        Which orders count.
    """

    iroas_floor: float | None = None
    cpa_ceiling: float | None = None
    confidence: float = 0.9
    window_days: float = 28.0
    dispersion: float = 1.0
    metric: Literal["unified", "claimed"] = "unified"
    kind: ClassVar[str] = "stop_loss"

    def __post_init__(self) -> None:
        where = f"guardrail {self.kind!r}"
        if self.iroas_floor is None and self.cpa_ceiling is None:
            raise GuardrailError(f"{where}: give an iroas_floor, a cpa_ceiling, or both")
        for name in ("iroas_floor", "cpa_ceiling", "window_days", "dispersion"):
            value = getattr(self, name)
            if value is not None and not 0.0 < value < np.inf:
                raise GuardrailError(f"{where}: {name} must be a number above 0, got {value}")
        if not 0.5 <= self.confidence < 1.0:
            raise GuardrailError(f"{where}: confidence must be between 0.5 and 1, got {self.confidence}")

    @classmethod
    def examples(cls) -> Iterator[StopLoss]:
        """Yield a floor on return and a ceiling on cost."""
        yield cls(iroas_floor=0.5)
        yield cls(cpa_ceiling=30.0, confidence=0.8, metric="claimed")

    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
        """Return an upper limit of zero for what fails."""
        spend, orders = self._results(brief, standing)
        free = Limits.none(*brief.shape, source=self.kind)
        upper = np.where(self._fails(brief, spend, orders), 0.0, free.upper)
        return (replace(free, upper=upper, upper_rank="stop_loss"),)

    def _results(self, brief: Brief, standing: Standing) -> tuple[np.ndarray, np.ndarray]:
        """Spend, weighted by the maturity of its origin, and the orders credited so far, (R, C) each."""
        seen = delivered(self.kind, standing)
        rows = seen.since(standing.tick - round(self.window_days / brief.tick_days))
        weight = np.where(seen.delivered[rows], seen.maturity[rows], 0.0)[:, None, None]
        credited: np.ndarray = getattr(seen, self.metric)[rows]
        return (seen.spend[rows] * weight).sum(axis=0), (credited * (weight > 0.0)).sum(axis=0)

    def _fails(self, brief: Brief, spend: np.ndarray, orders: np.ndarray) -> np.ndarray:
        """Whether even the upper confidence limit of the orders falls short, (R, C)."""
        from scipy.special import gammaincinv  # noqa: PLC0415 - files are validated without SciPy

        most = self.dispersion * gammaincinv(orders / self.dispersion + 1.0, self.confidence)
        fails = np.zeros(spend.shape, dtype=bool)
        if self.iroas_floor is not None:  # the value of an order in revenue is value / margin
            fails |= most * brief.value < self.iroas_floor * brief.margin * spend
        if self.cpa_ceiling is not None:
            fails |= most * self.cpa_ceiling < spend
        return fails
