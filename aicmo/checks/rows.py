"""Some replications of a message: what a part must give the same answer to, alone or in a batch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

M = TypeVar("M", bound="DataclassInstance")
_AXES = re.compile(r"['\"]([A-Z ]+)['\"]")


def take(message: M, rows: Sequence[int]) -> M:
    """Return a message about some of its replications only.

    The axis R of each array is read off its annotation, so that new fields are taken along.

    Examples
    --------
    >>> from aicmo.checks.fixtures import brief
    >>> take(brief(replications=4), [2]).half_life.shape
    (1, 7)
    """
    changed = {
        item.name: _taken(getattr(message, item.name), str(item.type), rows) for item in fields(message)
    }
    if "replications" in changed:
        changed["replications"] = len(rows)
    return replace(message, **changed)


def _taken(value: Any, annotation: str, rows: Sequence[int]) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return take(value, rows)
    if isinstance(value, tuple) and value and is_dataclass(value[0]):
        return tuple(take(item, rows) for item in value)
    axes = _AXES.search(annotation)
    if not isinstance(value, np.ndarray) or axes is None or "R" not in axes[1].split():
        return value
    return np.take(value, rows, axis=axes[1].split().index("R"))
