"""Lifetime value: discounted contribution of a newly won customer."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.customers import HORIZON_DAYS, NO_PEOPLE, TERMS, Value
from aicmo.evaluation.metrics import Direction


class Ltv:
    """Lifetime value: discounted contribution of a newly won customer."""

    kind: ClassVar[str] = "ltv"
    unit: ClassVar[str] = "currency/person"
    direction: ClassVar[Direction] = "higher"
    meaning: ClassVar[str] = f"discounted contribution of a newly won customer ({TERMS})"
    undefined: ClassVar[str] = NO_PEOPLE

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication, NaN where undefined."""
        return Value.of(books.ledger).by(HORIZON_DAYS)
