"""Random generators by name, and random bytes without allocation."""

from __future__ import annotations

import hashlib
from typing import TypeAlias

import numpy as np

from layerkit.arrays import Bytes

Words: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]


def generator(seed: int, *names: str) -> np.random.Generator:
    """Return the generator of one consumer, such as ``generator(7, "initialize", "dense_1")``.

    It depends on the seed and the names alone, so that a new consumer shifts nobody's stream.
    """
    digest = hashlib.sha256("\0".join(names).encode()).digest()
    return np.random.Generator(np.random.PCG64([seed, int.from_bytes(digest[:16], "little")]))


class RandomBytes:
    """A buffer that refills itself with independent uniform bytes, in place.

    Each refill hashes a counter that starts at a fresh random key with the SplitMix64 finalizer
    (Steele, Lea, Flood (2014), Fast splittable pseudorandom number generators, figure 16).

    Parameters
    ----------
    size
        Number of bytes, at least 1.
    """

    def __init__(self, size: int) -> None:
        count = -(-size // 8)
        self._steps: Words = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(
            0x9E3779B97F4A7C15
        )
        self._words: Words = np.zeros(count, np.uint64)
        self._shifted: Words = np.zeros(count, np.uint64)
        self._bytes: Bytes = self._words.view(np.uint8)[:size]

    def refill(self, rng: np.random.Generator, count: int) -> Bytes:
        """Return the first ``count`` bytes, new ones; the next call overwrites them."""
        used = -(-count // 8)
        words, shifted = self._words[:used], self._shifted[:used]
        key = rng.integers(0, 2**64, dtype=np.uint64)
        np.add(self._steps[:used], key, out=words)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            np.right_shift(words, np.uint64(shift), out=shifted)
            np.bitwise_xor(words, shifted, out=words)
            np.multiply(words, np.uint64(factor), out=words)
        np.right_shift(words, np.uint64(31), out=shifted)
        np.bitwise_xor(words, shifted, out=words)
        return self._bytes[:count]
