"""A bandit: any rule on any memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from aicmo.core.bandits.evidence import Evidence

Floats = NDArray[np.float64]
E = TypeVar("E", bound=Evidence)
Read_contra = TypeVar("Read_contra", bound=Evidence, contravariant=True)


class Rule(Protocol[Read_contra]):
    """How a row chooses an arm."""

    def choose(self, evidence: Read_contra, uniforms: Floats) -> NDArray[np.int64]:
        """Return the arm of each row, (N,); `uniforms` (N, A) decide what chance decides."""
        ...


class Memory(Protocol[E]):
    """What is kept of the past."""

    def init(self, rows: int, arms: int) -> E:
        """Return empty evidence."""
        ...

    def update(self, evidence: E, arms: NDArray[np.int64], rewards: Floats) -> E:
        """Return the evidence after one more step, in fresh arrays."""
        ...

    def forget(self, evidence: E, which: NDArray[np.bool_]) -> E:
        """Return the evidence without what is known of some arms (N, A), as when an arm is replaced."""
        ...


@dataclass(frozen=True)
class Bandit(Generic[E]):
    """A rule on a memory: sliding-window KL-UCB is `Bandit(KLUCB(), SlidingWindow(200))`.

    Parameters
    ----------
    rule : Rule
        Chooses.
    memory : Memory
        Keeps; `Counting()` keeps everything.

    Examples
    --------
    >>> from aicmo.core.bandits.evidence import Counting
    >>> from aicmo.core.bandits.greedy import Greedy
    >>> bandit = Bandit(Greedy(), Counting())
    >>> evidence = bandit.init(rows=1, arms=2)
    >>> evidence = bandit.update(evidence, np.array([0]), np.array([0.2]))
    >>> evidence = bandit.update(evidence, np.array([1]), np.array([0.7]))
    >>> bandit.choose(evidence, np.full((1, 2), 0.5)).tolist()
    [1]
    """

    rule: Rule[E]
    memory: Memory[E]

    def init(self, rows: int, arms: int) -> E:
        """Start without evidence.

        Raises
        ------
        ValueError
            If there is no arm.
        """
        if arms < 1:
            raise ValueError(f"a bandit needs at least one arm, got {arms}")
        return self.memory.init(rows, arms)

    def choose(self, evidence: E, uniforms: Float[np.ndarray, "N A"]) -> Int[np.ndarray, " N"]:
        """Choose an arm a row.

        Parameters
        ----------
        evidence : Evidence
            What is known.
        uniforms : (N, A)
            In (0, 1), new at each choice.

        Returns
        -------
        (N,)
            Arms, 0 … A − 1.
        """
        if uniforms.shape != evidence.pulls.shape:
            raise ValueError(f"uniforms must be {evidence.pulls.shape} = (N, A), got {uniforms.shape}")
        return self.rule.choose(evidence, uniforms)

    def update(self, evidence: E, arms: Int[np.ndarray, " N"], rewards: Float[np.ndarray, "N ..."]) -> E:
        """Learn from one step of every row.

        Parameters
        ----------
        evidence : Evidence
            What was known.
        arms : (N,)
            What was played.
        rewards : (N,)
            What it earned; a memory of delayed feedback takes the step's credits of all arms, (N, A).

        Returns
        -------
        Evidence
            In fresh arrays; the evidence handed in is untouched.
        """
        N, A = evidence.pulls.shape
        if arms.shape != (N,) or (N and not (arms.min() >= 0 and arms.max() < A)):
            raise ValueError(f"arms must be {N} = N numbers from 0 to {A - 1}, got {_described(arms)}")
        return self.memory.update(evidence, arms, rewards)

    def forget(self, evidence: E, which: NDArray[np.bool_]) -> E:
        """Drop what is known of arms that were replaced, `which` (N, A)."""
        return self.memory.forget(evidence, which)


def _described(arms: NDArray[np.int64]) -> str:
    return f"shape {arms.shape}" + (f" from {arms.min()} to {arms.max()}" if arms.size else "")
