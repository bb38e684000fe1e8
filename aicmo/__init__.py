"""Simulate an AI CMO in your market and score it fairly against manual quarterly allocation.

>>> import aicmo
>>> scenario = aicmo.load("scenarios/small.yaml")
>>> scenario.currency
'EUR'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aicmo.core.allocate import allocate as allocate
    from aicmo.core.allocation import Allocation as Allocation
    from aicmo.core.bounded import prepare as prepare
    from aicmo.core.curves import Curves as Curves
    from aicmo.evaluation.claim import Claim as Claim
    from aicmo.evaluation.claim import claim as claim
    from aicmo.evaluation.organisations.organisations import Organisations as Organisations
    from aicmo.evaluation.organisations.organisations import organisations as organisations
    from aicmo.evaluation.restraints import price_guardrails as price_guardrails
    from aicmo.evaluation.sweep import Sweep as Sweep
    from aicmo.evaluation.sweep import sweep as sweep
    from aicmo.evaluation.truth import Truth as Truth
    from aicmo.evaluation.truth import truth as truth
    from aicmo.report.comparison import Comparison as Comparison
    from aicmo.report.comparison import compare as compare
    from aicmo.scenario.load import ScenarioError as ScenarioError
    from aicmo.scenario.load import load as load
    from aicmo.scenario.schema import Scenario as Scenario
    from aicmo.simulation.session import Session as Session
    from aicmo.simulation.simulate import Run as Run
    from aicmo.simulation.simulate import simulate as simulate

# The main road as a few names, imported when first used (PEP 562): `aicmo --help` loads nothing heavy.
_HOMES = {
    "Allocation": "aicmo.core.allocation",
    "Claim": "aicmo.evaluation.claim",
    "Comparison": "aicmo.report.comparison",
    "Curves": "aicmo.core.curves",
    "Organisations": "aicmo.evaluation.organisations.organisations",
    "Run": "aicmo.simulation.simulate",
    "Scenario": "aicmo.scenario.schema",
    "ScenarioError": "aicmo.scenario.load",
    "Session": "aicmo.simulation.session",
    "Sweep": "aicmo.evaluation.sweep",
    "Truth": "aicmo.evaluation.truth",
    "allocate": "aicmo.core.allocate",
    "claim": "aicmo.evaluation.claim",
    "compare": "aicmo.report.comparison",
    "load": "aicmo.scenario.load",
    "prepare": "aicmo.core.bounded",
    "organisations": "aicmo.evaluation.organisations.organisations",
    "price_guardrails": "aicmo.evaluation.restraints",
    "simulate": "aicmo.simulation.simulate",
    "sweep": "aicmo.evaluation.sweep",
    "truth": "aicmo.evaluation.truth",
}
__all__ = sorted(_HOMES)  # noqa: PLE0605 - the names are those of the table above


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'aicmo' has no attribute {name!r}; it has {', '.join(__all__)}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
