"""One draw at a time, by NumPy's own Philox: the slow meaning of the tape and of policies' draws."""

from __future__ import annotations

import hashlib
import json

import numpy as np
from scipy.special import ndtri

WORD = 1 << 64


def key_words(*parts: int | str) -> list[int]:
    digest = hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).digest()
    return [int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")]


def entity_word(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def block(key: list[int], counter: list[int]) -> list[int]:
    """Four words; NumPy increments its 256-bit counter before the first block, hence the −1."""
    whole = sum(word << (64 * i) for i, word in enumerate(counter))
    before = (whole - 1) % (1 << 256)
    words = np.array([(before >> (64 * i)) % WORD for i in range(4)], dtype=np.uint64)
    generator = np.random.Philox(key=np.array(key, dtype=np.uint64), counter=words)
    return [int(word) for word in generator.random_raw(4)]


def uniform(word: int) -> float:
    return ((word >> 11) | 1) / 2**53


def tape_uniform(seed: int, purpose: str, replication: int, entity: str, tick: int) -> float:
    counter = [replication, entity_word(entity), (tick // 4) % WORD, 0]
    return uniform(block(key_words(seed, purpose), counter)[tick % 4])


def constant_uniform(seed: int, purpose: str, replication: int, entity: str) -> float:
    return uniform(block(key_words(seed, purpose), [replication, entity_word(entity), 0, 1])[0])


def policy_uniform(
    seed: int, key: str, salt: str, name: str, replication: int, tick: int, position: int
) -> float:
    counter = [replication, position // 4, tick % WORD, 2]
    return uniform(block(key_words(seed, "draws", key, salt, name), counter)[position % 4])


def normal(u: float) -> float:
    return float(ndtri(u))
