"""A run as labelled data: every declared field of its ledger, ready for xarray users."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import numpy as np
import xarray as xr

from aicmo.messages import MINUTES_PER_DAY, Brief
from aicmo.simulation import Run
from aicmo.simulation.organisation import EXPENSES

DIMENSIONS = {
    "T": "tick", "R": "replication", "C": "campaign", "S": "segment", "K": "channel", "E": "expense",
}  # fmt: skip
COMPRESSED = {"zlib": True, "complevel": 1}


def dataset(run: Run) -> xr.Dataset:
    """Label the ledger of `run`: dates and budget periods by tick, names by campaign and segment."""
    ledger, brief = run.ledger, run.ledger.brief
    variables = {
        field.name: (
            tuple(DIMENSIONS[axis] for axis in ledger.axes(field.name)),
            ledger[field.name],
            {"units": field.unit, "long_name": field.meaning},
        )
        for field in ledger.fields
    }
    return xr.Dataset(variables, _coordinates(brief), _attributes(run))


def save(run: Run, path: Path) -> None:
    """Write the ledger as netCDF."""
    labelled = dataset(run)
    encoding = {str(name): COMPRESSED for name in labelled.data_vars}
    labelled.to_netcdf(path, engine="h5netcdf", encoding=encoding)


def _coordinates(brief: Brief) -> dict[str, tuple[str, np.ndarray]]:
    minutes = np.arange(brief.ticks) * brief.tick_minutes
    channels, segments = np.array(brief.channels), np.array(brief.segments)
    return {
        "campaign": ("campaign", np.array(brief.campaigns)),
        "campaign_channel": ("campaign", channels[brief.channel]),
        "channel": ("channel", channels),
        "campaign_segment": ("campaign", segments[brief.segment]),
        "order_value": ("campaign", brief.value / brief.margin),
        "segment": ("segment", segments),
        "expense": ("expense", np.array(EXPENSES)),
        "time": ("tick", np.datetime64(brief.start, "s") + minutes * np.timedelta64(60, "s")),
        "days": ("tick", minutes / MINUTES_PER_DAY),
        "period": ("tick", np.array([brief.period_at(tick).name for tick in range(brief.ticks)])),
    }


def _attributes(run: Run) -> dict[str, str | int]:
    return {
        "schema_version": 1,
        "scenario": run.scenario.name,
        "team": run.team,
        "seed": run.seed,
        "currency": run.ledger.brief.currency,
        "version": version("aicmo"),
        "created_by": "aicmo run",
    }
