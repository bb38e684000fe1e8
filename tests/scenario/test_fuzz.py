"""Whatever is done to a valid file, it loads or it raises ScenarioError: never anything else."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from aicmo.scenario.load import loads
from aicmo.scenario.problems import ScenarioError
from tests.scenario.minimal import MINIMAL

MARKS = [
    "",
    " ",
    "\n",
    "\t",
    "-",
    "- ",
    ":",
    ": ",
    "{",
    "}",
    "[",
    "]",
    "{}",
    "[]",
    ",",
    "#",
    "'",
    '"',
    "|",
    ">",
    "&a",
    "*a",
]
WORDS = [
    "!",
    "%",
    "@",
    "?",
    "~",
    "null",
    "true",
    "no",
    "kind",
    "name: x",
    "<<: x",
    "---",
    "x" * 70,
    "é",
    "\x00",
    "\u2028",
    "💥",
]
VALUES = [
    "0",
    "-1",
    "1e309",
    ".nan",
    ".inf",
    "0x1F",
    "1_000",
    "3d",
    "9999999w",
    "250k",
    "2025-02-30",
    "9999-12-31",
]
SHRAPNEL = MARKS + WORDS + VALUES
ROUNDS = 150


def mutated(text: str, dice: random.Random) -> str:
    """Cut, repeat or replace some pieces of `text`."""
    for _ in range(dice.randint(1, 4)):
        begin = dice.randrange(len(text) + 1)
        end = min(len(text), begin + dice.choice([0, 1, 2, 5, 20]))
        piece = dice.choice([*SHRAPNEL, text[begin:end] * 2])
        text = text[:begin] + piece + text[end:]
    return text


def scalars_swapped(text: str, dice: random.Random) -> str:
    """Put shrapnel where a value stands, so that the file stays YAML and reaches the schema."""
    values = [i for i, mark in enumerate(text) if text[i : i + 2] == ": "]
    at = dice.choice(values) + 2
    end = min((i for i in range(at, len(text)) if text[i] in ",}]\n"), default=len(text))
    return text[:at] + dice.choice(SHRAPNEL) + text[end:]


def survives(text: str) -> bool:
    """Whether `text` loads; if not, that is said."""
    try:
        loads(text)
    except ScenarioError as error:
        return not (error.problems and str(error))
    return True


@pytest.mark.parametrize("change", [mutated, scalars_swapped], ids=["cut", "swap"])
def test_a_mutated_file_loads_or_says_what_is_wrong(change: Callable[[str, random.Random], str]) -> None:
    dice, refused = random.Random(1), 0  # noqa: S311 - a fixed seed, no secret
    for _ in range(ROUNDS):
        refused += not survives(change(MINIMAL, dice))
    assert refused > ROUNDS / 2
