"""Months until a customer won by campaigns has paid back what it cost."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.customers import TERMS, Value, cost_of, payback_days
from aicmo.evaluation.metrics import Direction
from aicmo.evaluation.terminal import YEAR_DAYS


class Payback:
    """Months until a customer won by campaigns has paid back what it cost."""

    kind: ClassVar[str] = "payback"
    unit: ClassVar[str] = "month"
    direction: ClassVar[Direction] = "lower"
    meaning: ClassVar[str] = f"months until the contribution of a new customer covers the paid CAC ({TERMS})"
    undefined: ClassVar[str] = "a new customer never pays back within 3 years, or campaigns won nobody"

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication, NaN where undefined."""
        days = payback_days(Value.of(books.ledger), cost_of(books.ledger, "customers_driven"))
        return np.asarray(days * (12.0 / YEAR_DAYS))
