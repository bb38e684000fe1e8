"""Where the money goes: by channel over all worlds, by campaign in the first of them."""

from __future__ import annotations

from collections.abc import Iterator

from aicmo.report import budget_change
from aicmo.report.blocks import Block, Ranking, Section
from aicmo.report.close_up import CloseUp
from aicmo.report.evidence import Evidence
from aicmo.report.figures import budget_by_channel
from aicmo.report.words import plain


def section(evidence: Evidence) -> Section:
    """Set the budget of the headline team beside the baseline's, in tables and by channel over time."""
    return Section("budget", "Budget changes", tuple(_blocks(evidence)))


def _blocks(evidence: Evidence) -> Iterator[Block]:
    team = evidence.headline or evidence.baseline
    yield Ranking(
        budget_change.by_channel(evidence, team),
        f"What {plain(team)} spends against {plain(evidence.baseline)}, whole horizon: means over "
        f"{evidence.worlds}; differences paired by world.",
        "change-by-channel",
        "Channel",
        "Table of budget changes by channel",
    )
    yield budget_by_channel.chart(evidence, team)
    close = CloseUp.of(evidence)
    if close is not None:
        yield Ranking(
            budget_change.by_campaign(close, evidence.currency),
            f"Rates in force at the end of the first world, {close.data.attrs['day']}. True mROAS: simulated "
            "revenue that one more unit of money would bring there, other campaigns left aside. Held by: the "
            "guardrail at whose limit the campaign lay most often, and in how many of the team's decisions.",
            "change-by-campaign",
            "Campaign",
            "Table of budget changes by campaign",
            summary=f"By campaign, in the first world ({len(close.campaigns):,})",
        )
