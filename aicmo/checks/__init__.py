"""The contracts of parts as public functions, run over every part of the package and over yours."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from aicmo.checks.contract import Check, ContractError, Result, checks_in, examples_of
from aicmo.shelf import load_file

__all__ = ["ContractError", "Result", "check_file", "check_part", "checks_of", "noun_of"]

TELLTALES = {
    "learns": "policy",
    "limits": "guardrail",
    "seat": "agent",
    "measure": "metric",
    "read": "importer",
}
"""What only a part of that kind has."""
CLASSES = ("metric", "importer")
"""Parts without settings: the class itself is what is checked, there are no examples."""


def noun_of(part: type[Any]) -> str:
    """Tell what kind of part a class is.

    Raises
    ------
    ContractError
        When it looks like none.
    """
    for attribute, noun in TELLTALES.items():
        if hasattr(part, attribute):
            return noun
    known = ", ".join(f"a {noun} has `{attribute}`" for attribute, noun in TELLTALES.items())
    raise ContractError(f"part {part.kind!r}: cannot tell what it is: {known}")


def checks_of(noun: str) -> dict[str, Check]:
    """Return the contract of a kind of part, check by name."""
    return checks_in(import_module(f"aicmo.checks.{noun}"))


def check_part(part: type[Any], noun: str | None = None) -> list[Result]:
    """Run every check of its contract on a part, on all of its examples.

    Returns
    -------
    list of Result
        One a check; the error of the first example that breaks it.
    """
    noun = noun or noun_of(part)
    return [
        Result(f"{noun} {part.kind!r}", name, _error(check, noun, part))
        for name, check in checks_of(noun).items()
    ]


def check_file(path: Path | str) -> list[Result]:
    """Run the contracts on all parts that a Python file defines.

    Raises
    ------
    UnknownPartError
        When the file cannot be imported or defines no part.
    ContractError
        When it defines something that looks like no kind of part.
    """
    return [result for part in load_file(Path(path)) for result in check_part(part)]


def _error(check: Check, noun: str, part: type[Any]) -> str:
    try:
        for instance in _instances(noun, part):
            check(instance)
    except ContractError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - a part may raise anything, and that is a finding
        return f"{noun} {part.kind!r}: raised {type(error).__name__}: {error}"
    return ""


def _instances(noun: str, part: type[Any]) -> Iterator[Any]:
    if noun in CLASSES:
        yield part
    else:
        yield from examples_of(noun, part)
