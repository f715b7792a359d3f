from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from layerkit.arrays import Bytes
from layerkit.randomness import RandomBytes, generator


def chi_square(counts: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> float:
    """Return the statistic of equal expectations; near the number of cells if they hold."""
    expected = counts.sum() / counts.size
    return float(((counts - expected) ** 2 / expected).sum())


def drawn(size: int, refills: int, name: str = "bytes") -> Bytes:
    random, rng = RandomBytes(size), generator(0, name)
    return np.concatenate([random.refill(rng, size).copy() for _ in range(refills)])


def test_a_generator_depends_on_the_seed_and_the_names_alone() -> None:
    first = generator(7, "initialize", "dense_1").random(5).tolist()
    generator(7, "initialize", "dense_2").random(100)
    assert generator(7, "initialize", "dense_1").random(5).tolist() == first


@pytest.mark.parametrize(
    ("seed", "names"),
    [
        (8, ("initialize", "dense_1")),
        (7, ("initialize", "dense_2")),
        (7, ("initialize",)),
        (7, ("dense_1", "initialize")),
        (7, ("initializedense_1",)),
        (7, ("initialize", "", "dense_1")),
        (7, ()),
    ],
)
def test_another_seed_or_other_names_give_another_stream(seed: int, names: tuple[str, ...]) -> None:
    ours = generator(7, "initialize", "dense_1").integers(0, 2**63, 4).tolist()
    assert not set(ours) & set(generator(seed, *names).integers(0, 2**63, 4).tolist())


def test_bytes_are_uniform() -> None:
    counts = np.bincount(drawn(10_000, 100), minlength=256)
    assert 160 < chi_square(counts) < 370


@pytest.mark.parametrize("position", [0, 3, 7])
def test_bytes_at_one_place_of_the_words_are_uniform_too(position: int) -> None:
    counts = np.bincount(drawn(8_000, 100)[position::8], minlength=256)
    assert 160 < chi_square(counts) < 370


def test_neighbours_are_independent() -> None:
    high = (drawn(10_000, 100) >> 4).astype(np.int64)
    counts = np.bincount(16 * high[:-1] + high[1:], minlength=256)
    assert 160 < chi_square(counts) < 370


def test_one_refill_is_independent_of_the_next() -> None:
    high = (drawn(1_000, 1_000) >> 4).astype(np.int64).reshape(1_000, 1_000)
    counts = np.bincount((16 * high[:-1] + high[1:]).reshape(-1), minlength=256)
    assert 160 < chi_square(counts) < 370


def test_the_same_generator_gives_the_same_bytes() -> None:
    assert np.array_equal(drawn(100, 3), drawn(100, 3))
    assert not np.array_equal(drawn(100, 3), drawn(100, 3, "others"))


@pytest.mark.parametrize("count", [1, 7, 8, 9, 99, 100])
def test_a_short_refill_is_the_beginning_of_a_full_one(count: int) -> None:
    random = RandomBytes(100)
    full = random.refill(generator(0, "bytes"), 100).copy()
    short = random.refill(generator(0, "bytes"), count)
    assert np.array_equal(short, full[:count])


def test_refills_use_the_same_memory_and_allocate_nothing_that_grows() -> None:
    random, rng = RandomBytes(1_000_000), generator(0, "bytes")
    first = random.refill(rng, 1_000_000)
    tracemalloc.start()
    for _ in range(3):
        random.refill(rng, 1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert np.shares_memory(first, random.refill(rng, 10))
    assert peak < 10_000


def test_a_refill_draws_one_number_from_the_generator() -> None:
    rng, other = generator(0, "bytes"), generator(0, "bytes")
    RandomBytes(1_000).refill(rng, 1_000)
    other.integers(0, 2**64, dtype=np.uint64)
    assert rng.bit_generator.state == other.bit_generator.state
