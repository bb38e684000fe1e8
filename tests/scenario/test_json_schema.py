"""The JSON Schema: committed in sync, valid itself, and agreeing with the loader on what is a scenario."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from aicmo.scenario.json_schema import json_schema
from aicmo.scenario.source import Source
from aicmo.scenario.starter import STARTER
from aicmo.scenario.tree import parse
from tests.scenario.minimal import MINIMAL, broken

ROOT = Path(__file__).parents[2] / "scenarios"
SCHEMA = json_schema()
CHECK = Draft202012Validator(SCHEMA)


def plain(text: str) -> Any:
    """The text as an editor sees it: lists where the loader has tuples."""
    return json.loads(json.dumps(parse(Source("text", text)).value))


def test_the_committed_schema_is_the_current_one() -> None:
    committed = json.loads((ROOT / "schema.json").read_text(encoding="utf-8"))
    assert committed == SCHEMA, "run `aicmo schema > scenarios/schema.json`"


def test_it_is_a_schema_of_draft_2020_12() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("file", sorted(ROOT.glob("*.yaml")), ids=lambda file: file.stem)
def test_every_shipped_scenario_satisfies_it(file: Path) -> None:
    assert not list(CHECK.iter_errors(plain(file.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("text", [MINIMAL, STARTER], ids=["minimal", "starter"])
def test_texts_satisfy_it(text: str) -> None:
    assert not list(CHECK.iter_errors(plain(text)))


@pytest.mark.parametrize(
    "edit",
    [
        ("schema: 1", "schema: 2"),
        ("tick: 1d", "tick: 1"),
        ("100k", "100 kilo"),
        ("margin: 0.4", "margin: 1.4"),
        ("half_life: 10d", "half_live: 10d"),
        ("kind: hill", "kind: hil"),
        ("kind: budget", "kind: bugdet"),
        ("corridor: 2", "corrido: 2"),
        ("known: true", "known: yes"),
        ("cadence: 4w", "cadense: 4w"),
    ],
)
def test_it_refuses_what_the_loader_refuses_within_a_field(edit: tuple[str, str]) -> None:
    assert list(CHECK.iter_errors(plain(broken(edit))))


def test_fields_are_described_so_that_editors_explain_them() -> None:
    undescribed = [
        f"{name}.{field}"
        for name, definition in SCHEMA["$defs"].items()
        for field, schema in definition.get("properties", {}).items()
        if field not in {"name", "kind"} and not schema.get("description")
    ]
    assert undescribed == []
