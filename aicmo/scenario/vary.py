"""Other values for keys of a scenario: dotted paths such as `market.channels.search.half_life`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from aicmo.scenario.explain import explain
from aicmo.scenario.problems import InfeasibleError, ScenarioError, spell_path
from aicmo.scenario.quantities import MINUTES, minutes, spell_minutes
from aicmo.scenario.schema import Scenario
from aicmo.scenario.source import Source
from aicmo.scenario.tree import Tree
from aicmo.shelf import did_you_mean

Path = tuple[str | int, ...]
EVERY = "*"
FACTOR = re.compile(r"[x×]([0-9]+(?:\.[0-9]+)?)")
AMOUNT = re.compile(rf"[0-9.]+\s?(?:{'|'.join(MINUTES)})")


class VaryError(ValueError):
    """A key that the scenario does not have, or a value that cannot be put there."""


def varied(scenario: Scenario, settings: Mapping[str, Any]) -> Scenario:
    """Return the scenario with other values for some keys, checked as a file is.

    Parameters
    ----------
    settings : mapping of str to value
        Key: fields joined by dots; of a list the number of an element, its name, or ``*`` for all. Value: as
        in a file, or ``x0.8``: times what the scenario says.

    Raises
    ------
    VaryError
        When a key leads nowhere or two keys lead to the same place.
    ScenarioError
        When the scenario would be refused.

    Examples
    --------
    >>> from aicmo.scenario.load import load
    >>> small = load("scenarios/small.yaml")
    >>> varied(small, {"market.channels.search.half_life": "3d", "budget.periods.*": "x0.5"}).budget.periods
    (90000.0, 90000.0)
    """
    plain = scenario.model_dump(mode="json", by_alias=True)
    if not all(settings):
        raise VaryError("expected a key such as measurement.latency, got an empty one")
    found = [(path, key) for key in settings for path in _paths(plain, key, key, ())]
    _require_apart(found)
    for path, key in found:
        _put(plain, path, key, settings[key])
    return _checked(_frozen(plain), spelled(settings))


def spelled(settings: Mapping[str, Any]) -> str:
    """Write settings as `--vary` takes them.

    >>> spelled({"measurement.latency": "1d", "market.noise.dispersion": 2.0})
    'measurement.latency=1d, market.noise.dispersion=2'
    """
    return ", ".join(f"{key}={spell_value(value)}" for key, value in settings.items())


def spell_value(value: Any) -> str:
    """Write one value: text as it is, numbers without idle digits."""
    if isinstance(value, float):
        return f"{value:.12g}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _paths(value: Any, key: str, rest: str, before: Path) -> Iterator[Path]:
    """Find the places that what is left of a key leads to."""
    if not rest:
        yield before
        return
    for step, after in _steps(value, key, rest, before):
        yield from _paths(_inside(value, step), key, after, (*before, step))


def _inside(value: Any, step: str | int) -> Any:
    """Return what a step leads to; nothing where the scenario says nothing."""
    return value.get(step) if isinstance(value, dict) else value and value[step]


def _steps(value: Any, key: str, rest: str, before: Path) -> Iterator[tuple[str | int, str]]:
    """Take the next step of a key: where to, and what is left of the key."""
    first, _, after = rest.partition(".")
    if isinstance(value, list):
        if first == EVERY and value:
            yield from ((index, after) for index in range(len(value)))
        else:
            yield _element(value, key, rest, before)
    elif isinstance(value, dict):
        # A name may hold dots itself: the longest one that fits is meant.
        known = [name for name in value if _begins(rest, name)]
        step = max(known, key=len, default=first)
        yield step, rest[len(step) + 1 :]
    elif value is None and first:
        yield first, after
    else:
        raise VaryError(f"{key}: {spell_path(before)} is a single value, it has no {first!r} inside.")


def _begins(rest: str, name: str) -> bool:
    return rest == name or rest.startswith(f"{name}.")


def _element(items: list[Any], key: str, rest: str, before: Path) -> tuple[int, str]:
    """Find an element of a list by its number or name."""
    first, _, after = rest.partition(".")
    if first.isdigit() and int(first) < len(items):
        return int(first), after
    names = [_name(item) for item in items]
    meant = max((name for name in names if name and _begins(rest, name)), key=len, default="")
    if meant and names.count(meant) == 1:
        return names.index(meant), rest[len(meant) + 1 :]
    where = f"{key}: {spell_path(before)} has {len(items)} elements"
    numbers = f"a number from 0 to {len(items) - 1}, or {EVERY} for all" if items else "nothing to name"
    if meant:
        raise VaryError(f"{where}, several of them called {meant!r}: give {numbers}.")
    known = [name for name in names if name]
    hint = f"{did_you_mean(first, known)} Or" if known else "Give"
    raise VaryError(f"{where}, none called {first!r}. {hint} {numbers}.")


def _name(item: Any) -> str:
    """Return what people call an element: its name, a campaign's three parts, a guardrail's kind."""
    if not isinstance(item, dict):
        return ""
    if "segment" in item and "channel" in item and "curve" in item:
        return f"{item['segment']}/{item['channel']}/{item['objective']}"
    return str(item.get("name") or item.get("kind") or "")


def _require_apart(found: list[tuple[Path, str]]) -> None:
    """Refuse two keys that lead to the same place, or one inside another: their order would matter."""
    for i, (path, key) in enumerate(found):
        for other, again in found[i + 1 :]:
            shorter = min(len(path), len(other))
            if path[:shorter] == other[:shorter]:
                raise VaryError(f"{key} and {again} both set {spell_path(max(path, other, key=len))}.")


def _put(plain: dict[str, Any], path: Path, key: str, value: Any) -> None:
    holder: Any = plain
    for step in path[:-1]:
        if isinstance(holder, dict) and holder.get(step) is None:
            holder[step] = {}
        holder = holder[step]
    last = path[-1]
    before = _inside(holder, last)
    holder[last] = _times(before, value, key) if _is_factor(value) else value


def _is_factor(value: Any) -> bool:
    return isinstance(value, str) and FACTOR.fullmatch(value) is not None


def _times(before: Any, value: str, key: str) -> Any:
    """Multiply a number or a duration by a factor such as ``x0.8``."""
    factor = float(value[1:])
    if isinstance(before, (int, float)) and not isinstance(before, bool):
        return before * factor
    if isinstance(before, str) and AMOUNT.fullmatch(before):
        return spell_minutes(round(minutes(before) * factor))
    said = "nothing" if before is None else spell_value(before)
    raise VaryError(
        f"{key}={value}: a factor needs a number or a duration to multiply, the scenario says {said}."
    )


def _frozen(value: Any) -> Any:
    """Return lists as tuples, all the way down, as the parser of files does."""
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(_frozen(item) for item in value) if isinstance(value, (list, tuple)) else value


def _checked(plain: dict[str, Any], label: str) -> Scenario:
    try:
        return Scenario.model_validate(plain)
    except ValidationError as error:
        infeasible = {found["type"] for found in error.errors(include_url=False)} == {"infeasible"}
        problems = explain(error, Tree(Source(f"{label}:", ""), plain))
        refused = InfeasibleError if infeasible else ScenarioError
        # There is no line to point at: what is wrong stands in no file.
        raise refused(dict.fromkeys(replace(problem, place=None) for problem in problems)) from None
