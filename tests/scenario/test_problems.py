"""A corpus of broken files: each problem has its line, column, path and sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from aicmo.scenario.load import load, loads
from aicmo.scenario.problems import SHOWN, ScenarioError
from tests.scenario.minimal import MINIMAL, broken

CORPUS = YAML(typ="safe", pure=True).load(Path(__file__).with_name("broken.yaml"))


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case["case"])
def test_each_problem_has_its_place_path_and_sentence(case: dict[str, Any]) -> None:
    text = broken((case["replace"], case["by"]))
    with pytest.raises(ScenarioError) as caught:
        loads(text, "file.yaml")
    said = {str(problem).split("\n")[0]: problem for problem in caught.value.problems}
    matching = [problem for line, problem in said.items() if line.startswith(f"file.yaml:{case['problem']}")]
    assert len(matching) == 1, str(caught.value)
    assert len(said) == 1 or case.get("further"), str(caught.value)
    _, line, pointer = str(matching[0]).split("\n")
    place = matching[0].place
    assert place is not None
    meant = text.split("\n")[place.line - 1].replace("\t", " ")[place.column - 1 :][: place.width]
    assert line[pointer.index("^") :].startswith(meant)


def test_the_minimal_scenario_is_valid() -> None:
    assert loads(MINIMAL).name == "Minimal"


def test_all_problems_are_reported_together_in_the_order_of_the_file() -> None:
    text = broken(
        ("EUR", "EURO"),
        ("tick: 1d", "tick: 7h"),
        ("half_life: 10d", "half_live: 10d"),
        ("kind: hill", "kind: hil"),
        ("segment: old", "segment: odl"),
        ("kind: budget", "kind: bugdet"),
        ("preset: ai_cmo", "preset: ai_cm"),
    )
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    paths = [problem.path for problem in caught.value.problems]
    assert paths == [
        "currency",
        "calendar.tick",
        "market.channels[1].half_life",
        "market.channels[1].half_live",
        "market.campaigns[0].curve.kind",
        "market.campaigns[2].segment",
        "guardrails[0].kind",
        "teams.patient.preset",
    ]


def test_checks_between_sections_run_beside_errors_in_others() -> None:
    text = broken(("margin: 0.4", "margin: 4"), ("[100k, 120k]", "[1, 2, 3]"), ("latency: 1d", "latency: 1h"))
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    paths = [problem.path for problem in caught.value.problems]
    assert paths[:2] == ["budget.periods", "market.segments[0].margin"]
    assert "measurement.latency" in paths


def test_a_flood_of_problems_is_capped_but_counted() -> None:
    rows = "\n".join(
        f"    - {{name: s{i}, base_orders: -1, order_value: 1, margin: 0.1}}" for i in range(200)
    )
    with pytest.raises(ScenarioError) as caught:
        loads(broken(("  channels:\n", f"{rows}\n  channels:\n")))
    assert len(caught.value.problems) == 200
    assert str(caught.value).count("expected a number of at least 0") == SHOWN
    assert str(caught.value).endswith(f"… and {200 - SHOWN} more.")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"# only a comment\n", "expected a mapping of fields"),
        (b"\xff\xfe\x00", "expected text in UTF-8, got byte 0xff on line 1"),
        (b"name: caf\xe9\n", "expected text in UTF-8, got byte 0xe9 on line 1"),
        (b"- schema: 1\n", "expected a mapping of fields that begins with 'schema: 1', got a list"),
        (b"just text\n", "got 'just text'"),
        (b"name: \x07bell\n", "not readable as YAML"),
        (b"x" * 2_000_000, "expected at most 1,048,576 bytes"),
    ],
)
def test_what_is_no_scenario_at_all(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "file.yaml"
    file.write_bytes(content)
    with pytest.raises(ScenarioError, match=str(file)) as caught:
        load(file)
    assert said in str(caught.value)


def test_missing_files_and_folders_are_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"none\.yaml: cannot be read: No such file"):
        load(tmp_path / "none.yaml")
    with pytest.raises(ScenarioError, match="cannot be read: Is a directory"):
        load(tmp_path)


def test_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    file = tmp_path / "windows.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    assert load(file) == load_text(file)


def load_text(file: Path) -> object:
    return loads(file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))


def test_text_is_kept_as_written_and_dates_numbers_and_words_are_what_they_seem() -> None:
    scenario = loads(broken(("name: Minimal", 'name: "on"')))
    assert scenario.name == "on"
    assert scenario.market.events[0].start == "2025-03-01"
    assert scenario.calendar.tick == 1440
    assert scenario.budget.periods == (100_000.0, 120_000.0)
