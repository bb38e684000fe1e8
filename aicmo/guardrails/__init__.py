"""Guardrails: limits set by people. One file a guardrail, named like its `kind`.

Each says what it allows; `merge` intersects the answers, `gate` holds every change to the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Protocol

from aicmo.guardrails._binding import bindings
from aicmo.guardrails._gate import contained, gate, violations
from aicmo.guardrails._latitude import at_breadth, at_orders, held_breadth, held_orders
from aicmo.guardrails._merge import merge
from aicmo.messages import Brief, Limits, Standing
from aicmo.shelf import Shelf

__all__ = [
    "SHELF",
    "Guardrail",
    "at_breadth",
    "at_orders",
    "bindings",
    "contained",
    "gate",
    "held_breadth",
    "held_orders",
    "merge",
    "violations",
]

SHELF = Shelf("aicmo.guardrails", "guardrail")


class Guardrail(Protocol):
    """The contract of a guardrail; settings are the fields of a frozen dataclass."""

    kind: ClassVar[str]

    @classmethod
    def examples(cls) -> Iterator[Guardrail]:
        """Instances on which the contracts are checked."""
        ...

    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
        """Return what is allowed now; one `Limits` for each rank of waiver it needs."""
        ...
