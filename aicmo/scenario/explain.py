"""What pydantic found → problems in the words of people who write scenario files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aicmo.scenario.problems import Path, Problem, spell_path
from aicmo.scenario.tree import Tree


def explain(error: ValidationError, tree: Tree) -> Iterator[Problem]:
    """Turn each finding into a problem at the place of the file that it is about."""
    for found in error.errors(include_url=False):
        path = in_file(found["loc"], tree.value, missing=found["type"] == "missing")
        place = tree.at(path, key=found["type"] in ("extra_forbidden", "missing"))
        yield tree.source.problem(_sentence(found), place, spell_path(path))


def in_file(loc: tuple[int | str, ...], value: Any, *, missing: bool) -> Path:
    """Drop the steps of `loc` that the file does not have: pydantic also names the member of a union that it tried."""
    path: list[int | str] = []
    for n, step in enumerate(loc):
        if isinstance(value, dict) and step in value:
            value = value[str(step)]
        elif isinstance(value, tuple) and isinstance(step, int) and step < len(value):
            value = value[step]
        elif not (missing and n == len(loc) - 1):
            continue
        path.append(step)
    return tuple(path)


def _sentence(found: ErrorDetails) -> str:
    said = found["msg"].removeprefix("Value error, ")
    return said[:1].lower() + said[1:]
