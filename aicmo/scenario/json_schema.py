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
    hoisted: dict[str, Any] = {}
    lifted = _lift(schema, hoisted)
    hoisted["TeamSpec"] = _relaxed(hoisted["TeamSpec"])
    return {"$schema": DRAFT, **lifted, "$defs": dict(sorted(hoisted.items()))}


def _lift(schema: Any, hoisted: dict[str, Any]) -> Any:
    """Move definitions of parts, which stand inside, to the top, where their references look for them."""
    if isinstance(schema, list):
        return [_lift(item, hoisted) for item in schema]
    if not isinstance(schema, dict):
        return schema
    for name, definition in schema.get("$defs", {}).items():
        hoisted[name] = _lift(definition, hoisted)
    return {key: _lift(value, hoisted) for key, value in schema.items() if key != "$defs"}


def _relaxed(schema: Any) -> Any:
    """Require nothing: a team says only what it changes of the team that it is put over."""
    if isinstance(schema, list):
        return [_relaxed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    renamed = {("anyOf" if key == "oneOf" else key): value for key, value in schema.items()}
    return {
        key: _relaxed(value)
        for key, value in renamed.items()
        if key != "required" or not isinstance(value, list)
    }
