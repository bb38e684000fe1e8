"""How a command ends: exit codes, and which error leaves with which."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What the shell learns."""

    DONE = 0
    NO = 1
    INVALID = 2
    REFUSED = 3
    INFEASIBLE = 4
    INTERRUPTED = 130


# By name, so that telling errors apart imports nothing: an error can only come from a module that is loaded.
CODES = {
    "aicmo.core.feasibility.Infeasible": Exit.INFEASIBLE,
    "aicmo.core.goal.GoalError": Exit.INVALID,
    "aicmo.evaluation.compare.TeamsError": Exit.INVALID,
    "aicmo.evaluation.precision.PrecisionError": Exit.INVALID,
    "aicmo.evaluation.organisations.models.ModelsError": Exit.INVALID,
    "aicmo.evaluation.restraints.NoGuardrailsError": Exit.INVALID,
    "aicmo.evaluation.results.ResultsError": Exit.INVALID,
    "aicmo.guardrails._terms.GuardrailError": Exit.INVALID,
    "aicmo.scenario.presets.UnknownTeamError": Exit.INVALID,
    "aicmo.scenario.problems.InfeasibleError": Exit.INFEASIBLE,
    "aicmo.scenario.problems.InvalidFileError": Exit.INVALID,
    "aicmo.scenario.resources.ResourceError": Exit.REFUSED,
    "aicmo.scenario.vary.VaryError": Exit.INVALID,
    "aicmo.scenario.starter.UnknownScenarioError": Exit.INVALID,
    "aicmo.shelf.UnknownPartError": Exit.INVALID,
    "builtins.MemoryError": Exit.REFUSED,
    "builtins.OSError": Exit.INVALID,
}


def code_of(error: BaseException) -> Exit | None:
    """Return the exit code of an error that a user can mend, None for a defect of the program."""
    for kind in type(error).__mro__:
        code = CODES.get(f"{kind.__module__}.{kind.__qualname__}")
        if code is not None:
            return code
    return None


def message_of(error: BaseException) -> str:
    """Say what is wrong, in the words of the error; a lookup error would quote its own message."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    if isinstance(error, LookupError) and error.args:
        return str(error.args[0])
    return str(error) or type(error).__name__
