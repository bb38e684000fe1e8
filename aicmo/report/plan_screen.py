"""A plan in a terminal: the finding, the change table, and what its limits cost."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from aicmo.report import prices
from aicmo.report.change_table import change_table
from aicmo.report.plan import Reallocation
from aicmo.report.terminal import show_table


def show(change: Reallocation, console: Console) -> None:
    """Print the plan as wide as the window."""
    console.print(Text(prices.finding(change), style="bold"), end="\n\n")
    show_table(change_table(change), "Campaign", console)
    euro = prices.euro(change)
    meaning = f"mROAS: what one more {euro} brings there; in the last line, one more {euro} of budget."
    console.print(Text(meaning, style="dim"), end="\n\n")
    for sentence in prices.sentences(change):
        console.print(Text(sentence))
