"""The scenario that `aicmo init` writes: short, commented, valid."""

from __future__ import annotations

from importlib.resources import files

STARTER = files("aicmo.scenario").joinpath("starter.yaml").read_text(encoding="utf-8")
