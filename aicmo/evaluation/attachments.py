"""Findings that stand beside a comparison in its results file: a netCDF group each, named by its command."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py

from aicmo.evaluation.results import ResultsError, provenance, read, write
from aicmo.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

SAME = ("scenario_hash", "seed", "version")
"""What a finding must share with the comparison that it stands beside: the same worlds, simulated alike."""


def attached(path: Path) -> dict[str, xr.Dataset]:
    """Load what stands beside the comparison in a results file, by name.

    Raises
    ------
    ResultsError
        If the file cannot be read.
    """
    import xarray as xr  # noqa: PLC0415 - slow to import, and `--help` must answer at once

    try:
        with h5py.File(path) as file:
            names = [name for name, item in file.items() if isinstance(item, h5py.Group)]
        return {name: xr.load_dataset(path, group=name, engine="h5netcdf") for name in names}
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path}: not a results file (netCDF-4) of `aicmo compare`: {error}") from error


def attach(path: Path, name: str, data: xr.Dataset) -> None:
    """Put a finding beside the comparison in a results file, in place of an earlier one of that name.

    Raises
    ------
    ResultsError
        If the file holds no comparison, or one of another scenario, seed or version.
    """
    require_same(path, data.attrs)
    write(read(path), path, attached(path) | {name: data})


def require_comparison(path: Path, scenario: Scenario, seed: int) -> None:
    """Refuse, before any work, a file that findings about this scenario and seed cannot stand in.

    Raises
    ------
    ResultsError
        As `attach`.
    """
    require_same(path, provenance(scenario, 1, seed))


def require_same(path: Path, about: Mapping[str, Any]) -> None:
    """Refuse a file whose comparison is about something else than `about` says.

    Raises
    ------
    ResultsError
        As `attach`.
    """
    data = read(path)
    if "cell" in data.dims:
        raise ResultsError(f"{path}: expected results of `aicmo compare`, got {data.attrs['created_by']}.")
    for key in SAME:
        if data.attrs[key] != about[key]:
            raise ResultsError(
                f"{path}: expected results of {key} {about[key]}, got {data.attrs[key]}: a finding stands "
                "beside a comparison of the same scenario, seed and version. Run compare again."
            )
