"""From runs to a verdict: paired comparison, reference runs, metrics, intervals."""

from aicmo.evaluation.compare import compare
from aicmo.evaluation.comparison import Comparison
from aicmo.evaluation.results import ResultsError

__all__ = ["Comparison", "ResultsError", "compare"]
