"""init, validate, schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aicmo.cli import exits
from aicmo.cli.app import app

SMALL = Path(__file__).parents[2] / "scenarios" / "small.yaml"


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_starter_is_valid_and_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert invoke("init", file).exit_code == exits.Exit.DONE
    written = file.read_bytes()
    assert invoke("validate", file).exit_code == exits.Exit.DONE
    file.write_bytes(written + b"# mine\n")
    again = invoke("init", file)
    assert again.exit_code == exits.Exit.INVALID
    assert "nothing was written" in again.output
    assert file.read_bytes() == written + b"# mine\n"


def test_init_starts_from_a_scenario_that_ships(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert invoke("init", "--from", "subscription", file).exit_code == exits.Exit.DONE
    assert file.read_bytes() == (SMALL.parent / "subscription.yaml").read_bytes()
    unknown = invoke("init", "--from", "subscripton", tmp_path / "other.yaml")
    assert unknown.exit_code == exits.Exit.INVALID
    assert "no scenario named 'subscripton' ships. Did you mean 'subscription'?" in unknown.output
    assert not (tmp_path / "other.yaml").exists()


def test_init_into_a_missing_folder_is_a_message(tmp_path: Path) -> None:
    shown = invoke("init", tmp_path / "missing" / "mine.yaml")
    assert shown.exit_code == exits.Exit.INVALID
    assert "No such file or directory" in shown.output


def test_validate_goes_through_all_files_and_prints_each_problem_with_its_place(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(SMALL.read_text(encoding="utf-8").replace("currency:", "curency:"), encoding="utf-8")
    shown = invoke("validate", broken, SMALL, tmp_path / "missing.yaml")
    assert shown.exit_code == exits.Exit.INVALID
    lines = shown.output.splitlines()
    line = 1 + broken.read_text(encoding="utf-8").splitlines().index(
        next(text for text in broken.read_text(encoding="utf-8").splitlines() if text.startswith("curency:"))
    )
    assert any(text.startswith(f"{broken}:{line}:1") for text in lines)
    assert any(text.startswith(f"{SMALL}: valid.") for text in lines)
    assert any("missing.yaml" in text for text in lines)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"a: [", b"- 1\n", b"x: &a [*a]\n"])
def test_no_file_content_gives_a_traceback(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "odd.yaml"
    file.write_bytes(content)
    shown = invoke("validate", file)
    assert shown.exit_code == exits.Exit.INVALID
    assert "odd.yaml" in shown.output


def test_a_folder_is_no_scenario(tmp_path: Path) -> None:
    assert invoke("validate", tmp_path).exit_code == exits.Exit.INVALID


def test_the_schema_is_json(tmp_path: Path) -> None:
    shown = invoke("schema")
    assert shown.exit_code == exits.Exit.DONE
    assert json.loads(shown.stdout)["type"] == "object"
