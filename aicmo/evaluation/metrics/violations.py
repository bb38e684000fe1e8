"""Breaches of guardrails that no waiver covers."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction


class Violations:
    """Breaches of guardrails that no waiver covers."""

    kind: ClassVar[str] = "violations"
    unit: ClassVar[str] = "count"
    direction: ClassVar[Direction] = "lower"
    meaning: ClassVar[str] = "breaches of guardrails that no waiver covers"

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication."""
        return books.ledger.account.violations
