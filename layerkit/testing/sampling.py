"""Random arrays for checks, and the check that components draw from no hidden source."""

from __future__ import annotations

import math
import pickle
import random
from collections.abc import Generator
from contextlib import contextmanager

import numpy as np
from numpy.random.mtrand import get_bit_generator

from layerkit.arrays import Array, FloatType, Shape, Targets
from layerkit.contracts.dataset import ClassTarget, Target

FLOAT32: FloatType = np.dtype(np.float32)
FLOAT64: FloatType = np.dtype(np.float64)
DTYPES = (FLOAT32, FLOAT64)

MARK = 0x6C61796572
"""Seed of a state of the global generators that would not come about otherwise."""

REACH = 2.5
"""The largest magnitude drawn."""

MARGIN = 0.05
"""How far drawn values stay from 0, where functions such as ``max(x, 0)`` have a kink."""


def draw_apart(rng: np.random.Generator, shape: Shape, dtype: FloatType = FLOAT64) -> Array:
    """Draw values between -`REACH` and `REACH`, apart from 0 and from each other.

    Each comes from a stretch of its own, so that no small step changes which one is larger: up to
    about a thousand values, none is within two steps of the differences of another.
    """
    size = math.prod(shape)
    context = rng.permutation(size) + rng.uniform(0.25, 0.75, size)
    drawn = (2 * context / size - 1) * (REACH - MARGIN)
    side = np.zeros(size)
    np.sign(drawn, out=side)
    return (drawn + MARGIN * side).reshape(shape).astype(dtype)


def draw_targets(
    rng: np.random.Generator, target: Target, count: int, dtype: FloatType = FLOAT64
) -> Targets:
    """Draw class indices, or arrays of values between 0.05 and 0.95."""
    if isinstance(target, ClassTarget):
        return rng.integers(0, target.classes, (count, *target.shape))
    return rng.uniform(0.05, 0.95, (count, *target.shape)).astype(dtype)


@contextmanager
def no_global_randomness() -> Generator[None]:
    """Check that nothing inside draws from, or seeds, Python's or NumPy's global generator.

    Both are set to a state that no seed of a component's choice leads to, and back afterwards.
    """
    numpy_bits = get_bit_generator()
    before = random.getstate(), numpy_bits.state
    random.seed(MARK)
    numpy_bits.state = np.random.MT19937(MARK).state
    marked = random.getstate(), pickle.dumps(numpy_bits.state)
    try:
        yield
        found = random.getstate(), pickle.dumps(numpy_bits.state)
    finally:
        random.setstate(before[0])
        numpy_bits.state = before[1]
    if found != marked:
        raise AssertionError(
            "expected draws from the given generator alone, found the state of a global one "
            "changed: use the generator, never random.* or np.random.*"
        )
