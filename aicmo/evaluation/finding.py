"""The finding of a comparison in one plain sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

HEADLINE = "ai_cmo"


def headline_team(summary: dict[str, Any]) -> str | None:
    """Name the team that the finding is about: the AI CMO where it takes part, else the first challenger."""
    return headline_of(summary["teams"], summary["baseline"])


def headline_of(teams: Iterable[str], baseline: str) -> str | None:
    """Name that team among those who run; None where the baseline runs alone."""
    challengers = [name for name in teams if name not in {"dark", "clairvoyant", "hindsight", baseline}]
    if HEADLINE in challengers:
        return HEADLINE
    return challengers[0] if challengers else None


def sentence(summary: dict[str, Any]) -> str:
    """Say whether the headline team earns more than the baseline, how sure that is, and over what."""
    team = headline_team(summary)
    if team is None:
        return f"{summary['baseline']} ran alone: name another team to compare it with."
    return f"{_verdict(summary, team)} {scope(summary)}"


def _verdict(summary: dict[str, Any], team: str) -> str:
    baseline, uplift = summary["baseline"], summary["teams"][team]["uplift"]
    gain, relative = uplift["contribution"], uplift["contribution_relative"]
    if gain["low"] is None:
        return f"One replication cannot tell whether {team} earns more than {baseline}."
    shown = relative if relative["low"] is not None else gain
    unit = "" if shown is relative else summary["currency"]
    low, mean, high = (_written(shown[key], unit) for key in ("low", "mean", "high"))
    sure = f"{mean} ({gain['level']:.0%} interval {low} to {high})"
    share = f"better in {uplift['p_better']['share']:.0%} of worlds"
    if gain["low"] > 0:
        return f"{team} earns more contribution than {baseline}: {sure}, {share}."
    if gain["high"] < 0:
        return f"{team} earns less contribution than {baseline}: {sure}, {share}."
    return f"{team} and {baseline} cannot be told apart: {sure} contribution, {share}."


def _written(value: float, unit: str) -> str:
    """Write an amount of money, or a share where there is no unit."""
    return f"{value:+,.0f} {unit}" if unit else f"{100 * value:+.1f}%"


def scope(summary: dict[str, Any]) -> str:
    """Say what intervals are over."""
    count = summary["replications"]
    if summary["over"] == "luck":
        return f"This one market, {count} runs: the interval covers luck only."
    return f"Over {count} markets drawn from the scenario's priors."
