"""`aicmo report`: a page from a results file alone; what is no results file gets a sentence."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import xarray as xr
from typer.testing import CliRunner

from aicmo.cli import exits
from aicmo.cli.app import app
from aicmo.evaluation import results
from aicmo.report.comparison import Comparison
from tests.evaluation.comparisons import few


def test_the_page_of_a_file_is_the_page_that_compare_writes(tmp_path: Path) -> None:
    path = Comparison(few().dataset, few().beside).save(tmp_path)
    written = (tmp_path / "report.html").read_bytes()
    shown = CliRunner().invoke(app, ["report", str(path), "--out", str(tmp_path / "again.html")])
    assert shown.exit_code == exits.Exit.DONE, shown.output
    assert (tmp_path / "again.html").read_bytes() == written
    (tmp_path / "report.html").unlink()
    assert CliRunner().invoke(app, ["report", str(path)]).exit_code == exits.Exit.DONE
    assert (tmp_path / "report.html").read_bytes() == written


def test_the_picture_stands_alone_and_follows_the_theme(tmp_path: Path) -> None:
    path = few().save(tmp_path)
    shown = CliRunner().invoke(app, ["report", str(path), "--picture", str(tmp_path / "result.svg")])
    assert shown.exit_code == exits.Exit.DONE, shown.output
    drawn = (tmp_path / "result.svg").read_text(encoding="utf-8")
    root = ET.fromstring(drawn)  # noqa: S314 - written a moment ago
    assert root.tag.endswith("}svg")
    assert "prefers-color-scheme: dark" in "".join(root.itertext())
    assert any("equal_split" in text for text in root.itertext())
    assert "var(--text" in drawn
    assert "#010101" not in drawn


def damaged(tmp_path: Path, how: str) -> Path:
    path = few().save(tmp_path)
    content = path.read_bytes()
    if how == "missing":
        path.unlink()
    elif how == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "text":
        path.write_text("schema: 1\n")
    elif how == "another program's":
        xr.Dataset({"x": ("y", [1.0])}).to_netcdf(path, engine="h5netcdf")
    elif how == "of a command without a page":
        results.write(few().dataset.assign_attrs(created_by="aicmo dance"), path)
    elif how == "without variables":
        results.write(few().dataset.drop_vars(["weekly_spend"]), path)
    return path


@pytest.mark.parametrize(
    "how",
    [
        "missing",
        "cut",
        "empty",
        "text",
        "another program's",
        "of a command without a page",
        "without variables",
    ],
)
def test_a_bad_file_is_a_sentence_and_invalid_input(tmp_path: Path, how: str) -> None:
    path = damaged(tmp_path, how)
    shown = CliRunner().invoke(app, ["report", str(path)])
    assert shown.exit_code == exits.Exit.INVALID, shown.output
    assert str(path) in shown.output
    assert "Traceback" not in shown.output
    assert not (tmp_path / "report.html").exists()


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    path = few().save(tmp_path)
    shown = CliRunner().invoke(app, ["report", str(path), "--out", str(tmp_path / "none" / "page.html")])
    assert shown.exit_code == exits.Exit.INVALID
    assert "No such file" in shown.output
