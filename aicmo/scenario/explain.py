"""What pydantic found → problems in the words of people who write scenario files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aicmo.scenario.problems import Path, Problem, spell_path
from aicmo.scenario.tree import Tree
from aicmo.shelf import did_you_mean

EXPECTED = {
    "bool_type": "true or false",
    "date_type": "a day such as 2025-01-06",
    "dict_type": "a mapping of names",
    "float_type": "a number",
    "finite_number": "a finite number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "model_attributes_type": "a mapping of fields",
    "model_type": "a mapping of fields",
    "string_type": "text",
    "tuple_type": "a list",
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than": "a number below {lt:g}",
    "less_than_equal": "a number of at most {le:g}",
    "too_short": "at least {min_length} items",
    "too_long": "at most {max_length} items",
    "string_too_short": "at least {min_length} character",
    "string_too_long": "at most {max_length} characters",
    "literal_error": "one of {expected}",
}
AT_KEY = {"extra_forbidden", "missing"}
EXACT = {"inconsistent", "infeasible"}
"""Findings of our own checks, whose paths are those of the file, defaults included."""


def explain(error: ValidationError, tree: Tree) -> Iterator[Problem]:
    """Turn each finding into a problem at the place of the file that it is about."""
    for found in error.errors(include_url=False):
        path = found["loc"]
        if found["type"] not in EXACT:
            path = in_file(path, tree.value, missing=found["type"] in {"missing", "stated"})
        if found["type"] == "union_tag_invalid":
            path = (*path, "kind")
        if found["type"] == "too_short" and _length(tree.value, path) >= found["ctx"]["min_length"]:
            continue  # its items are wrong and reported; there are enough of them
        place = tree.at(path, key=found["type"] in AT_KEY)
        yield tree.source.problem(sentence(found), place, spell_path(path))


def in_file(loc: tuple[int | str, ...], value: Any, *, missing: bool) -> Path:
    """Drop the steps of `loc` that the file does not have: pydantic also names the member of a union.

    A last step that is `missing` stays.
    """
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


def _length(value: Any, path: Path) -> int:
    for step in path:
        value = value[step]
    return len(value)


def sentence(found: ErrorDetails) -> str:
    """Say what was expected and what came."""
    kind, context = found["type"], found.get("ctx", {})
    if kind == "missing":
        return "this field is required, and the file does not have it"
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        return _no_such(found)
    if kind in EXPECTED:
        got = f"{len(found['input'])}" if kind in {"too_short", "too_long"} else spell(found["input"])
        return f"expected {EXPECTED[kind].format(**context)}, got {got}{_cure(kind, found)}"
    return found["msg"].removeprefix("Value error, ")


def _no_such(found: ErrorDetails) -> str:
    context = found.get("ctx", {})
    known = [tag.strip("'") for tag in str(context.get("expected_tags", "")).split(", ")]
    return f"no response curve named {context.get('tag')!r}. {did_you_mean(str(context.get('tag')), known)}"


def _cure(kind: str, found: ErrorDetails) -> str:
    given = found["input"]
    if kind == "literal_error" and isinstance(given, str):
        known = [
            word.strip("' ")
            for word in str(found.get("ctx", {}).get("expected")).replace(" or ", ", ").split(",")
        ]
        hint = did_you_mean(given, known)
        return f". {hint}" if hint.startswith("Did") else ""
    if kind in {"float_type", "int_type"} and isinstance(given, str) and given.replace(".", "", 1).isdigit():
        return ". Leave the quotes out."
    if kind == "bool_type" and str(given).lower() in {"yes", "no", "on", "off"}:
        return f". Write {str(given).lower() in {'yes', 'on'}}.".lower().replace("write", "Write")
    return ""


def spell(given: Any) -> str:
    """Spell a value of the file, briefly.

    >>> spell(True), spell(None), spell("a"), spell({"a": 1}), spell((1, 2))
    ('true', 'nothing', "'a'", 'a mapping', 'a list')
    """
    if isinstance(given, bool):
        return str(given).lower()
    if given is None:
        return "nothing"
    if isinstance(given, (dict, tuple, list)):
        return "a mapping" if isinstance(given, dict) else "a list"
    shown = repr(given)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"
