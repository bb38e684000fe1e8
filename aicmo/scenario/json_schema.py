"""JSON Schema of scenario files, so that editors complete and explain them."""

from __future__ import annotations

from typing import Any

from aicmo.scenario.schema import Scenario

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Return the schema, Draft 2020-12.

    It knows the fields, types and ranges; what must hold between sections only `load` can tell.
    """
    schema = Scenario.model_json_schema(by_alias=True)
    schema["$defs"]["TeamSpec"] = _relaxed(schema["$defs"]["TeamSpec"])
    return {"$schema": DRAFT, **schema}


def _relaxed(schema: Any) -> Any:
    """Require nothing: a team says only what it changes of the team that it is put over."""
    if isinstance(schema, list):
        return [_relaxed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if key != "required" or not isinstance(value, list)}
    return {key: _relaxed(value) for key, value in kept.items()}
