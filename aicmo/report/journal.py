"""The journal of a run: each decision of each world, who proposed it, what bound it, who allowed it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from aicmo.messages import Answer, Brief, Decision, Intervention, Request, Waiver
from aicmo.report.advice import Move, advice
from aicmo.report.chain import Verdict, write
from aicmo.report.steering import steering
from aicmo.simulation import Run
from aicmo.simulation.ledger import Ledger

Entry = dict[str, Any]
NOTHING = 1e-9
"""Share of a plan below which a difference is rounding."""


def save(run: Run, path: Path) -> Verdict:
    """Write the journal of a run with resolution `tick`; return what an audit of it will find."""
    return write(path, entries(run))


def boldest(run: Run, world: int = 0) -> str:
    """Tell in words the decision that moved most money in a world, with its day."""
    ledger = run.ledger
    if not ledger.decisions:
        return "Nothing was decided."
    moved = [float(np.abs(item.rate[world] - item.before[world]).sum()) for item in ledger.decisions]
    decision = ledger.decisions[int(np.argmax(moved))]
    return f"{ledger.brief.day_of(decision.tick)}: {advice(Move.of(ledger.brief, decision, world))}"


def entries(run: Run) -> Iterator[Entry]:
    """Yield what happened in order of time; within an instant answers come first, then decisions."""
    ledger = run.ledger
    yield _opening(run)
    told = [
        *((answer.tick, 0, _answer(ledger.brief, answer)) for answer in ledger.answers),
        *((tick, 0, entry) for tick, entry in _reviews(ledger)),
        *((item.tick, 1, _rejection(ledger.brief, item)) for item in ledger.rejections),
        *((item.tick, 2, entry) for item in ledger.decisions for entry in _decisions(ledger, item)),
        *((tick, 2, entry) for tick, entry in steering(ledger)),
        *((item.tick, 3, entry) for item in ledger.requests for entry in _requests(ledger.brief, item)),
    ]
    yield from (entry for _, _, entry in sorted(told, key=lambda item: item[:2]))


def _opening(run: Run) -> Entry:
    brief = run.ledger.brief
    return {
        "kind": "opening",
        "scenario": run.scenario.name,
        "team": run.team,
        "seed": run.seed,
        "worlds": brief.replications,
        "currency": brief.currency,
        "first_day": brief.start.isoformat(),
        "guardrails": [guardrail.kind for guardrail in run.scenario.guardrails],
        "version": version("aicmo"),
    }


def _decisions(ledger: Ledger, decision: Decision) -> Iterator[Entry]:
    """Tell of the worlds that decided and where anything moved or was held back."""
    moved = np.abs(decision.rate - decision.before).sum(axis=1) > NOTHING * decision.rate.sum(axis=1)
    held: list[Intervention | Waiver] = [*decision.interventions, *decision.waivers]
    touched = np.any([moved, *(_amount(item) > 0 for item in held)], axis=0)
    for world in np.flatnonzero(decision.due & touched).tolist():
        yield {
            "kind": "decision",
            "day": ledger.brief.day_of(decision.tick).isoformat(),
            "world": world,
            "by": decision.proposal.by,
            "per_day": _changes(ledger.brief, decision, world),
            "held_back": _amounts(decision.interventions, world),
            "waived": _amounts(decision.waivers, world),
            "words": advice(Move.of(ledger.brief, decision, world)),
        }


def _changes(brief: Brief, decision: Decision, world: int) -> dict[str, dict[str, float]]:
    """Return before, after and, where it differs, the wish of each campaign that changes [currency/day]."""
    before, after, wish = (values[world] for values in (decision.before, decision.rate, decision.wish))
    unit = brief.minor_unit
    told: dict[str, dict[str, float]] = {}
    for c, name in enumerate(brief.campaigns):
        amounts = {"before": before[c], "after": after[c]}
        if abs(wish[c] - after[c]) >= unit:
            amounts["wish"] = wish[c]
        if len(amounts) > 2 or abs(after[c] - before[c]) >= unit:
            told[name] = {key: _whole(amount, unit) for key, amount in amounts.items()}
    return told


def _requests(brief: Brief, request: Request) -> Iterator[Entry]:
    for world in np.flatnonzero(request.asks).tolist():
        yield {
            "kind": "request",
            "day": brief.day_of(request.tick).isoformat(),
            "world": world,
            "to": "leadership",
            "per_day": {
                name: _whole(rate, brief.minor_unit)
                for name, rate in zip(brief.campaigns, request.rate[world], strict=True)
            },
        }


def _answer(brief: Brief, answer: Answer) -> Entry:
    return {
        "kind": "answer",
        "day": brief.day_of(answer.tick).isoformat(),
        "world": answer.world,
        "by": "leadership",
        "asked": brief.day_of(answer.asked).isoformat(),
        "granted": bool(answer.granted),
    }


def _reviews(ledger: Ledger) -> Iterator[tuple[int, Entry]]:
    """Tell how far autonomy reaches after a period has been judged, world by world."""
    for tick, before, after in ledger.reviews:
        for world, (old, new) in enumerate(zip(before.tolist(), after.tolist(), strict=True)):
            verb = "widens" if new > old else "narrows" if new < old else "stays"
            why = "limits and forecasts were kept" if new > old else "a limit or the forecasts were not kept"
            yield (
                tick,
                {
                    "kind": "trust",
                    "day": ledger.brief.day_of(tick).isoformat(),
                    "world": world,
                    "by": "leadership",
                    "autonomy": {"before": old, "after": new},
                    "words": f"Autonomy {verb} to {new:.0%} of what the guardrail says"
                    + ("." if new == old else f": {why}."),
                },
            )


def _rejection(brief: Brief, item: Intervention) -> Entry:
    return {
        "kind": "rejection",
        "day": brief.day_of(item.tick).isoformat(),
        "by": item.guardrail,
        "reason": item.reason,
        "worlds": np.flatnonzero(item.moved > 0).tolist() or "all",
    }


def _amount(item: Intervention | Waiver) -> np.ndarray:
    return item.moved if isinstance(item, Intervention) else item.amount


def _amounts(items: Sequence[Intervention | Waiver], world: int) -> dict[str, float]:
    """Money that each guardrail held back or gave way by [currency/day], where it is any."""
    told = ((item.guardrail, float(_amount(item)[world])) for item in items)
    return {name: round(amount, 2) for name, amount in told if amount > 0}


def _whole(amount: float, unit: float) -> float:
    """Round to minor units, so that a journal reads like books."""
    return round(float(np.rint(amount / unit) * unit), 6)
