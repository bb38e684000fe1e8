"""The organisation around a team: queues, roll-out of capabilities, and the customer intelligence loop."""

from aicmo.simulation.organisation.record import EXPENSES, GATES, NEVER, STEPS, Record, Turn, Visit

__all__ = ["EXPENSES", "GATES", "NEVER", "STEPS", "Record", "Turn", "Visit"]
