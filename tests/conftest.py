"""What all tests share: Hypothesis repeats the same examples every time, and times nothing."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")
