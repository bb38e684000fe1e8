"""Where findings go: a file of their own and, where asked, into the results file of a comparison."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from aicmo.evaluation.findings import Findings
    from aicmo.scenario.schema import Scenario


def addable(into: Path | None, scenario: Scenario, seed: int) -> None:
    """Refuse now, not after the work, a results file that findings about this scenario cannot stand in.

    Raises
    ------
    ResultsError
        If it is none, or one of another scenario, seed or version.
    """
    from aicmo.evaluation.attachments import require_comparison  # noqa: PLC0415 - --help waits for nothing

    if into is not None:
        require_comparison(into, scenario, seed)


def deliver(found: Findings, target: Path, into: Path | None, screen: Console) -> None:
    """Save findings, put them into the results file that was named, and say where they are."""
    from aicmo.evaluation.attachments import attach  # noqa: PLC0415 - --help waits for nothing

    path = found.save(target)
    screen.print(Text(f"\nResults: {path}"), soft_wrap=True)
    if into is not None:
        attach(into, path.stem, found.dataset)
        screen.print(Text(f"Added to {into}: aicmo report {into} shows it"), soft_wrap=True)
