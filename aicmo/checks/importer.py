"""The contract of an importer: `kind`, `sample() -> Path` of a file beside it, `read(path) -> Scenario`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from aicmo.checks.contract import ContractError, require
from aicmo.scenario.schema import Scenario


def own_sample_loads(importer: Any) -> None:
    """Require that the sample that stands beside it becomes a scenario."""
    path = Path(importer.sample())
    require(path.is_file(), f"importer {importer.kind!r}: sample() must be a file that exists, got {path}")
    scenario = importer.read(path)
    right = isinstance(scenario, Scenario)
    require(
        right, f"importer {importer.kind!r}: read() must return a Scenario, got {type(scenario).__name__}"
    )


def broken_copy_raises_with_where(importer: Any) -> None:
    """Require an error that names the file when the sample is cut off in the middle."""
    path = Path(importer.sample())
    with tempfile.TemporaryDirectory() as folder:
        broken = Path(folder) / f"broken{path.suffix}"
        text = path.read_bytes()
        broken.write_bytes(text[: len(text) // 2] + b"\n\x00{[")
        try:
            importer.read(broken)
        except (ValueError, LookupError, OSError) as error:
            named = broken.name in str(error)
            require(
                named,
                f"importer {importer.kind!r}: its error must say where, name {broken.name}, got: {error}",
            )
            return
    raise ContractError(
        f"importer {importer.kind!r}: read a file that breaks off in the middle without an error"
    )
