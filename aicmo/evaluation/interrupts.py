"""Ctrl-C and worker processes: only the process that was asked answers."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def starting_workers() -> Iterator[None]:
    """Start processes that ignore Ctrl-C, which they inherit; their parent ends them when it is interrupted.

    Otherwise each would print a traceback. The parent itself is deaf only while it starts them, some 30 ms.
    """
    if threading.current_thread() is not threading.main_thread():  # only there may handlers be set
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
