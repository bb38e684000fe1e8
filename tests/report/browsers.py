"""A real browser for tests: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
EXECUTABLE = next((path for name in NAMES if (path := shutil.which(name)) is not None), None)
MISSING = f"no browser was found (looked for {', '.join(NAMES)}): apt-get install chromium"


@contextmanager
def browser() -> Iterator[Browser]:
    """Start a browser; in a container root has no sandbox to give it, and the pages are our own."""
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=EXECUTABLE, args=["--no-sandbox"])
        yield started
        started.close()
