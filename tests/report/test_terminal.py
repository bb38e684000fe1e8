from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from aicmo.report import tables
from aicmo.report.evidence import Evidence
from aicmo.report.terminal import fitting, show
from tests.report.synthetic import Invented, invented

HOSTILE = "[bold]x[/bold] \x1b[31mred\x07 \u202egnirts"


def printed(comparison: Invented, width: int, *, terminal: bool = False) -> str:
    stream = io.StringIO()
    show(comparison, Console(file=stream, width=width, force_terminal=terminal, highlight=False))
    return stream.getvalue()


@pytest.mark.parametrize("width", [60, 80, 100, 132, 200])
def test_nothing_is_cut_or_wider_than_the_window(width: int) -> None:
    text = printed(invented(), width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert "…\n" not in text, "rich cuts what does not fit with an ellipsis at the end of a cell"


def test_columns_leave_in_the_stated_order_and_are_named() -> None:
    table = tables.ranking(Evidence(invented()))
    offered = [index for index, heading in enumerate(table.headings) if heading.detail != "page"]
    assert fitting(table, "Team", 1000) == offered
    before = offered
    for width in range(300, 0, -1):
        columns = fitting(table, "Team", width)
        assert set(columns) <= set(before)
        gone = [table.headings[index].rank for index in before if index not in columns]
        assert not gone or min(gone) >= max(table.headings[index].rank for index in columns)
        before = columns
    assert len(before) == 1, "the most important column stays, whatever the window"
    text = " ".join(printed(invented(), 60).split())
    assert "In a wider window also: Spend (total), Incremental gross profit (total), iROAS (ratio)" in text


@pytest.mark.parametrize("width", [60, 80, 120, 160])
def test_a_number_is_never_broken(width: int) -> None:
    table = tables.ranking(Evidence(invented()))
    lines = printed(invented(), width).splitlines()
    for index in fitting(table, "Team", width):
        for row in table.rows:
            assert any(row.cells[index].value in line for line in lines), row.cells[index]


def test_a_pipe_receives_plain_text_and_the_finding_comes_last() -> None:
    comparison = invented()
    text = printed(comparison, 80)
    assert "\x1b" not in text
    assert text.rstrip().endswith(comparison.sentence)


def test_hostile_names_neither_steer_the_terminal_nor_become_markup() -> None:
    text = printed(
        invented(teams={"manual_quarterly": 1.0, "ai_cmo": 1.1, HOSTILE: 1.05, "dark": 0.0}),
        200,
        terminal=True,
    )
    assert "\x1b[31m" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert "[bold]x[/bold]" in text.replace("\n", "")


def test_an_undefined_metric_is_a_dash_with_its_reason_below() -> None:
    text = printed(invented(), 200)
    dark = next(line for line in text.splitlines() if line.startswith("dark"))
    assert "–" in dark
    assert "–: ROI at zero spend is undefined" in text


def test_a_team_that_breaks_guardrails_is_named() -> None:
    comparison = invented()
    comparison.summary["teams"]["ai_cmo"]["violations"] = 2.0
    assert "ai_cmo broke guardrails 2 times per world" in printed(comparison, 80)


def test_references_that_pay_nobody_are_named() -> None:
    assert "clairvoyant and dark: no team costs are counted" in printed(invented(), 200)
