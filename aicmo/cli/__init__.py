"""The command line: each command a thin call of a public name."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the `aicmo` command."""
    try:
        from aicmo.cli.app import app  # noqa: PLC0415 - Ctrl-C is clean also while this loads

        app()
    except KeyboardInterrupt:
        sys.exit(130)
