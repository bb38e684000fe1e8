"""Corrections by guardrails."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction


class Interventions:
    """Corrections by guardrails."""

    kind: ClassVar[str] = "interventions"
    unit: ClassVar[str] = "count"
    direction: ClassVar[Direction] = "none"
    meaning: ClassVar[str] = "corrections by guardrails"

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication."""
        return books.ledger.account.interventions
