"""Compiled inner loops of the market; imported only by the functions that run them."""
