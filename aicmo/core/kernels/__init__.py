"""Compiled kernels of the core; importing one of them starts Numba, so public modules import them lazily."""
