"""The public face: few names, imported when first used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import aicmo

NAMES = {"allocate", "compare", "load", "simulate", "Curves", "Scenario", "ScenarioError", "Session"}
HEAVY = ("numpy", "numba", "pandas", "xarray", "matplotlib", "simpy", "pydantic", "scipy")


def loaded(code: str) -> set[str]:
    """Which heavy packages a fresh interpreter has imported after `code`."""
    ask = f"{code}\nimport sys; print(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", ask], capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def test_the_promised_names_are_there() -> None:
    assert set(dir(aicmo)) >= NAMES
    for name in aicmo.__all__:
        assert getattr(aicmo, name).__name__ == name


def test_a_name_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(AttributeError, match=r"has no attribute 'simulat'; it has .*simulate"):
        _ = aicmo.simulat


def test_importing_the_package_imports_nothing_heavy() -> None:
    assert loaded("import aicmo; dir(aicmo)") == set()


def test_loading_a_scenario_needs_neither_kernels_nor_figures() -> None:
    code = "import aicmo; aicmo.load('scenarios/small.yaml')"
    assert not loaded(code) & {"numba", "matplotlib", "pandas", "xarray"}


def test_simulating_needs_no_figures() -> None:
    code = "import aicmo; aicmo.simulate(aicmo.load('scenarios/small.yaml'), 'equal_split', replications=1)"
    assert not loaded(code) & {"matplotlib", "pandas", "xarray"}
