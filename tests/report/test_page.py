from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest

from aicmo.report.canvas import svg
from aicmo.report.comparison_page import comparison_page
from aicmo.report.page import render as render_page
from tests.report.reader import Reader
from tests.report.synthetic import CHANNELS, Invented, invented

HOSTILE = '</title><script>alert("1")</script>&amp; $\\frac{1}$ \x1b[31m 日本語 _x'


def render(comparison: Invented) -> str:
    return render_page(comparison_page(comparison))


@cache
def page() -> str:
    return render(invented())


@cache
def hostile_page() -> str:
    return render(
        invented(
            channels=(HOSTILE, "_hidden", "a" * 300, *(f"channel {i}" for i in range(8))),
            teams={"manual_quarterly": 1.0, HOSTILE: 1.1, "clairvoyant": 1.2, "dark": 0.0},
            scenario=HOSTILE,
            replications=3,
        )
    )


@pytest.mark.parametrize("html", [page, hostile_page])
def test_every_element_that_opens_closes_and_every_id_is_unique(html: Any) -> None:
    reader = Reader(html())
    ids = reader.values("id")
    assert reader.open == []
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("html", [page, hostile_page])
def test_the_page_needs_nothing_from_outside(html: Any) -> None:
    reader = Reader(html())
    addresses = [
        *reader.values("href"),
        *reader.values("src"),
        *reader.values("xlink:href"),
        *reader.values("action"),
    ]
    assert all(address.startswith(("#", "data:text/")) for address in addresses)
    assert not re.search(r"url\((?!#)|@import", html())
    assert not {"script", "iframe", "object", "embed", "link", "img"} & {tag for tag, _ in reader.tags}
    assert len(html().encode()) < 6e6


def test_every_local_reference_has_its_target() -> None:
    reader = Reader(page())
    wanted = [value[1:] for value in reader.values("xlink:href") if value.startswith("#")]
    wanted += re.findall(r"url\(#([^)]+)\)", page())
    assert wanted
    assert set(wanted) <= set(reader.values("id"))


def test_hostile_names_are_shown_as_text() -> None:
    reader = Reader(hostile_page())
    assert (
        '</title><script>alert("1")</script>&amp; $\\frac{1}$ \N{REPLACEMENT CHARACTER}[31m 日本語 _x'
        in reader.text
    )
    assert "\x1b" not in hostile_page()


def test_colours_follow_the_theme_and_no_stand_in_is_left() -> None:
    assert "var(--text" in page()
    assert "#01010" not in page()
    assert "prefers-color-scheme: dark" in page()


def test_the_page_shows_the_numbers_of_the_json() -> None:
    comparison = invented()
    reader = Reader(page())
    team = comparison.summary["teams"]["ai_cmo"]
    assert comparison.sentence in reader.text
    assert f"{team['uplift']['contribution_relative']['mean']:+.1%}" in reader.text
    assert f"{team['roi']['mean']:.1%}" in reader.text
    assert f"{team['uplift']['p_better']['share']:.0%}" in reader.text


def test_the_numbers_of_each_chart_can_be_saved_and_are_those_of_the_comparison() -> None:
    comparison = invented()
    tables = Reader(page()).numbers()
    roi = {row[0]: float(row[1]) for row in tables["roi-by-team.csv"][1:]}
    assert roi["ai_cmo"] == comparison.summary["teams"]["ai_cmo"]["roi"]["mean"]
    assert "dark" not in roi
    gains = [float(row[1]) for row in tables["uplift.csv"][1:]]
    assert sum(gains) / len(gains) == pytest.approx(
        comparison.summary["teams"]["ai_cmo"]["uplift"]["contribution"]["mean"]
    )
    weekly = [row for row in tables["budget-by-channel.csv"][1:] if row[0] == "search"]
    assert len(weekly) == 52
    assert sum(float(row[2]) for row in weekly) == pytest.approx(
        float(
            comparison.dataset["weekly_spend"].sel(team="ai_cmo", channel="search").mean("replication").sum()
        )
    )


def test_each_channel_has_one_panel_and_the_file_is_folded_in() -> None:
    panels = page().partition('class="budget-by-channel"')[2].partition("</figure>")[0]
    assert panels.count('class="picture"') == len(CHANNELS)
    assert "name: retailer" in Reader(page()).text


def test_the_same_comparison_gives_the_same_page() -> None:
    assert render(invented()) == page()


@pytest.mark.parametrize("replications", [1, 2])
def test_few_worlds_make_a_page_too(replications: int) -> None:
    assert "</html>" in render(invented(replications=replications))


def test_a_comparison_without_a_challenger_makes_a_page_too() -> None:
    text = Reader(render(invented(teams={"manual_quarterly": 1.0, "clairvoyant": 1.1, "dark": 0.0}))).text
    assert "manual_quarterly" in text


def test_a_return_without_an_interval_is_a_dot_with_a_remark() -> None:
    comparison = invented(replications=1)
    roi = comparison.summary["teams"]["ai_cmo"]["roi"]
    roi.update(low=None, high=None, reason="one replication has no interval")
    text = Reader(render(comparison)).text
    assert f"{roi['mean']:.1%}*" in text
    assert "*: one replication has no interval" in text


def test_undefined_uplift_is_told_not_drawn() -> None:
    comparison = invented()
    none = {"mean": None, "low": None, "high": None, "level": 0.9, "reason": "one world has no interval"}
    comparison.summary["teams"]["ai_cmo"]["uplift"]["contribution"] = none
    assert "one world has no interval" in Reader(render(comparison)).text
    assert json.dumps(comparison.summary, allow_nan=False)


def test_a_dollar_in_a_name_is_a_dollar() -> None:
    picture = svg(lambda figure: figure.text(0.5, 0.5, "$\\frac{1}{$"), "dollar", "a price", (100, 50))
    assert "$\\frac{1}{$" in picture
