"""Excess share of voice over the horizon."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction


class ShareOfVoice:
    """Excess share of voice over the horizon."""

    kind: ClassVar[str] = "share_of_voice"
    unit: ClassVar[str] = "1"
    direction: ClassVar[Direction] = "higher"
    meaning: ClassVar[str] = "own share of voice beyond an even one, both sides in units of the year before"
    undefined: ClassVar[str] = "the market has no rivals, or nothing was spent the year before"

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication, NaN where undefined."""
        return books.voice
