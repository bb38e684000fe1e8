"""Names given once, names that exist: checked on plain values, so also in files with other errors."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from aicmo.scenario.presets import known_teams
from aicmo.scenario.problems import Path
from aicmo.shelf import did_you_mean

Finding = tuple[Path, str]
LISTED = 20
"""Names that a message lists where none is near."""
OBJECTIVES = ["acquisition", "retention"]


def name_findings(scenario: Any) -> Iterator[Finding]:
    """Yield names that are given twice or refer to nothing, with their paths."""
    market = _mapping(_mapping(scenario).get("market"))
    for noun in ("segments", "channels", "events"):
        yield from _twice(noun, [(("name",), _named(item)) for item in _items(market, noun)])
    yield from _twice("campaigns", [((), _campaign(item)) for item in _items(market, "campaigns")])
    known = _known(market)
    for noun in ("campaigns", "grids", "events", "synergies"):
        for i, item in enumerate(_items(market, noun)):
            yield from _unknown(item, known, ("market", noun, i))
    for i, item in enumerate(_items(_mapping(scenario), "guardrails")):
        yield from _unknown(item, known, ("guardrails", i))
    yield from _history_team(_mapping(scenario))


def _known(market: dict[str, Any]) -> dict[str, list[str]]:
    """List what each kind of name may refer to."""
    segments = [name for item in _items(market, "segments") if isinstance(name := _named(item), str)]
    channels = [name for item in _items(market, "channels") if isinstance(name := _named(item), str)]
    campaigns = [name for item in _items(market, "campaigns") if (name := _campaign(item))]
    for grid in _items(market, "grids"):
        campaigns += [name for cell in _cells(grid, segments) if (name := _campaign(cell))]
    return {"segment": segments, "channel": channels, "campaign": campaigns, "objective": OBJECTIVES}


def _named(item: dict[str, Any]) -> Any:
    """Name of a segment, channel or event: its own, or that of its preset."""
    return item.get("name", item.get("preset"))


def _cells(grid: dict[str, Any], segments: list[str]) -> Iterator[dict[str, Any]]:
    """Campaigns of a grid, as far as they can be named."""
    rows, columns = grid.get("segments") or segments, grid.get("channels")
    if isinstance(rows, (tuple, list)) and isinstance(columns, (tuple, list)):
        for segment, channel in product(rows, columns):
            yield {"segment": segment, "channel": channel, "objective": grid.get("objective", OBJECTIVES[0])}


def _campaign(item: dict[str, Any]) -> str | None:
    """Name of a campaign, none where it cannot have one."""
    parts = (item.get("segment"), item.get("channel"), item.get("objective", OBJECTIVES[0]))
    return "/".join(str(part) for part in parts) if all(isinstance(part, str) for part in parts) else None


def _twice(noun: str, named: list[tuple[Path, Any]]) -> Iterator[Finding]:
    first: dict[Any, int] = {}
    for i, (inner, name) in enumerate(named):
        if not isinstance(name, str):
            continue
        if name in first:
            said = (
                f"expected each of market.{noun} once, got {name!r} again after market.{noun}[{first[name]}]"
            )
            yield ("market", noun, i, *inner), f"{said}. Rename or remove one."
        first.setdefault(name, i)


def _unknown(item: Any, known: dict[str, list[str]], path: Path) -> Iterator[Finding]:
    """Look at every `segment:`, `channels:` … below `path`."""
    if isinstance(item, dict):
        for key, value in item.items():
            noun = key.removesuffix("s")
            if noun in known and known[noun] and not isinstance(value, dict):
                yield from _refers(noun, value, known[noun], (*path, key))
            else:
                yield from _unknown(value, known, (*path, key))
    elif isinstance(item, (tuple, list)):
        for i, value in enumerate(item):
            yield from _unknown(value, known, (*path, i))


def _refers(noun: str, value: Any, known: list[str], path: Path) -> Iterator[Finding]:
    if isinstance(value, (tuple, list)):
        for i, name in enumerate(value):
            yield from _refers(noun, name, known, (*path, i))
    elif isinstance(value, str) and value not in known and not (noun == "objective" and path[0] == "market"):
        hint = did_you_mean(value, known)
        brief = hint if hint.startswith("Did") or len(known) <= LISTED else f"{len(known)} are known."
        yield path, f"no {noun} named {value!r}. {brief}"


def _history_team(scenario: dict[str, Any]) -> Iterator[Finding]:
    name = scenario.get("history_team")
    known = known_teams(list(_mapping(scenario.get("teams"))))
    if isinstance(name, str) and name not in known:
        yield ("history_team",), f"no team or policy named {name!r}. {did_you_mean(name, known)}"


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(mapping: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Items of a list, empty where one is not a mapping, so that positions stay."""
    value = mapping.get(key)
    return [_mapping(item) for item in value] if isinstance(value, (tuple, list)) else []
