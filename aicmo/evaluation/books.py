"""The books of one team: its ledger beside the dark run of the same worlds, and what the team costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from aicmo.simulation.ledger import Ledger


@dataclass(frozen=True)
class Books:
    """What a metric is measured from.

    Attributes
    ----------
    ledger : Ledger
        The team's run.
    dark : Ledger
        The same worlds without marketing from the opening on.
    costs : (R,) [currency]
        Salaries and tools over the horizon.
    terminal : (R,) [currency]
        Terminal value over that of the dark run.
    brand : (R,) [1]
        Brand index at the end, segments weighed by their organic orders; NaN without a brand.
    voice : (R,) [1]
        Excess share of voice, see `evaluation.voice`; NaN without rivals.
    """

    ledger: Ledger
    dark: Ledger
    costs: Float[np.ndarray, "R"]
    terminal: Float[np.ndarray, "R"]
    brand: Float[np.ndarray, "R"]
    voice: Float[np.ndarray, "R"]

    def incremental(self, field: str) -> Float[np.ndarray, "R"]:
        """Total of a ledger field beyond the dark run's."""
        return np.asarray(self.ledger.total(field) - self.dark.total(field))
