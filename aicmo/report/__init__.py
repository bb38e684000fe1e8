"""Figures, tables and the page: a comparison as people read it."""
