"""The parts in which two organisations can differ, and the organisation that mixes them part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

from aicmo.evaluation.organisations.models import plain
from aicmo.scenario.organisation import Organisation

Part = Literal["latency", "data", "autonomy", "coordination"]
PARTS: tuple[Part, ...] = get_args(Part)
COST = "cost"
"""The last step. What an organisation costs changes nothing that happens, so it is no part to be switched:
the difference of the two expenses is a step by itself, whatever the order."""

# By section and field; `*` is the rest of a section. Every field of an organisation is in one part.
PART_OF: Mapping[tuple[str, str], Part] = {
    ("objective", ""): "coordination",
    ("conditions", "autonomy"): "autonomy",
    ("conditions", "match"): "data",
    ("conditions", "consent"): "data",
    ("conditions", "addressed"): "data",
    ("conditions", "experiments"): "data",
    ("conditions", "prevented"): "data",
    ("conditions", "*"): "latency",
    ("decision", "*"): "autonomy",
    ("stack", "kept"): "data",
    ("stack", "*"): "latency",
    ("it", "marketing"): "coordination",
    ("it", "*"): "latency",
    ("centre", "order"): "coordination",
    ("centre", "*"): "latency",
    ("tools", "*"): "coordination",
    ("programme", "purpose_first"): "coordination",
    ("programme", "unplanned"): "coordination",
    ("programme", "reuse"): "coordination",
    ("programme", "reassess"): "coordination",
    ("programme", "least_use"): "coordination",
    ("programme", "*"): "latency",
    ("capabilities", ""): "latency",
}
ABOUT = ("preset", "name", "description")


def part_of(section: str, field: str = "") -> Part:
    """Return the part to which a field belongs."""
    return PART_OF.get((section, field)) or PART_OF[section, "*"]


def fields(written: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield section and field of everything that an organisation says."""
    for section, value in written.items():
        if section in ABOUT:
            continue
        if (section, "") in PART_OF:
            yield section, ""
        else:
            yield from ((section, field) for field in value)


def mixed(before: Organisation, after: Organisation, on: Sequence[Part]) -> dict[str, Any]:
    """Write the organisation that is `after` in the parts that are on, and `before` in the rest."""
    own, other = plain(before), plain(after)
    written: dict[str, Any] = {}
    for section, field in fields(own):
        said = other if part_of(section, field) in on else own
        if field:
            written.setdefault(section, {})[field] = said[section][field]
        else:
            written[section] = said[section]
    return written


def coalitions() -> tuple[tuple[Part, ...], ...]:
    """List what can be switched on together: bit i of a coalition's position is part i."""
    return tuple(
        tuple(part for bit, part in enumerate(PARTS) if number >> bit & 1)
        for number in range(1 << len(PARTS))
    )
