"""The page and the terminal view of operating models say what the comparison of them holds."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console

from aicmo.report import business_case, organisation_tables, organisations
from aicmo.report.comparison_page import comparison_page
from aicmo.report.figures import roll_out
from aicmo.report.page import render
from aicmo.report.pages import write_page
from aicmo.report.scorecard import duration, scorecard
from tests.evaluation.organisations.companies import found
from tests.report.reader import Reader
from tests.report.synthetic import invented


@cache
def written(folder: Path) -> str:
    return write_page(found().save(folder)).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ownership")


def test_the_page_begins_with_the_finding(folder: Path) -> None:
    reader = Reader(written(folder))
    assert reader.open == []
    ids = reader.values("id")
    assert len(ids) == len(set(ids))
    first = found().sentence.split(". ")[0]
    before = reader.text.split(first)[0]
    assert "Who owns the AI" in before  # the list of sections
    assert "Scorecard measures" not in before


def test_beside_a_comparison_no_id_is_used_twice() -> None:
    comparison = invented()
    held = comparison.beside | {"organisations": found().dataset}
    reader = Reader(render(comparison_page(replace(comparison, beside=held))))
    ids = reader.values("id")
    assert len(ids) == len(set(ids))
    assert found().sentence.split(". ")[0] in reader.text


def test_a_terminal_shows_finding_scorecard_plan_and_gaps_in_order() -> None:
    screen = Console(file=io.StringIO(), width=120, no_color=True)
    organisations.show(found(), screen)
    text = screen.file.getvalue()  # type: ignore[attr-defined]  # a StringIO
    places = [
        text.index(part) for part in ("Owned as", "Scorecard", "Capability", "First 90 days", "Fix first")
    ]
    assert places == sorted(places)
    assert text.lstrip().startswith(re.split(r"\s", found().sentence)[0])


def test_spans_of_the_roll_out_follow_each_other() -> None:
    summary = found().summary
    chart = roll_out.chart(summary, found().dataset.sizes["week"])
    assert len(chart.pictures) == 3
    by_row: dict[tuple[object, object], list[tuple[float, float]]] = {}
    for model, capability, _, begins, ends in chart.rows:
        by_row.setdefault((model, capability), []).append((float(begins), float(ends)))
    assert by_row
    for spans in by_row.values():
        assert all(begins <= ends for begins, ends in spans)
        assert all(one[1] == pytest.approx(two[0]) for one, two in pairwise(spans))


def test_tables_hold_every_model_measure_and_gap() -> None:
    summary = found().summary
    assert [row.name for row in organisation_tables.models(summary).rows] == summary["ranking"]
    table = scorecard(summary, summary["leader"])
    assert len(table.rows) == 10
    gaps = organisation_tables.gaps(summary)
    assert gaps is not None
    assert len(gaps.rows) == len(summary["gaps"])
    assert dict(business_case.money_facts(summary))["Investment"].count(",") == 2
    assert organisation_tables.assumptions(summary) is None


def test_a_time_is_said_in_the_unit_of_its_size() -> None:
    assert [duration(days) for days in (3.0, 0.25, 0.01)] == ["3.0 d", "6.0 h", "14 min"]
