"""One colour a channel, the same in every figure; the baseline is grey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Okabe & Ito (2008), Color Universal Design: told apart by every common form of colour vision. Black is left
# out, since pages may be dark; yellow stands last, since it is faint on white.
OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442")
DASHES = ("-", "--", ":", "-.")


@dataclass(frozen=True)
class Ink:
    """A colour that follows the page's theme: a stand-in while drawing, a CSS variable on the page."""

    drawn: str
    css: str


TEXT = Ink("#010101", "var(--text, #1b1b1b)")
QUIET = Ink("#020202", "var(--quiet, #5f5f5f)")
LINE = Ink("#030303", "var(--line, #d0d0d0)")
PAPER = Ink("#040404", "var(--paper, #ffffff)")
BASELINE = Ink("#050505", "var(--baseline, #767676)")
INKS = (TEXT, QUIET, LINE, PAPER, BASELINE)

AMBER, RED = OKABE_ITO[1], OKABE_ITO[3]
"""Warnings, as on a traffic light."""
HEADLINE = OKABE_ITO[0]
LOSS = OKABE_ITO[3]


@dataclass(frozen=True)
class Stroke:
    """How a channel is drawn: beyond seven channels, dashes tell equal colours apart."""

    colour: str
    dash: str


def strokes(channels: list[str]) -> Mapping[str, Stroke]:
    """Give each channel its stroke, by its place in the scenario."""
    hues = len(OKABE_ITO)
    return {
        channel: Stroke(OKABE_ITO[i % hues], DASHES[i // hues % len(DASHES)])
        for i, channel in enumerate(channels)
    }
