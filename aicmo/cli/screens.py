"""Where a command writes: results to stdout, everything else to stderr."""

from __future__ import annotations

import sys

from rich.console import Console


def output() -> Console:
    """Return stdout: plain when piped or when NO_COLOR is set."""
    _survive_narrow_encodings()
    return Console(highlight=False)


def remarks() -> Console:
    """Return stderr: for progress, errors, and what accompanies a result on stdout."""
    _survive_narrow_encodings()
    return Console(stderr=True, highlight=False)


def _survive_narrow_encodings() -> None:
    """Print a question mark where the terminal cannot print a euro sign, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # a captured stream may not have it
        if reconfigure is not None:
            reconfigure(errors="replace")
