"""Operating models that ship with the package, and how an organisation starts from one."""

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

FILE = files("aicmo.scenario").joinpath("organisations.yaml")


@cache
def shipped() -> dict[str, dict[str, Any]]:
    """Read the file of assumptions, when somebody asks: `company`, `models` and `capabilities`."""
    sections: dict[str, dict[str, Any]] = parse(
        Source("organisations.yaml", FILE.read_text(encoding="utf-8"))
    ).value
    return sections


def operating_models() -> tuple[str, ...]:
    """Names of the presets that ship.

    >>> operating_models()
    ('cmo_led', 'it_led', 'ceo_led', 'nobody_led', 'shared', 'neutral_owner')
    """
    return tuple(shipped()["models"])


def completed(given: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Read an organisation: what is said over its preset, and over the catalogue of capabilities.

    Raises
    ------
    ValidationError
        When no such preset ships, or what is said is wrong.
    """
    if not isinstance(given, dict):
        return handler(given)
    name = given.get("preset")
    if isinstance(name, str):
        known = shipped()["models"]
        if name not in known:
            said = f"no operating model ships as {name!r}. {did_you_mean(name, list(known))}"
            raise refusal("Organisation", [detail(("preset",), said)])
        given = overlay(overlay({"name": name} | shipped()["company"], known[name]), given)
    return handler(_catalogued(given))


def _catalogued(given: dict[str, Any]) -> dict[str, Any]:
    """Describe every capability of the road map, and those that are described in part."""
    programme, own = given.get("programme", {}), given.get("capabilities", {})
    if not isinstance(own, dict) or not isinstance(programme, dict):
        return given
    catalogue, roadmap = shipped()["capabilities"], programme.get("roadmap", ())
    wanted = [*roadmap, *own] if isinstance(roadmap, (list, tuple)) else list(own)
    named = [name for name in dict.fromkeys(wanted) if isinstance(name, str)]
    described = {name: _described(catalogue.get(name), own.get(name, {})) for name in named}
    return given | {"capabilities": {name: what for name, what in described.items() if what is not None}}


def _described(usual: dict[str, Any] | None, own: Any) -> Any:
    """Put what is said of a capability over the catalogue; None where neither says anything."""
    if usual is None:
        return own or None
    return overlay(usual, own) if isinstance(own, dict) else own
