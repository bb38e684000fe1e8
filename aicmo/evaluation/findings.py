"""What every evaluation gives back: labelled data, a summary of it, and both as files."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from aicmo.evaluation import results

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class Findings(ABC):
    """Results of an evaluation.

    Attributes
    ----------
    dataset : xarray.Dataset
    """

    file: ClassVar[str]
    """Name of the file that `save` writes."""

    dataset: xr.Dataset

    @property
    @abstractmethod
    def summary(self) -> dict[str, Any]:
        """Numbers with intervals, as `to_json` writes them."""

    def to_json(self, indent: int | None = 2) -> str:
        """Return the summary as JSON text; no NaN ever."""
        return told(self.summary, indent)

    def save(self, directory: str | Path) -> Path:
        """Write the data as netCDF into a directory, which is made where it is missing; return the path."""
        folder = Path(directory)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / self.file
        results.write(self.dataset, path)
        return path


def told(summary: dict[str, Any], indent: int | None = 2) -> str:
    """Write numbers as JSON text; no NaN ever."""
    return json.dumps(summary, indent=indent, allow_nan=False, ensure_ascii=False)
