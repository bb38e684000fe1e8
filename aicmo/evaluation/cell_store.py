"""Finished cells of a sweep on disk: each a file of its own, under a name that says what was computed."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aicmo.evaluation import results
from aicmo.policies import Policy

if TYPE_CHECKING:
    import xarray as xr


KEPT = "cells"
"""Folder, beside the results file, of the cells that are finished."""


@dataclass(frozen=True)
class Question:
    """What is asked in every cell; numbers depend on nothing else than this and the cell's settings."""

    text: str
    teams: Mapping[str, str | Policy]
    baseline: str
    replications: int
    seed: int

    def key(self, at: Mapping[str, Any]) -> str:
        """Return the name of a cell's file: a hash of all that its numbers depend on."""
        asked = {
            "schema": results.SCHEMA_VERSION,
            "version": version("aicmo"),
            "scenario": self.text,
            "cell": dict(at),
            "teams": [[name, _identity(team)] for name, team in self.teams.items()],
            "baseline": self.baseline,
            "replications": self.replications,
            "seed": self.seed,
        }
        written = json.dumps(asked, sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(written.encode()).hexdigest()[:32]


def _identity(team: str | Policy) -> str:
    """Tell teams apart: by name, or a policy of one's own by its settings and its source."""
    if isinstance(team, str):
        return team
    try:
        return f"{team!r}\n{inspect.getsource(type(team))}"
    except (OSError, TypeError):
        raise ValueError(
            f"the source of {type(team).__name__} cannot be read, so finished cells could not be told from "
            "those of another version of it: put it into a file, or leave `out` away"
        ) from None


@dataclass(frozen=True)
class CellStore:
    """A folder of finished cells."""

    folder: Path

    def load(self, key: str) -> xr.Dataset | None:
        """Return a finished cell; None where it has not been computed."""
        path = self._path(key)
        return results.read(path) if path.exists() else None

    @classmethod
    def within(cls, out: str | Path | None) -> CellStore | None:
        """Return the store inside a folder of results; none where nothing shall be kept."""
        return None if out is None else cls(Path(out) / KEPT)

    def save(self, key: str, data: xr.Dataset) -> None:
        """Keep a finished cell; a kill in between leaves nothing under its name."""
        self.folder.mkdir(parents=True, exist_ok=True)
        results.write(data, self._path(key))

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.nc"
