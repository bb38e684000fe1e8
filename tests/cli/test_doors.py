"""How the command answers before any scenario is read, and how any command ends."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aicmo.cli import exits
from aicmo.cli.app import app

HEAVY = (
    "numpy",
    "matplotlib",
    "numba",
    "pandas",
    "xarray",
    "scipy",
    "simpy",
    "joblib",
    "babel",
    "jinja2",
)
COMMANDS = (
    "init",
    "validate",
    "schema",
    "compare",
    "run",
    "check",
    "allocate",
    "audit",
    "guardrails",
    "report",
)


def imported(arguments: list[str]) -> set[str]:
    """Names of the top-level packages that a command has loaded when it ends."""
    code = (
        "import sys\n"
        "from aicmo.cli import main\n"
        f"sys.argv = ['aicmo', *{arguments!r}]\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    assert end.code == 0, end.code\n"
        "print('loaded:', *{name.partition('.')[0] for name in sys.modules})\n"
    )
    done = subprocess.run(  # noqa: S603 - the interpreter that runs this test
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return set(done.stdout.rpartition("loaded:")[2].split())


@pytest.mark.parametrize(
    "arguments", [["--help"], ["compare", "--help"], ["allocate", "--help"], ["--version"]]
)
def test_help_answers_without_the_heavy_libraries(arguments: list[str]) -> None:
    assert not imported(arguments) & set(HEAVY)


def test_help_lists_every_command() -> None:
    shown = CliRunner().invoke(app, ["--help"])
    assert shown.exit_code == 0
    assert all(command in shown.output for command in COMMANDS)


@pytest.mark.parametrize("arguments", [["nosuch"], ["compare"], ["compare", "x.yaml", "--replications", "0"]])
def test_wrong_usage_is_invalid_input(arguments: list[str]) -> None:
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == exits.Exit.INVALID
    assert "Traceback" not in shown.output


@pytest.mark.parametrize("name", exits.CODES)
def test_every_error_that_has_a_code_exists(name: str) -> None:
    module, _, kind = name.rpartition(".")
    assert issubclass(getattr(importlib.import_module(module), kind), Exception)


def test_a_defect_of_the_program_has_no_code() -> None:
    assert exits.code_of(ZeroDivisionError()) is None


def test_messages_name_the_file_and_do_not_quote_themselves() -> None:
    assert (
        exits.message_of(FileNotFoundError(2, "No such file or directory", "a.yaml"))
        == "a.yaml: No such file or directory"
    )
    assert exits.message_of(KeyError("no team named 'x'")) == "no team named 'x'"


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_results_cannot_go_into_a_file(tmp_path: Path, inside: str) -> None:
    file = tmp_path / "taken"
    file.write_text("mine", encoding="utf-8")
    shown = CliRunner().invoke(app, ["run", "scenarios/small.yaml", "--out", str(file / inside)])
    assert shown.exit_code == exits.Exit.INVALID
    assert "expected a folder" in shown.output
    assert file.read_text(encoding="utf-8") == "mine"
