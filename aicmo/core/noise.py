"""Keyed noise: a draw is a pure function of its name, the same whoever asks, when, and in what batch.

World noise comes from a `Tape`: (seed, purpose; replication, entity, tick) → one number, by Philox 4×64-10
(Salmon et al. 2011). Policies get `Draws`: (seed, key, salt, name; replication, tick, position) → one number.
No draw consumes state, so two teams in one replication meet the same world (common random numbers), and the
first n replications of a run of N equal a run of n, bit for bit.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from aicmo.core.shaping import lognormal_factor, noisy_volume, ornstein_uhlenbeck, truncated_normal

__all__ = ["Draws", "Tape", "lognormal_factor", "noisy_volume", "ornstein_uhlenbeck", "truncated_normal"]

# The last counter word keeps the four kinds of draw apart, whatever the other three hold.
TIMED, CONSTANT, DECISION, UNTIMED_DECISION = (np.uint64(domain) for domain in range(4))


@dataclass(frozen=True)
class Tape:
    """The luck of a batch of worlds.

    A normal is the inverse distribution function of the uniform of the same name: one purpose, one number.
    A draw hangs on the *names* alone, so subsets and orders of replications, entities and ticks change
    nothing, and an entity that stands twice in a request gets the same number twice.

    Parameters
    ----------
    seed : int
        At least 0, of any size.
    replications : int or sequence of int
        Number of replications, or the ids (≥ 0) of the rows: a block of a run is a slice of the whole.
    forks : tuple of int
        Ticks after which the draws are others, see `fork`.

    Raises
    ------
    ValueError
        If the seed or an id is negative.

    Examples
    --------
    >>> whole = Tape(seed=1, replications=8)
    >>> part = Tape(seed=1, replications=[5])
    >>> request = ("drift", ["search", "video"], range(-3, 9))
    >>> bool((whole.normal(*request)[:, 5:6] == part.normal(*request)).all())
    True
    """

    seed: int
    replications: int | Sequence[int]
    forks: tuple[int, ...] = ()
    _ids: NDArray[np.uint64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _fix_ids(self, self.seed, self.replications)

    def uniform(self, purpose: str, entities: Sequence[str], ticks: range) -> Float[np.ndarray, "T R E"]:
        """Draw uniforms on the open interval (0, 1); ticks may be negative (history).

        Returns
        -------
        (T, R, E) [1]
        """
        from aicmo.core.kernels.draws import fill_ticks  # noqa: PLC0415 - Numba only when a draw is made

        names = _entity_words(tuple(entities))
        out = np.empty((len(ticks), self._ids.size, names.size))
        moments = np.array(ticks, dtype=np.int64)
        for path, group in groupby(range(len(ticks)), key=lambda t: self._forks_before(ticks[t])):
            rows = list(group)
            part = slice(rows[0], rows[-1] + 1)
            fill_ticks(out[part], _key(self.seed, purpose, *path), self._ids, names, moments[part], TIMED)
        return out

    def _forks_before(self, tick: int) -> tuple[int, ...]:
        return tuple(fork for fork in self.forks if tick > fork)

    def normal(self, purpose: str, entities: Sequence[str], ticks: range) -> Float[np.ndarray, "T R E"]:
        """Draw standard normals, the quantiles of `uniform` of the same name.

        Returns
        -------
        (T, R, E) [1]
        """
        return _to_normal(self.uniform(purpose, entities, ticks))

    def constant_uniform(self, purpose: str, entities: Sequence[str]) -> Float[np.ndarray, "R E"]:
        """Draw uniforms without time, for what a world is born with; forks do not touch them.

        Returns
        -------
        (R, E) [1]
        """
        from aicmo.core.kernels.draws import fill_ticks  # noqa: PLC0415 - Numba only when a draw is made

        names = _entity_words(tuple(entities))
        out = np.empty((1, self._ids.size, names.size))
        fill_ticks(out, _key(self.seed, purpose), self._ids, names, np.zeros(1, np.int64), CONSTANT)
        return out.reshape(out.shape[1:])

    def constant_normal(self, purpose: str, entities: Sequence[str]) -> Float[np.ndarray, "R E"]:
        """Draw standard normals without time, the quantiles of `constant_uniform`.

        Returns
        -------
        (R, E) [1]
        """
        return _to_normal(self.constant_uniform(purpose, entities))

    def fork(self, after: int) -> Tape:
        """Return a tape equal up to and including tick `after`, independent beyond (for look-ahead tests)."""
        return replace(self, forks=(*self.forks, after))

    def take(self, rows: slice | Sequence[int] | NDArray[np.intp]) -> Tape:
        """Return the tape of a part of the replications, given by their positions."""
        return replace(self, replications=[int(row) for row in self._ids[rows]])


@dataclass(frozen=True)
class Draws:
    """Randomness for a policy, in place of a generator: ask by name, get the same numbers each time.

    Row r is a pure function of (seed, key, salt, name, replication id, tick, position in the row), so rows
    are independent of each other and of the batch. Asking twice for one name at one tick gives the same
    numbers: name every draw.

    Parameters
    ----------
    seed : int
        At least 0, of any size.
    key : str
        Whose draws: seat and kind, as "budget/thompson".
    replications : int or sequence of int
        Number of replications, or the ids (≥ 0) of the rows.
    salt : str
        Sets two copies of one policy apart, in A/A runs.
    tick : int, optional
        The decision's tick, see `at`; draws without one belong to no tick.

    Examples
    --------
    >>> draws = Draws(seed=1, key="budget/thompson", replications=4).at(tick=7)
    >>> draws.normal("amplitude", (4, 3)).shape
    (4, 3)
    """

    seed: int
    key: str
    replications: int | Sequence[int]
    salt: str = ""
    tick: int | None = None
    _ids: NDArray[np.uint64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _fix_ids(self, self.seed, self.replications)

    def at(self, tick: int) -> Draws:
        """Bind the draws to the tick of a decision."""
        bound = copy(self)  # `replace` would build the ids anew
        object.__setattr__(bound, "tick", tick)
        return bound

    def take(self, rows: slice | Sequence[int] | NDArray[np.intp]) -> Draws:
        """Return the draws of a part of the replications, given by their positions."""
        return replace(self, replications=[int(row) for row in self._ids[rows]])

    def uniform(self, name: str, shape: tuple[int, ...]) -> Float[np.ndarray, "R ..."]:
        """Draw uniforms on the open interval (0, 1).

        Raises
        ------
        ValueError
            If shape[0] is not the number of replications.
        """
        from aicmo.core.kernels.draws import fill_rows  # noqa: PLC0415 - Numba only when a draw is made

        if not shape or shape[0] != self._ids.size:
            raise ValueError(
                f"draws '{self.key}': '{name}' needs one row per replication, "
                f"shape ({self._ids.size}, …), got {shape}"
            )
        out = np.empty(shape)
        key = _key(self.seed, "draws", self.key, self.salt, name)
        tick, domain = (0, UNTIMED_DECISION) if self.tick is None else (self.tick, DECISION)
        rows = out.reshape(shape[0], math.prod(shape[1:]))
        fill_rows(rows, key, self._ids, np.int64(tick).astype(np.uint64), domain)
        return out

    __call__ = uniform

    def normal(self, name: str, shape: tuple[int, ...]) -> Float[np.ndarray, "R ..."]:
        """Draw standard normals, the quantiles of `uniform` of the same name."""
        return _to_normal(self.uniform(name, shape))


def _fix_ids(owner: Tape | Draws, seed: int, replications: int | Sequence[int]) -> None:
    """Hold the ids as an immutable field and as the counter words of the kernel."""
    ids = (
        tuple(range(replications))
        if isinstance(replications, int | np.integer)
        else tuple(int(i) for i in replications)
    )
    if seed < 0 or min(ids, default=0) < 0:
        raise ValueError(
            f"seed and replication ids must be at least 0, got seed {seed}, lowest id {min(ids, default=0)}"
        )
    object.__setattr__(owner, "replications", ids)
    words = np.array(ids, dtype=np.uint64)
    words.flags.writeable = False
    object.__setattr__(owner, "_ids", words)


@lru_cache(maxsize=4096)
def _key(*parts: int | str) -> NDArray[np.uint64]:
    """Philox key words of a name; JSON keeps ("a", "bc") and ("ab", "c") apart."""
    digest = hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).digest()
    words = np.frombuffer(digest, dtype="<u8").astype(np.uint64)
    words.flags.writeable = False
    return words


@lru_cache(maxsize=256)
def _entity_words(entities: tuple[str, ...]) -> NDArray[np.uint64]:
    """Return a 64-bit BLAKE2b digest of each entity's name."""
    digests = b"".join(hashlib.blake2b(name.encode(), digest_size=8).digest() for name in entities)
    words = np.frombuffer(digests, dtype="<u8").astype(np.uint64)
    words.flags.writeable = False
    return words


def _to_normal(uniforms: NDArray[np.float64]) -> NDArray[np.float64]:
    from aicmo.core.kernels.normal import inverse_normal_in_place  # noqa: PLC0415 - Numba only when a draw is made

    inverse_normal_in_place(uniforms.reshape(-1))
    return uniforms
