"""Presets that ship with the package, and how a scenario's channels, segments and priors start from one."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import ValidatorFunctionWrapHandler

from aicmo.scenario.model import detail, refusal
from aicmo.scenario.overlay import overlay
from aicmo.scenario.source import Source
from aicmo.scenario.tree import parse
from aicmo.shelf import did_you_mean

FILE = files("aicmo.scenario").joinpath("library.yaml")


@cache
def library() -> dict[str, dict[str, dict[str, Any]]]:
    """Read the presets by section, when one is asked for: `channels`, `segments`, `uncertainty`."""
    sections: dict[str, dict[str, dict[str, Any]]] = parse(
        Source("library.yaml", FILE.read_text(encoding="utf-8"))
    ).value
    return sections


class FromLibrary:
    """Validator of a section's item: what it says over the preset that it names, and its name by default.

    Parameters
    ----------
    section : str
        Of the library.
    named : bool
        Whether items have names, by default that of their preset, and mappings inside that blend.
    """

    def __init__(self, section: str, *, named: bool = True) -> None:
        self.section = section
        self.named = named

    def __call__(self, given: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        """Read an item.

        Raises
        ------
        ValidationError
            When no such preset ships, or what it says is wrong.
        """
        name = given.get("preset") if isinstance(given, dict) else None
        if not isinstance(name, str):
            return handler(given)
        known = library()[self.section]
        if name not in known:
            said = f"no preset of {self.section} named {name!r}. {did_you_mean(name, list(known))}"
            raise refusal(self.section, [detail(("preset",), said)])
        if not self.named:
            return handler(known[name] | given)
        return handler(overlay({"name": name} | known[name], given))
