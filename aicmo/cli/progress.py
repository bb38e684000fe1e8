"""A bar that shows worlds coming in and the interval narrowing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from aicmo.cli import screens

if TYPE_CHECKING:
    from aicmo.core.estimate import Estimate

Advance = Callable[[int, int, "Estimate | None"], None]


@contextmanager
def worlds(total: int, currency: str) -> Iterator[Advance]:
    """Show progress on stderr while the block runs, if anybody is looking."""
    screen = screens.remarks()
    columns = (
        TextColumn("worlds"),
        MofNCompleteColumn(),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn("{task.fields[found]}"),
    )
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("worlds", total=total, found="")

        def advance(done: int, total: int, estimate: Estimate | None) -> None:
            bar.update(task, completed=done, total=total, found=spelled(estimate, currency))

        yield advance


def spelled(estimate: Estimate | None, currency: str) -> str:
    """Write the uplift in contribution so far, with its interval once there is one.

    >>> from aicmo.core.estimate import Estimate
    >>> spelled(Estimate(42e3, 11e3, 73e3, level=0.9), "EUR")
    'uplift +€42k (90%: +€11k … +€73k)'
    """
    from aicmo.report.money import money  # noqa: PLC0415 - --help waits for nothing

    if estimate is None or estimate.mean is None:
        return ""
    gain = partial(money, currency=currency, signed=True)
    if estimate.low is None or estimate.high is None:
        return f"uplift {gain(estimate.mean)}"
    return (
        f"uplift {gain(estimate.mean)} ({estimate.level:.0%}: {gain(estimate.low)} … {gain(estimate.high)})"
    )
