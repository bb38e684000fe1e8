"""Each check finds its broken part and leaves the others alone; files from outside are parts too."""

from pathlib import Path
from typing import Any

import pytest

from aicmo.checks import ContractError, check_file, check_part, checks_of, noun_of
from aicmo.checks.contract import Check
from tests.contracts.broken_parts import BREAKS, SOUND, Even

CASES = [(noun, part) for noun, parts in BREAKS.items() for part in parts]


def _checks(noun: str) -> dict[str, Check]:
    return {name: check for name, check in checks_of(noun).items() if name != "families"}


def _bitten(noun: str, part: type[Any]) -> set[str]:
    if noun != "curves":
        return {result.check for result in check_part(part, noun) if not result.passed}
    bitten = set()
    for name, check in _checks(noun).items():
        try:
            check(part())
        except ContractError:
            bitten.add(name)
    return bitten


@pytest.mark.parametrize(("noun", "part"), [pytest.param(n, p, id=f"{n}/{p.__name__}") for n, p in CASES])
def test_a_broken_part_breaks_exactly_what_it_is_meant_to(noun: str, part: type[Any]) -> None:
    assert _bitten(noun, part) == BREAKS[noun][part]


@pytest.mark.parametrize("noun", list(SOUND))
def test_what_was_broken_was_sound(noun: str) -> None:
    assert _bitten(noun, SOUND[noun]) == set()


@pytest.mark.parametrize("noun", list(BREAKS))
def test_every_check_is_proved_by_a_broken_part(noun: str) -> None:
    assert set().union(*BREAKS[noun].values()) == set(_checks(noun))


def test_a_message_gives_the_expected_shape_in_numbers_and_names() -> None:
    transposes = next(part for part in BREAKS["agent"] if part.__name__ == "Transposes")
    (error,) = [r.error for r in check_part(transposes) if not r.passed]
    assert "must be of shape (4, 7) = (R, C), got (7, 4). Transposed?" in error


MINE = """
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aicmo.policies import at_pace


@dataclass(frozen=True)
class Mine:
    kind: ClassVar[str] = "mine"
    learns: ClassVar[bool] = False

    @classmethod
    def examples(cls) -> Iterator["Mine"]:
        yield cls()

    def init(self, brief):
        return brief

    def update(self, state, observation):
        return state

    def act(self, state, observation, draws):
        return {budget}
"""


def test_a_file_from_outside_is_checked_by_its_contract(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text(MINE.format(budget="at_pace(state, observation, observation.current)"))
    bad.write_text(MINE.format(budget="np.full_like(observation.current, np.nan)"))
    assert [result.error for result in check_file(good)] == [""] * len(checks_of("policy"))
    failures = {result.check for result in check_file(bad) if not result.passed}
    assert "budgets_within_limits" in failures
    assert "declares_what_it_is" not in failures


def test_a_part_that_looks_like_nothing_is_refused() -> None:
    class Odd:
        kind = "odd"

    with pytest.raises(ContractError, match="a policy has `learns`"):
        noun_of(Odd)


def test_a_part_without_examples_is_refused() -> None:
    class Lazy(Even):
        @classmethod
        def examples(cls) -> Any:
            return iter(())

    assert all("at least one instance" in result.error for result in check_part(Lazy))
