"""What a guardrail did to a team: how often it corrected, how often it bound, and at which price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aicmo.messages import Binding, Intervention


@dataclass
class Restraint:
    """What one guardrail did to a team, (R,) each.

    Attributes
    ----------
    interventions : (R,)
        How many decisions it corrected.
    moved : (R,) [currency/day]
        Money that it moved in them.
    decisions : (R,)
        How many decisions it spoke to.
    binding : (R,)
        In how many of them at least one of its limits bound.
    limits : (R,)
        How many limits that were, all together.
    priced : (R,)
        How many of them hold money, and so have a price.
    price : (R,) [currency/currency]
        Sum of their shadow prices.
    """

    interventions: np.ndarray
    moved: np.ndarray
    decisions: np.ndarray
    binding: np.ndarray
    limits: np.ndarray
    priced: np.ndarray
    price: np.ndarray

    @classmethod
    def none(cls, replications: int) -> Restraint:
        """Start with a guardrail that has done nothing."""
        return cls(*(np.zeros(replications) for _ in range(7)))

    def correct(self, item: Intervention) -> None:
        """Add a correction."""
        self.interventions += item.moved > 0
        self.moved += item.moved

    def bind(self, item: Binding, due: np.ndarray) -> None:
        """Add a decision."""
        self.decisions += due
        self.binding += item.limits > 0
        self.limits += item.limits
        self.priced += item.limits
        self.price += item.price

    def hold(self, limits: np.ndarray) -> None:
        """Add a decision of a seat that moves no money, at so many limits of the guardrail, (R,)."""
        self.decisions += 1
        self.binding += limits > 0
        self.limits += limits
