"""JSON Schema of scenario files, so that editors complete and explain them."""

from __future__ import annotations

from typing import Any

from aicmo.scenario.library import library
from aicmo.scenario.schema import Scenario

FROM_LIBRARY = {"channels": "Channel", "segments": "Segment", "uncertainty": "Uncertainty"}
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Return the schema, Draft 2020-12.

    It knows the fields, types and ranges; what must hold between sections only `load` can tell.
    """
    schema = Scenario.model_json_schema(by_alias=True)
    schema["$defs"]["TeamSpec"] = _relaxed(schema["$defs"]["TeamSpec"])
    for section, name in FROM_LIBRARY.items():
        schema["$defs"][name] = _with_presets(schema["$defs"][name], section)
    return {"$schema": DRAFT, **schema}


def _with_presets(schema: dict[str, Any], section: str) -> dict[str, Any]:
    """Name the presets, and require beside one only what no preset says."""
    known = library()[section]
    preset = schema["properties"]["preset"] | {"anyOf": [{"enum": list(known)}, {"type": "null"}]}
    required = schema.get("required", [])
    said = set.intersection(*(set(item) for item in known.values())) | {"name"}
    return {key: value for key, value in schema.items() if key != "required"} | {
        "properties": schema["properties"] | {"preset": preset},
        "if": {"required": ["preset"], "properties": {"preset": {"type": "string"}}},
        "then": {"required": [name for name in required if name not in said]},
        "else": {"required": required},
    }


def _relaxed(schema: Any) -> Any:
    """Require nothing: a team says only what it changes of the team that it is put over."""
    if isinstance(schema, list):
        return [_relaxed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if key != "required" or not isinstance(value, list)}
    return {key: _relaxed(value) for key, value in kept.items()}
