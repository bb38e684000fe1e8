"""The chain of a journal: whatever is done to the file afterwards is found, at its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from aicmo.cli import exits
from aicmo.cli.app import app
from aicmo.report.chain import audit, write

ENTRIES = [
    {"kind": "decision", "tick": tick, "rate": [1.5, 0.1 * tick], "words": "€9k → TV"} for tick in range(5)
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "journal.jsonl"
    write(path, ENTRIES)
    return path


def test_what_was_written_is_sound_and_has_the_head_that_was_told(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    told = write(path, ENTRIES)
    assert audit(path) == told
    assert told.sound
    assert told.lines == len(ENTRIES) + 1
    assert [json.loads(line)["entry"] for line in path.read_text(encoding="utf-8").splitlines()][
        :-1
    ] == ENTRIES


@given(
    st.lists(
        st.dictionaries(st.text(), VALUES, max_size=4).filter(lambda e: e.get("kind") != "closing"),
        max_size=4,
    )
)
def test_anything_that_json_can_say_survives(
    tmp_path_factory: pytest.TempPathFactory, entries: list[Any]
) -> None:
    path = tmp_path_factory.mktemp("chain") / "journal.jsonl"
    write(path, entries)
    assert audit(path).sound
    assert audit(path).lines == len(entries) + 1


@given(where=st.integers(min_value=0), bit=st.integers(0, 7))
def test_no_single_bit_can_change_unseen(
    tmp_path_factory: pytest.TempPathFactory, where: int, bit: int
) -> None:
    path = tmp_path_factory.mktemp("chain") / "journal.jsonl"
    write(path, ENTRIES)
    data = bytearray(path.read_bytes())
    where %= len(data)
    line = data[:where].count(b"\n")
    data[where] ^= 1 << bit
    path.write_bytes(data)
    verdict = audit(path)
    assert not verdict.sound
    assert (
        verdict.lines in {line, line - 1} or verdict.lines == line
    )  # a broken line end may spoil its own line


def rewritten(path: Path, lines: list[str]) -> Path:
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    return path


@pytest.mark.parametrize(
    ("spoil", "bad"),
    [
        (lambda lines: lines[:2] + lines[3:], 3),  # one taken out
        (lambda lines: [lines[1], lines[0], *lines[2:]], 1),  # two exchanged
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], 4),  # one doubled
        (lambda lines: lines[:-1], 6),  # the end cut off
        (lambda lines: [*lines, lines[-1]], 7),  # something added
        (lambda lines: [line.replace(":", ": ") for line in lines], 1),  # another form of the same content
        (lambda _: [], 1),
        (lambda _: ["{}\n"], 1),
        (lambda _: ["[" * 100_000 + "\n"], 1),
    ],
)
def test_lines_cannot_be_taken_out_exchanged_doubled_or_added(journal: Path, spoil: Any, bad: int) -> None:
    verdict = audit(rewritten(journal, spoil(journal.read_text(encoding="utf-8").splitlines(keepends=True))))
    assert not verdict.sound
    assert verdict.lines + 1 == bad


def test_the_command_says_sound_or_the_first_bad_line(journal: Path) -> None:
    sound = CliRunner().invoke(app, ["audit", str(journal)])
    assert sound.exit_code == exits.Exit.DONE
    assert "sound. 6 lines" in sound.output
    rewritten(journal, journal.read_text(encoding="utf-8").replace("€9k", "€8k", 1).splitlines(keepends=True))
    broken = CliRunner().invoke(app, ["audit", str(journal)])
    assert broken.exit_code == exits.Exit.NO
    assert f"{journal}:1: broken" in broken.output.replace("\n", "")
    assert CliRunner().invoke(app, ["audit", str(journal) + "x"]).exit_code == exits.Exit.INVALID
