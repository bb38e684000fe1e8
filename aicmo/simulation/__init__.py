"""The SimPy clock, the one steppable kernel (Session), and the ledger of what happened."""

from aicmo.simulation.ledger import Ledger
from aicmo.simulation.session import Session
from aicmo.simulation.simulate import Run, simulate

__all__ = ["Ledger", "Run", "Session", "simulate"]
