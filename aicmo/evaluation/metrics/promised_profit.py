"""What the team expected its budgets to bring, decision by decision."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction


class PromisedProfit:
    """What the team expected its budgets to bring, decision by decision."""

    kind: ClassVar[str] = "promised_profit"
    unit: ClassVar[str] = "currency"
    direction: ClassVar[Direction] = "none"
    meaning: ClassVar[str] = (
        "incremental gross profit that the team expected of its budget decisions while they were in force"
    )
    undefined: ClassVar[str] = "whoever decides about budgets states no expectation"

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication, NaN where undefined."""
        kept = books.ledger.promises
        return np.asarray(np.where(kept.made > 0, kept.promised, np.nan))
