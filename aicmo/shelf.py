"""A shelf of named parts: every public module of a room is one part, found by its file name."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any


class UnknownPartError(LookupError):
    """No part of that name stands on the shelf."""


def did_you_mean(name: str, known: list[str]) -> str:
    """Return a sentence that names the nearest known name, or lists them all.

    >>> did_you_mean("hil", ["hill", "power"])
    "Did you mean 'hill'?"
    """
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(sorted(known))}."


def parts_of(module: ModuleType) -> list[type[Any]]:
    """Return the classes that `module` itself defines and names with a `kind`."""
    return [
        part
        for _, part in inspect.getmembers(module, inspect.isclass)
        if part.__module__ == module.__name__ and isinstance(part.__dict__.get("kind"), str)
    ]


@dataclass(frozen=True)
class Shelf:
    """The parts of one room.

    Parameters
    ----------
    package : str
        Dotted name of the room, such as ``aicmo.policies``.
    noun : str
        What one part is called in messages, such as ``policy``.
    apart : tuple of str
        Modules of the room that are no parts.
    """

    package: str
    noun: str
    apart: tuple[str, ...] = ()

    @cached_property
    def kinds(self) -> list[str]:
        """Names of all parts, read from the file names without importing them."""
        spec = importlib.util.find_spec(self.package)
        if spec is None or spec.submodule_search_locations is None:
            raise UnknownPartError(f"{self.package} is not a package, so no {self.noun} can stand in it")
        modules = pkgutil.iter_modules(list(spec.submodule_search_locations))
        names = (module.name for module in modules if not module.name.startswith("_"))
        return sorted(name for name in names if name not in self.apart)

    def __getitem__(self, kind: str) -> type[Any]:
        """Import and return the part called `kind`.

        Raises
        ------
        UnknownPartError
            When there is none, with the nearest name.
        """
        if kind not in self.kinds:
            raise UnknownPartError(f"no {self.noun} named {kind!r}. {did_you_mean(kind, self.kinds)}")
        module = importlib.import_module(f"{self.package}.{kind}")
        for part in parts_of(module):
            if part.kind == kind:
                return part
        raise UnknownPartError(
            f"{module.__name__} must define a class whose kind is {kind!r}, the name of its file"
        )

    def __iter__(self) -> Iterator[type[Any]]:
        return (self[kind] for kind in self.kinds)


def load_file(path: Path) -> list[type[Any]]:
    """Import a Python file from outside the package and return the parts that it defines.

    Raises
    ------
    UnknownPartError
        When the file defines no class with a `kind`.
    """
    name = f"aicmo_part_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UnknownPartError(f"{path} cannot be imported: a part is a Python file ending in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up while they are made
    spec.loader.exec_module(module)
    parts = parts_of(module)
    if not parts:
        raise UnknownPartError(f"{path} defines no part: a part is a class with `kind = 'its_name'`")
    return parts
