"""Cost of acquiring a customer, over those whom campaigns won."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.customers import NO_SPEND, cost_of
from aicmo.evaluation.metrics import Direction


class CacPaid:
    """Cost of acquiring a customer, over those whom campaigns won."""

    kind: ClassVar[str] = "cac_paid"
    unit: ClassVar[str] = "currency/person"
    direction: ClassVar[Direction] = "lower"
    meaning: ClassVar[str] = "acquisition spend ÷ new customers that campaigns caused"
    undefined: ClassVar[str] = NO_SPEND

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication, NaN where undefined."""
        return cost_of(books.ledger, "customers_driven")
