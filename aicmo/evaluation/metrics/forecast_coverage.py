"""How often the team's own 90 % intervals held what came."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction


class ForecastCoverage:
    """How often the team's own 90 % intervals held what came."""

    kind: ClassVar[str] = "forecast_coverage"
    unit: ClassVar[str] = "1"
    direction: ClassVar[Direction] = "none"
    meaning: ClassVar[str] = (
        "share of budget decisions whose own 90 % interval of profit held what they brought"
    )
    undefined: ClassVar[str] = "whoever decides about budgets states no expectation"

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication, NaN where undefined."""
        kept = books.ledger.promises
        return np.asarray(np.where(kept.made > 0, kept.held / np.maximum(kept.made, 1.0), np.nan))
