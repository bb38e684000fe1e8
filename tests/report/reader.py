"""What a browser would see of a page, for tests that need none."""

from __future__ import annotations

import csv
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote


class Reader(HTMLParser):
    """Collects tags and text, and checks that what opens closes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, attribute: str) -> list[str]:
        return [attributes[attribute] for _, attributes in self.tags if attribute in attributes]

    def numbers(self) -> dict[str, list[list[str]]]:
        """Rows of every chart's numbers, by the name of the file; the first row heads the columns."""
        return {
            attributes["download"]: list(
                csv.reader(unquote(attributes["href"].partition(",")[2]).splitlines())
            )
            for tag, attributes in self.tags
            if tag == "a" and "download" in attributes
        }
