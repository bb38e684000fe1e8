"""No file, however it is meant, costs more than a moment: hostile YAML is refused before it is expanded."""

from __future__ import annotations

import time

import pytest

from aicmo.scenario.load import loads
from aicmo.scenario.problems import ScenarioError
from aicmo.scenario.tree import DEEPEST
from tests.scenario.minimal import MINIMAL, broken

LEVELS = [
    f"{new}: &{new} [" + ",".join([f"*{old}"] * 9) + "]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
]
LAUGHS = "a: &a [" + ",".join(["lol"] * 9) + "]\n" + "".join(LEVELS)

BOMBS = {
    "billion laughs": (LAUGHS, "anchor '&a'"),
    "alias of nothing": ("a: *b\n", "alias '*b'"),
    "self-reference": ("&a [*a]\n", "anchor '&a'"),
    "merge bomb": ("a: {<<: [{b: 1}, {c: 2}]}\n", "merge key '<<'"),
    "a hundred thousand brackets": ("a: " + "\n".join(["[" * 9_000] * 11), "32 brackets to open before one"),
    "brackets on one line": ("a: " + "[" * 100_000, "lines of at most 10,000 characters"),
    "deep braces": ("{a: " * 2_000, "32 brackets to open before one closes"),
    "brackets with closers in text": ("a: " + "['] ',\n" * 2_000, f"at most {DEEPEST} levels"),
    "deep by indentation": ("".join(f"{' ' * i}k:\n" for i in range(500)), f"at most {DEEPEST} levels"),
    "deep dashes": ("- " * 4_000, f"at most {DEEPEST} levels"),
    "deep question marks": ("? " * 4_000, "expected a name before ':'"),
    "huge flow": ("a: [" + "1," * 400_000 + "]", "lines and commas"),
    "huge flow over lines": ("a: [\n" + "1,\n" * 200_000 + "]", "lines and commas"),
    "many keys": ("".join(f"k{i}: 1\n" for i in range(90_000)), "lines and commas"),
    "empty lines": ("a: 1\n" + "\n" * 900_000, "lines and commas"),
    "long scalar": ("name: " + "x" * 900_000, "lines of at most 10,000 characters"),
    "long quoted scalar": ('name: "' + "x" * 900_000 + '"', "lines of at most 10,000 characters"),
    "long number": ("schema: " + "9" * 9_000, "schema"),
    "sexagesimal and exponents": ("schema: 1e999999999", "schema"),
    "tagged object": ("a: !!python/object/apply:os.system [ls]\n", "the tag"),
    "many documents": ("--- 1\n" * 40_000, "another after '---'"),
    "tag directive": ("%TAG ! tag:evil,2000:\n--- 1\n", "%TAG"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_within_a_moment(bomb: str) -> None:
    text, said = BOMBS[bomb]
    begin = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    # A tenth of a second is the promise; five leave room for a busy machine and still catch any explosion.
    assert time.process_time() - begin < 0.5
    assert said in str(caught.value)


def test_many_duplicate_keys_are_linear() -> None:
    twice = "".join(f"name: again{i}\n" for i in range(2_000))
    with pytest.raises(ScenarioError) as caught:
        loads(MINIMAL + twice)
    assert len(caught.value.problems) == 2_000
    assert "first on line 2" in str(caught.value)


def test_special_words_of_other_yamls_stay_text() -> None:
    for word in ("on", "yes", "~x", "0777x", "12:30:45", "1_0x"):
        assert loads(broken(("name: Minimal", f"name: {word}"))).name == word
