"""The page as a browser shows it: quiet, self-contained, legible at any width, open to everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from aicmo.report.claim_page import claim_page
from aicmo.report.comparison_page import comparison_page
from aicmo.report.page import render
from aicmo.report.sweep_page import sweep_page
from tests.report.browsers import EXECUTABLE, MISSING, browser
from tests.report.synthetic import invented
from tests.report.synthetic_cells import claim, sweep

pytestmark = [
    pytest.mark.skipif(EXECUTABLE is None, reason=MISSING),
    pytest.mark.xdist_group("browser"),
]
NASTY = (
    "<script>window.pwned = 1</script>",
    "\"quotes' & <img src=x onerror='window.pwned=1'>",
    "]]> --> </style></svg><b>",
    "قناة \u202egnp.exe\u202c עברית",
    "x" * 300,
    "{{ 7 * 7 }}{% raw %}",
)
WIDTHS = (400, 1400)
LEAST_TEXT = 9.0
"""Height of the smallest text in a picture [CSS pixel]."""


@cache
def full() -> str:
    return render(comparison_page(invented()))


@cache
def bare() -> str:
    return render(comparison_page(invented(bare=True, replications=3)))


@cache
def hostile() -> str:
    teams = {"manual_quarterly": 1.0, NASTY[0]: 1.1, NASTY[1]: 1.05, "clairvoyant": 1.2, "dark": 0.0}
    return render(comparison_page(invented(8, NASTY, teams, scenario=NASTY[1])))


@cache
def when() -> str:
    return render(sweep_page(sweep()))


@cache
def promise() -> str:
    return render(claim_page(claim(NASTY[0])))


PAGES = (full, bare, hostile, when, promise)
Scheme = Literal["light", "dark"]


@dataclass
class Opened:
    """A page in a browser, and what it did that a page should not."""

    page: Page
    noise: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def show(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Return what opens a page with everything unfolded."""
    contexts = []

    def opened(html: str, width: int = 1400, scheme: Scheme = "light") -> Opened:
        file = tmp_path / "page.html"
        file.write_text(html, encoding="utf-8")
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        found = Opened(context.new_page())
        found.page.on("console", lambda message: found.noise.append(f"console: {message.text}"))
        found.page.on("pageerror", lambda error: found.noise.append(f"error: {error}"))
        found.page.on("request", lambda request: found.noise.append(f"request: {request.url[:80]}"))
        found.page.goto(file.as_uri())
        found.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        found.noise.remove(f"request: {file.as_uri()[:80]}")
        return found

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("html", PAGES)
def test_it_asks_for_nothing_and_complains_about_nothing(
    html: Callable[[], str], show: Callable[..., Opened]
) -> None:
    shown = show(html())
    shown.page.wait_for_timeout(100)
    assert shown.noise == []
    assert shown.page.locator("section").count() >= 4


def test_what_a_page_must_not_do_would_be_noticed(show: Callable[..., Opened]) -> None:
    """The checks bite: a request, a word on the console, grey on grey, a line that sticks out."""
    bad = """<!DOCTYPE html><html lang="en"><title>bad</title><main><h1>bad</h1>
        <script>console.log('pwned'); window.pwned = 1</script><img alt="" src="http://192.0.2.1/a.png">
        <p style="color: #ddd; background: #fff">pale</p><p style="width: 3000px">wide</p></main></html>"""
    shown = show(bad)
    shown.page.wait_for_timeout(100)
    assert {word.partition(":")[0] for word in shown.noise} == {"console", "request"}
    assert shown.page.evaluate("document.documentElement.scrollWidth") > 1400
    assert "color-contrast" in {item["id"] for item in Axe().run(shown.page).response["violations"]}


def test_nasty_names_are_text_and_nothing_else(show: Callable[..., Opened]) -> None:
    shown = show(hostile())
    text = shown.page.inner_text("body")
    for name in (NASTY[0], NASTY[1], NASTY[2], NASTY[5]):
        assert name in text
    assert "\u202e" not in text
    assert "قناة" in text
    assert shown.page.evaluate("window.pwned === undefined")
    assert shown.page.locator("script, img, b:not(.items b)").count() == 0


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("html", PAGES)
def test_nothing_sticks_out_sideways(
    html: Callable[[], str], width: int, show: Callable[..., Opened]
) -> None:
    page = show(html(), width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = page.evaluate(
        """() => [...document.querySelectorAll('svg:not(.wide svg), p, h1, h2, h3, pre, dl, .wide')]
            .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
            .map(one => one.outerHTML.slice(0, 80))"""
    )
    assert outside == []


@pytest.mark.parametrize("width", WIDTHS)
def test_text_in_pictures_is_large_enough_to_read(width: int, show: Callable[..., Opened]) -> None:
    page = show(full(), width).page
    heights = page.evaluate(
        "() => [...document.querySelectorAll('svg text')].map(one => one.getBoundingClientRect().height)"
    )
    assert len(heights) > 100
    assert min(heights) >= LEAST_TEXT


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("html", [full, hostile, when, promise])
def test_nobody_is_shut_out(html: Callable[[], str], scheme: Scheme, show: Callable[..., Opened]) -> None:
    """No finding of axe, the usual rules of accessibility, that it calls serious or critical."""
    page = show(html(), 1400, scheme).page
    found = Axe().run(page).response["violations"]
    serious = [
        (item["id"], item["nodes"][0]["html"]) for item in found if item["impact"] in {"serious", "critical"}
    ]
    assert serious == []


def test_numbers_of_a_chart_can_be_saved(show: Callable[..., Opened], tmp_path: Path) -> None:
    page = show(full()).page
    with page.expect_download() as waiting:
        page.locator("figure.budget-by-channel a[download]").click()
    waiting.value.save_as(tmp_path / "saved.csv")
    assert waiting.value.suggested_filename == "budget-by-channel.csv"
    lines = (tmp_path / "saved.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("channel,week,ai_cmo")
    assert len(lines) == 1 + 6 * 52


def test_paper_shows_the_sections_without_what_only_a_screen_can_do(show: Callable[..., Opened]) -> None:
    page = show(full(), scheme="dark").page
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert not page.locator("nav").is_visible()
    assert not page.locator("a[download]").first.is_visible()
    assert page.locator("h2").last.is_visible()
    assert len(page.pdf(format="A4")) > 50_000


def test_links_of_the_contents_lead_to_their_sections(show: Callable[..., Opened]) -> None:
    page = show(full()).page
    for link in page.locator("nav a").all():
        target = (link.get_attribute("href") or "").removeprefix("#")
        assert page.locator(f"h2#{target}").inner_text() == link.inner_text()
