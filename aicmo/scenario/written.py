"""A scenario as YAML text that reads back to the same bits."""

from __future__ import annotations

from io import StringIO
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML

WIDTH = 100
"""Columns after which the writer breaks a line."""


def written(scenario: BaseModel) -> str:
    """Write every field, defaults included: nothing is left to a later version's defaults."""
    yaml, text = YAML(typ="safe", pure=True), StringIO()
    yaml.default_flow_style = None
    yaml.width = WIDTH
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # ruamel.yaml declares it as None
    yaml.representer.ignore_aliases = lambda _: True  # scenario files have no anchors
    yaml.dump(_lists(scenario.model_dump(mode="json", by_alias=True)), text)
    return text.getvalue()


def _lists(value: Any) -> Any:
    """Return tuples as lists, all the way down."""
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, (list, tuple)) else value
