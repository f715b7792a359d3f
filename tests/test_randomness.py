from __future__ import annotations

import timeit

import numpy as np
import pytest

from layerkit.arrays import Array, Bytes
from layerkit.randomness import RandomBytes, StepRandom, fill_normal, generator
from layerkit.testing.allocation import least_peak


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


def numbers(random: StepRandom, name: str, step: int, count: int = 4) -> list[int]:
    """Return what the generator of that name draws first in a step."""
    random.start(step)
    return [int(each) for each in random.generator(name).integers(0, 2**63, count)]


def test_the_numbers_of_a_step_depend_on_nothing_that_was_drawn_before() -> None:
    expected = numbers(StepRandom(7), "dropout_1", 3)
    random = StepRandom(7)
    for name in ("noise_1", "dropout_1", "dropout_2"):
        for step in (1, 2, 3):
            numbers(random, name, step, count=5 + step)
    assert numbers(random, "dropout_1", 3) == expected


def test_a_step_taken_again_draws_the_same() -> None:
    random = StepRandom(7)
    rng = random.generator("dropout_1")
    random.start(5)
    first = rng.random(3).tolist(), rng.integers(0, 9, 3, dtype=np.uint8).tolist(), rng.normal()
    random.start(5)
    again = rng.random(3).tolist(), rng.integers(0, 9, 3, dtype=np.uint8).tolist(), rng.normal()
    assert first == again


def test_half_a_number_that_is_left_over_does_not_reach_the_next_step() -> None:
    whole, halved = StepRandom(7), StepRandom(7)
    for random in (whole, halved):
        random.start(1)
    halved.generator("dropout_1").integers(0, 2**32, dtype=np.uint32)  # keeps the other 32 bits
    found: list[list[int]] = []
    for random in (whole, halved):
        random.start(2)
        drawn_first = random.generator("dropout_1").integers(0, 2**32, 3, dtype=np.uint32)
        found.append([int(each) for each in drawn_first])
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("seed", "shard", "name", "step"),
    [
        (8, 0, "dropout_1", 3),
        (7, 1, "dropout_1", 3),
        (7, 0, "dropout_2", 3),
        (7, 0, "dropout_1", 4),
    ],
    ids=["seed", "shard", "name", "step"],
)
def test_another_seed_shard_name_or_step_gives_other_numbers(
    seed: int, shard: int, name: str, step: int
) -> None:
    ours = numbers(StepRandom(7), "dropout_1", 3, count=1_000)
    others = numbers(StepRandom(seed, shard), name, step, count=1_000)
    assert not set(ours) & set(others)


def test_seed_and_shard_do_not_run_into_each_other() -> None:
    assert numbers(StepRandom(1, 12), "a", 0) != numbers(StepRandom(11, 2), "a", 0)


def test_a_generator_is_one_object_and_begins_where_the_step_does() -> None:
    random = StepRandom(7)
    random.start(3)
    late = random.generator("dropout_1")
    assert random.generator("dropout_1") is late
    assert late.integers(0, 2**63, 4).tolist() == numbers(StepRandom(7), "dropout_1", 3)


def test_steps_are_independent_of_each_other() -> None:
    random = StepRandom(7)
    first = np.array([numbers(random, "dropout_1", step, 1)[0] for step in range(20_000)])
    counts = np.bincount(first >> 55, minlength=256)
    assert 160 < chi_square(counts) < 370
    pairs = 16 * (first[:-1] >> 59) + (first[1:] >> 59)
    assert 160 < chi_square(np.bincount(pairs, minlength=256)) < 370


def test_starting_a_step_takes_little_time_and_keeps_no_memory() -> None:
    random = StepRandom(7)
    for layer in range(10):
        random.generator(f"dropout_{layer}")
    seconds = min(timeit.repeat(lambda: random.start(1), number=1, repeat=100))
    assert seconds < 1e-3  # about 25 microseconds, on a machine with nothing else to do
    assert least_peak(lambda: random.start(7)) < 10_000


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
    assert least_peak(lambda: random.refill(rng, 1_000_000)) < 10_000
    assert np.shares_memory(first, random.refill(rng, 10))


def test_a_refill_draws_one_number_from_the_generator() -> None:
    rng, other = generator(0, "bytes"), generator(0, "bytes")
    RandomBytes(1_000).refill(rng, 1_000)
    other.integers(0, 2**64, dtype=np.uint64)
    assert rng.bit_generator.state == other.bit_generator.state


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_array_is_filled_with_normal_numbers_in_place(
    dtype: type[np.float32 | np.float64],
) -> None:
    out: Array = np.zeros((200, 500), dtype)
    fill_normal(generator(0, "test"), out)
    assert out.mean() == pytest.approx(0, abs=0.01)
    assert out.std() == pytest.approx(1, abs=0.01)
    assert np.mean(np.abs(out) < 1) == pytest.approx(0.6827, abs=0.005)
    assert least_peak(lambda: fill_normal(generator(0, "test"), out)) < 20_000
