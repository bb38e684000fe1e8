"""Foreign formats, one file each: scenarios by `kind` on the shelf, and tables that commands take."""

from __future__ import annotations

from aicmo.shelf import Shelf

SHELF = Shelf("aicmo.importers", "importer", apart=("curves_csv", "groups_csv"))
"""Importers of scenarios; what is apart reads curves and groups, which are none."""
