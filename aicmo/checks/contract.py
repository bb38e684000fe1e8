"""What a contract is: functions that raise when a part breaks it, with a message that teaches."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

Check = Callable[[Any], None]


class ContractError(Exception):
    """A part breaks its contract: who, what was expected, what came, the cure."""


class Result(NamedTuple):
    """Outcome of one check on one part; `error` is empty when it holds."""

    part: str
    check: str
    error: str

    @property
    def passed(self) -> bool:
        """Whether the contract holds."""
        return not self.error


def checks_in(module: ModuleType) -> dict[str, Check]:
    """Return the public functions that a module itself defines, by name: each is one check."""
    return {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


def examples_of(noun: str, part: type[Any]) -> Iterator[Any]:
    """Yield the instances that a part brings to be checked on.

    Raises
    ------
    ContractError
        When it brings none: then nothing would be checked.
    """
    found = list(part.examples()) if hasattr(part, "examples") else []
    if not found:
        raise ContractError(f"{noun} {part.kind!r}: examples() must yield at least one instance to check")
    yield from found


def require(holds: bool, message: str) -> None:  # noqa: FBT001 - reads as a sentence: require(x > 0, "...")
    """Raise `message` unless it holds."""
    if not holds:
        raise ContractError(message)


def require_shape(who: str, what: str, array: Any, shape: tuple[int, ...], axes: str) -> None:
    """Require an array of numbers of a shape, named by its axes."""
    require(isinstance(array, np.ndarray), f"{who}: {what} must be an array, got {type(array).__name__}")
    hint = " Transposed?" if array.shape == shape[::-1] and len(shape) > 1 else ""
    require(
        array.shape == shape, f"{who}: {what} must be of shape {shape} = {axes}, got {array.shape}.{hint}"
    )
    require(array.dtype.kind in "fiu", f"{who}: {what} must hold numbers, got dtype {array.dtype}")


def require_amounts(who: str, what: str, array: np.ndarray) -> None:
    """Require finite numbers of at least zero."""
    for bad, word in ((~np.isfinite(array), "finite"), (array < 0.0, "at least 0")):
        if bad.any():
            where = tuple(int(i) for i in np.argwhere(bad)[0])
            require(holds=False, message=f"{who}: {what} must be {word}, got {array[where]} at {where}")


def fingerprint(value: Any) -> bytes:
    """Everything that a value holds, as bytes that change when any of it does; lazy caches are no content."""
    if isinstance(value, np.ndarray):
        return repr((value.dtype, value.shape)).encode() + np.ascontiguousarray(value).tobytes()
    if is_dataclass(value) and not isinstance(value, type):
        value = {item.name: getattr(value, item.name) for item in fields(value)}
    if isinstance(value, dict):
        return b"{" + b",".join(fingerprint(key) + b":" + fingerprint(value[key]) for key in value) + b"}"
    if isinstance(value, (list, tuple)):
        return b"[" + b",".join(fingerprint(item) for item in value) + b"]"
    return pickle.dumps(value)
