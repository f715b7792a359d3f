"""Random generators by name and by step, and random bytes without allocation."""

from __future__ import annotations

import hashlib
from typing import TypeAlias

import numpy as np

from layerkit.arrays import Array, Bytes

Words: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]


def generator(seed: int, *names: str) -> np.random.Generator:
    """Return the generator of one consumer, such as ``generator(7, "initialize", "dense_1")``.

    It depends on the seed and the names alone, so that a new consumer leaves the numbers of all
    others as they are.
    """
    digest = hashlib.sha256("\0".join(names).encode()).digest()
    return np.random.Generator(np.random.PCG64([seed, int.from_bytes(digest[:16], "little")]))


def fill_normal(rng: np.random.Generator, out: Array) -> None:
    """Fill a contiguous array with numbers of a standard normal distribution, in place."""
    if out.dtype == np.float32:
        rng.standard_normal(dtype=np.float32, out=out.view(np.float32))
    else:
        rng.standard_normal(out=out.view(np.float64))


class StepRandom:
    """Generators whose numbers depend on seed, name, shard and step alone.

    Each is a counter-based generator that is set to the step before the step begins. So no
    generator has state to save, and a step can be taken again with the same numbers.

    Parameters
    ----------
    seed
        Of the spec.
    shard
        Number of the part of the batch that draws.

    References
    ----------
    Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3.
    """

    def __init__(self, seed: int, shard: int = 0) -> None:
        self._names = (str(seed), str(shard))
        self._step = 0
        self._counted: dict[str, _Counted] = {}

    def generator(self, name: str) -> np.random.Generator:
        """Return the generator of that name, the same object at every call."""
        if name not in self._counted:
            digest = hashlib.sha256("\0".join((*self._names, name)).encode()).digest()
            self._counted[name] = _Counted(int.from_bytes(digest[:16], "little"))
            self._counted[name].start(self._step)
        return self._counted[name].generator

    def start(self, step: int) -> None:
        """Set every generator to the beginning of a step."""
        self._step = step
        for counted in self._counted.values():
            counted.start(step)


class _Counted:
    """A generator that can be set to a step."""

    def __init__(self, key: int) -> None:
        self._bits = np.random.Philox(key=key)
        self.generator = np.random.Generator(self._bits)
        self._state = self._bits.state
        self._counter: Words = np.zeros(4, np.uint64)
        self._state["state"]["counter"] = self._counter

    def start(self, step: int) -> None:
        """Set the generator to a step; a step has 2^192 blocks of numbers of its own."""
        self._counter[3] = step
        self._bits.state = self._state


def byte_share(rate: float) -> int:
    """Return how many of the 256 values of a byte are nearest to a share below 1, at most 255."""
    return min(round(rate * 256), 255)


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
