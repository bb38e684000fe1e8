"""Shares, ratios and names as people read them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import takewhile

UNSEEN = re.compile(
    "[\u202a-\u202e\u2066-\u2069]"
)  # overrides of writing direction reorder the text around them


def percent(share: float, *, signed: bool = False, digits: int = 1) -> str:
    """Write a share of one as a percentage.

    >>> percent(0.0452, signed=True), percent(-0.2), percent(12.3)
    ('+4.5%', '-20.0%', '1230%')
    """
    return f"{_number(100 * share, 0 if abs(share) >= 1 else digits, signed=signed)}%"


def points(difference: float) -> str:
    """Write a difference of two shares in percentage points.

    >>> points(0.031)
    '+3.1 pp'
    """
    return f"{_number(100 * difference, 1, signed=True)} pp"


def ratio(value: float) -> str:
    """Write a ratio such as iROAS.

    >>> ratio(1.2345), ratio(-0.001)
    ('1.23', '0.00')
    """
    return _number(value, 2, signed=False)


def plain(text: str) -> str:
    r"""Return `text` without characters that steer a terminal, break XML or reorder a line.

    >>> plain("TV\x1b[31m")
    'TV�[31m'
    """
    shown = "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in {"Cc", "Cs"} else c for c in text
    )
    return UNSEEN.sub("\N{REPLACEMENT CHARACTER}", shown)


def plain_lines(text: str) -> str:
    """Return a text of several lines, each as `plain` leaves it."""
    return "\n".join(plain(line) for line in text.expandtabs(2).splitlines())


def listed(names: list[str]) -> str:
    """Join names as a sentence does.

    >>> listed(["TV", "search", "social"])
    'TV, search and social'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def count(number: int, noun: str) -> str:
    """Count things, in the singular where there is one.

    >>> count(1, "world"), count(64, "world")
    ('1 world', '64 worlds')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _number(value: float, digits: int, *, signed: bool) -> str:
    rounded = round(value, digits) + 0.0  # no "-0.0"
    return f"{rounded:+.{digits}f}" if signed and rounded else f"{rounded:.{digits}f}"


def shortened(text: str, most: int) -> str:
    """Cut `text` to `most` characters.

    >>> shortened("paid social prospecting", 12)
    'paid social…'
    """
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def told_apart(names: Sequence[str], most: int) -> list[str]:
    """Cut names to `most` characters; those that would then look alike lose words they share at the start.

    >>> told_apart(["retargeting of buyers in March", "retargeting of buyers in May", "TV"], 16)
    ['…March', '…May', 'TV']
    """
    cut = [shortened(name, most) for name in names]
    for text in {text for text in cut if cut.count(text) > 1}:
        alike = [i for i, other in enumerate(cut) if other == text]
        words = [names[i].split() for i in alike]
        shared = len(list(takewhile(lambda same: len(set(same)) == 1, zip(*words, strict=False))))
        for i, own in zip(alike, words, strict=True):
            cut[i] = shortened(f"…{' '.join(own[shared:])}", most) if shared < len(own) else cut[i]
    return cut
