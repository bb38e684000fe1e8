"""What `aicmo init` writes: a short, commented, valid scenario, or one of those that ship."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from aicmo.shelf import did_you_mean

STARTER = files("aicmo.scenario").joinpath("starter.yaml").read_text(encoding="utf-8")
SHIPPED = Path(__file__).parents[2] / "scenarios"
"""Beside the package, in a checkout."""


class UnknownScenarioError(LookupError):
    """No scenario of that name ships."""


def start_from(name: str) -> str:
    """Return the text of a scenario that ships, comments included.

    Raises
    ------
    UnknownScenarioError
        When there is none, with the nearest name.
    """
    known = sorted(file.stem for file in SHIPPED.glob("*.yaml"))
    if not known:
        raise UnknownScenarioError(f"no scenarios ship with this installation ({SHIPPED}). Use a checkout.")
    if name not in known:
        raise UnknownScenarioError(f"no scenario named {name!r} ships. {did_you_mean(name, known)}")
    return (SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")
