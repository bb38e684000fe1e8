"""An append-only file of JSON lines, each bound to the one before by its hash: whatever is changed shows.

Line n holds `{"entry": …, "hash": h_n, "line": n, "previous": h_(n−1)}`, h_n = SHA-256(h_(n−1) ‖
entry), h_0 all zeros. Lines are in one canonical form, so that not a byte can differ unseen. The last
entry closes the file, so that lines missing at the end show too. Who rewrites the whole file can forge
it; the hash of its last line would then no longer be the one that was noted elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

START = "0" * 64
CLOSING = "closing"
KEYS = ["entry", "hash", "line", "previous"]


@dataclass(frozen=True)
class Verdict:
    """What an audit found.

    Attributes
    ----------
    lines : int
        Lines that are sound, counted from the first.
    head : str
        Hash of the last sound line.
    fault : str
        What is wrong with the line after those; empty where the file is whole.
    """

    lines: int
    head: str
    fault: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.fault


def write(path: Path, entries: Iterable[Mapping[str, Any]]) -> Verdict:
    """Write entries and the closing one to a new file; return what an audit of it will find.

    Raises
    ------
    ValueError
        When an entry holds a number that JSON has no form for, such as NaN.
    """
    head, count = START, 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for entry in _closed(entries):
            count += 1
            head, line = _bound(head, count, entry)
            file.write(f"{line}\n")
    return Verdict(count, head)


def audit(path: Path) -> Verdict:
    """Follow the chain from the first line to the first that is not what it was when it was written.

    Raises
    ------
    OSError
        When the file cannot be read.
    """
    head, count, closed = START, 0, False
    with path.open("rb") as file:
        for raw in file:
            fault = _fault(raw, head, count + 1, closed=closed)
            if fault:
                return Verdict(count, head, fault)
            count += 1
            line = json.loads(raw)
            head, closed = line["hash"], line["entry"].get("kind") == CLOSING
    return Verdict(count, head, "" if closed else "the closing entry is missing: the end was cut off")


def _closed(entries: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    count = 0
    for entry in entries:
        count += 1
        yield entry
    yield {"kind": CLOSING, "entries": count}


def _bound(previous: str, number: int, entry: Mapping[str, Any]) -> tuple[str, str]:
    digest = hashlib.sha256((previous + _canonical(entry)).encode()).hexdigest()
    return digest, _canonical({"line": number, "previous": previous, "entry": entry, "hash": digest})


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _fault(raw: bytes, previous: str, number: int, *, closed: bool) -> str:
    """Say what is wrong with a line that should follow `previous`; empty if nothing is."""
    if closed:
        return "lines follow the closing entry"
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        return "this is no line of JSON"
    if not isinstance(line, dict) or sorted(line) != KEYS or not isinstance(line["entry"], dict):
        return f"a line of a journal has the fields {', '.join(KEYS)}"
    if line["previous"] != previous:
        return "it does not follow the line before: a line was changed, added or taken out here"
    try:
        written = _bound(previous, number, line["entry"])[1]
    except ValueError:
        return "it holds a number that JSON has no form for"
    return "" if raw == f"{written}\n".encode() else "it was changed after it was written"
