"""Discounted gross profit of the run-off beyond the dark run's."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction


class TerminalValue:
    """Discounted gross profit of the run-off beyond the dark run's."""

    kind: ClassVar[str] = "terminal_value"
    unit: ClassVar[str] = "currency"
    direction: ClassVar[Direction] = "higher"
    meaning: ClassVar[str] = "discounted gross profit of the run-off beyond the dark run's"

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication."""
        return books.terminal
