"""What a person writes, put over what it starts from."""

from __future__ import annotations

from typing import Any


def overlay(base: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Put `given` over `base`, mapping by mapping; a part of another kind, and costs, replace what was there.

    >>> overlay({"budget": {"kind": "planner", "cadence": "1w"}}, {"budget": {"cadence": "2w"}})
    {'budget': {'kind': 'planner', 'cadence': '2w'}}
    """
    merged = dict(base)
    for key, value in given.items():
        below = base.get(key)
        blends = isinstance(below, dict) and isinstance(value, dict) and key != "costs"
        if blends and value.get("kind", below.get("kind")) == below.get("kind"):  # type: ignore[union-attr]  # blends
            merged[key] = overlay(below, value)  # type: ignore[arg-type]  # blends
        else:
            merged[key] = value
    return merged
