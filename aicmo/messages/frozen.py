"""Messages are frozen, and so are the arrays inside them."""

from __future__ import annotations

from dataclasses import fields

import numpy as np


def read_only(array: np.ndarray) -> np.ndarray:
    """Return a view of `array` that refuses to be written to."""
    view = array.view()
    view.flags.writeable = False
    return view


class Frozen:
    """Makes every array field of a frozen dataclass read-only."""

    def __post_init__(self) -> None:
        for item in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                object.__setattr__(self, item.name, read_only(value))
