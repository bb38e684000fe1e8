"""The finding in plain sentences: who leads, which differences matter, and whether an assumption decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aicmo.evaluation.finding import scope


def sentences(summary: dict[str, Any]) -> tuple[str, ...]:
    """State the finding; what the ranking turns on comes before what it is."""
    return tuple(
        part for part in (turning(summary), leading(summary), mattering(summary), scope(summary)) if part
    )


def turning(summary: dict[str, Any]) -> str:
    """Say whether the ranking turns on an assumption."""
    found = summary["assumptions"]
    if found is None:
        return ""
    leader, turns = summary["leader"], [row for row in found if row["turns"]]
    if not turns:
        return f"No assumption, halved or doubled, takes the lead from {leader}."
    sure = [row for row in turns if row["surely"]]
    shown = sure or turns
    said = "; ".join(f"{row['assumption']} {row['factor']} puts {row['first']} first" for row in shown[:3])
    more = f", and {len(shown) - 3} more" if len(shown) > 3 else ""
    if sure:
        return f"The ranking turns on an assumption: {said}{more}."
    return f"Which model leads turns on assumptions, by less than these worlds can tell apart: {said}{more}."


def leading(summary: dict[str, Any]) -> str:
    """Say who earns most, against the manual baseline."""
    leader, baseline = summary["leader"], summary["baseline"]
    gain = summary["models"][leader]["uplift"]
    if gain["low"] is None:
        return f"{leader} earns most of the operating models; one world gives no interval."
    low, mean, high = (f"{gain[key]:+,.0f}" for key in ("low", "mean", "high"))
    said = f"{mean} {summary['currency']} ({gain['level']:.0%} interval {low} to {high})"
    if gain["low"] > 0:
        return f"Owned as {leader}, the AI earns most, and more than {baseline}: {said}."
    if gain["high"] < 0:
        return f"Owned as {leader}, the AI earns most of all models, and still less than {baseline}: {said}."
    return (
        f"Owned as {leader}, the AI earns most of all models; it and {baseline} cannot be told apart: {said}."
    )


def mattering(summary: dict[str, Any]) -> str:
    """Say which models the leader surely earns more than, and which cannot be told from it."""
    leader = summary["leader"]
    others = [name for name in summary["models"] if name not in (leader, summary["baseline"])]
    sure = {row["less"] for row in summary["differences"] if row["more"] == leader and row["sure"]}
    beaten = [name for name in others if name in sure]
    level = [name for name in others if name not in sure]
    return " ".join(_told(beaten, level))


def _told(beaten: list[str], level: list[str]) -> Iterator[str]:
    if beaten:
        yield f"It surely earns more than {_listed(beaten)}."
    if level:
        yield f"It cannot be told from {_listed(level)}."


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
