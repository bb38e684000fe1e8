"""Runs that would not fit are refused with the estimate, before anything is allocated."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicmo.scenario.load import load, loads
from aicmo.scenario.resources import ResourceError, block_size, estimate, machine_memory, require_fits
from tests.scenario.minimal import MINIMAL, broken

RETAILER = load(Path(__file__).parents[2] / "scenarios" / "retailer.yaml")
SMALL = loads(MINIMAL)


def test_a_refusal_says_the_estimate_the_limit_and_what_would_fit() -> None:
    with pytest.raises(ResourceError) as caught:
        require_fits(RETAILER, 1_000_000, memory=2**30)
    need = estimate(RETAILER, 1_000_000)
    fits = 2**30 // estimate(RETAILER, 1).size
    said = str(caught.value)
    assert said.startswith(
        f"36 campaigns × 728 ticks × 1,000,000 replications at once need about {need.size / 2**40:.1f} TiB"
    )
    assert f"more than the 1.0 GiB available. At most {fits} replications at once fit" in said
    assert require_fits(RETAILER, fits, memory=2**30).size <= 2**30


def test_nothing_is_allocated_to_refuse() -> None:
    tracemalloc.start()
    with pytest.raises(ResourceError):
        require_fits(RETAILER, 10**12)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_a_long_fine_horizon_is_read_without_allocating_its_ticks() -> None:
    text = broken(
        ("tick: 1d", "tick: 1h"),
        ("horizon: 26w", "horizon: 2600w"),
        ("[100k, 120k]", "[100k]"),
        ("known: true", "known: false"),
    )
    tracemalloc.start()
    endless = loads(text)
    assert tracemalloc.get_traced_memory()[1] < 20 * 2**20, "an array of all ticks takes more"
    tracemalloc.stop()
    with pytest.raises(ResourceError, match="Not even one replication fits"):
        require_fits(endless, 1, memory=2**27)


@given(st.integers(1, 500), st.integers(1, 16), st.integers(25, 34))
def test_blocks_fit_share_the_work_and_grow_with_memory(
    replications: int, processes: int, power: int
) -> None:
    memory = 2**power
    block = block_size(SMALL, replications, processes, memory)
    busy = min(processes, replications)
    assert 1 <= block <= -(-replications // busy)
    assert estimate(SMALL, block * busy).size <= memory
    assert block_size(SMALL, replications, processes, 2 * memory) >= block


def test_too_many_processes_for_the_memory_are_refused() -> None:
    with pytest.raises(ResourceError, match="8 replications at once"):
        block_size(RETAILER, 64, 8, memory=estimate(RETAILER, 7).size)


def test_keeping_ticks_takes_more_and_the_demo_fits_into_two_gibibytes() -> None:
    assert estimate(RETAILER, 1, keep_ticks=True).size > estimate(RETAILER, 1).size
    assert estimate(RETAILER, 64, keep_ticks=True).size < 2**31
    assert machine_memory() > 2**28
