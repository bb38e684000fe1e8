"""Elasticities measured in the simulated markets that ship, next to published ones; `-s` prints the table.

Short run: orders within four weeks of 1 % more money. Long run: orders of the last quarter, a year later.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from aicmo.scenario.load import load
from tests.market.economics import Economics

ROOT = Path(__file__).parents[2] / "scenarios"
NAMES = [file.stem for file in sorted(ROOT.glob("*.yaml"))]
WITHOUT_CUSTOMERS = [name for name in NAMES if name not in {"subscription", "app_launch"}]
"""Where repeat orders of customers are most of all orders, four weeks of advertising move few of them."""


@cache
def economics(name: str) -> Economics:
    return Economics(load(ROOT / f"{name}.yaml"))


@cache
def whole(name: str) -> tuple[float, float]:
    """Short-run and long-run elasticity to the whole budget."""
    market = economics(name)
    return market.short_run(market.everything), market.long_run(market.everything)


def of_channel(name: str, channel: str) -> tuple[float, float]:
    market = economics(name)
    chosen = market.channel(channel)
    return market.short_run(chosen), market.long_run(chosen)


def with_channel(channel: str) -> list[str]:
    return [
        name for name in NAMES if channel in {k.name for k in load(ROOT / f"{name}.yaml").market.channels}
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_further_unit_of_money_returns_about_itself_at_the_best_split(name: str) -> None:
    """Leadership sized every budget about right, a year of run-off counted: what is left is the split."""
    market = economics(name)
    further, average = market.further_unit(), market.average()
    short, long = whole(name)
    print(
        f"\n{name:18} spend {market.spend / 1e6:6.2f}M = {market.share_of_revenue():6.1%} of revenue; "
        f"further unit {further:.2f}, average {average:.2f}; elasticity {short:.3f} short, {long:.3f} long"
    )
    assert 0.8 <= further <= 1.2
    assert average > further, "returns diminish"


def test_short_run_elasticities_are_those_of_the_literature() -> None:
    """Mean .12 over 751 estimates (Sethuraman, Tellis & Briesch 2011); each within a third and twice it."""
    found = [whole(name)[0] for name in WITHOUT_CUSTOMERS]
    assert np.mean(found) == pytest.approx(0.12, abs=0.03)
    assert all(0.04 <= elasticity <= 0.24 for elasticity in found)


def test_long_run_elasticities_lie_between_the_short_run_and_the_published_mean() -> None:
    """Mean .24 over 402 estimates (same source), of brands in stores; the markets here are mostly direct.

    Where brand or customers carry over, the long run is clearly above the short run.
    """
    found = {name: whole(name)[1] for name in NAMES}
    assert 0.12 <= np.mean(list(found.values())) <= 0.24
    assert all(elasticity <= 0.36 for elasticity in found.values())
    for name in ("tv_brand", "competitor_entry", "subscription", "app_launch"):
        assert found[name] > 1.25 * whole(name)[0]


@pytest.mark.parametrize("name", with_channel("tv"))
def test_television_moves_orders_by_a_hundredth_to_a_twentieth(name: str) -> None:
    """Mean .023 (Shapiro, Hitsch & Tuchman 2021); about twice in the long run (Wood & Poltrack 2015)."""
    short, long = of_channel(name, "tv")
    print(f"\n{name:18} television {short:.3f} short, {long:.3f} long")
    assert 0.005 <= short <= long <= 0.05
    assert long >= 1.5 * short, "carry-over and brand come later"


@pytest.mark.parametrize("name", with_channel("search_brand"))
def test_brand_search_brings_next_to_nothing_and_claims_much(name: str) -> None:
    """No measurable effect in one large experiment (Blake, Nosko & Tadelis 2015)."""
    short, _ = of_channel(name, "search_brand")
    assert abs(short) <= 0.002
    channels = load(ROOT / f"{name}.yaml").market.channels
    claims = {channel.name: channel.overclaim for channel in channels}
    assert claims["search_brand"] == max(claims.values())
