"""Parts by `kind`: the annotations of a frozen dataclass decide what a person may write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from pydantic import ValidationError

from aicmo.agents import SHELF as AGENTS
from aicmo.guardrails import SHELF as GUARDRAILS
from aicmo.policies import SHELF as POLICIES
from aicmo.scenario.parts import PartOf, adapter, explained, spell
from aicmo.shelf import Shelf


@dataclass(frozen=True)
class Inner:
    """A nested setting."""

    amount: float
    until: date | None = None


@dataclass(frozen=True)
class Outer:
    """A part with one of everything.

    Parameters
    ----------
    low, high : float
        Ends of
        the range.
    items : tuple of Inner
        What it holds.
    """

    low: float = 0.0
    high: float = 1.0
    items: tuple[Inner, ...] = ()
    word: str = "a"
    count: int = 3
    switch: bool = False


def test_settings_are_read_by_their_annotations() -> None:
    read = adapter(Outer).validate_python(
        {"high": "2.5k", "items": ({"amount": 3, "until": "2025-01-06"},), "count": 4, "switch": True}
    )
    assert read == Outer(high=2500.0, items=(Inner(3.0, date(2025, 1, 6)),), count=4, switch=True)


@pytest.mark.parametrize(
    "settings",
    [
        {"low": "3"},
        {"low": True},
        {"low": float("nan")},
        {"count": 3.5},
        {"count": True},
        {"switch": 1},
        {"switch": "yes"},
        {"word": 3},
        {"items": "x"},
        {"items": ({"amount": 1, "untill": "2025-01-06"},)},
        {"items": ({},)},
        {"unknown": 1},
    ],
)
def test_nothing_is_converted_or_ignored(settings: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        adapter(Outer).validate_python(settings)


def test_docstrings_explain_the_settings() -> None:
    assert explained(Outer.__doc__.replace("\n    ", "\n") if Outer.__doc__ else "") == {
        "low": "Ends of the range.",
        "high": "Ends of the range.",
        "items": "What it holds.",
    }
    assert adapter(Outer).json_schema()["properties"]["high"]["description"] == "Ends of the range."


@pytest.mark.parametrize("shelf", [AGENTS, GUARDRAILS, POLICIES], ids=lambda shelf: shelf.noun)
def test_every_example_of_every_part_can_be_written_and_read_again(shelf: Shelf) -> None:
    for part in shelf:
        for example in part.examples():
            written = spell(example)
            assert written["kind"] == part.kind
            assert PartOf(shelf).read(written) == example


def test_a_part_that_was_made_by_hand_passes_as_it_is() -> None:
    part = next(iter(GUARDRAILS["budget"].examples()))
    assert PartOf(GUARDRAILS).read(part) is part
