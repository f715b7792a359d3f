"""Disks that are full, read-only or gone."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.counts import Counts
from tests.faults.judge import OTHER, Mistake, message_mistakes
from tests.faults.scenarios import POLICIES, Scenario, Scenarios
from tests.faults.tracing import Fault
from tests.faults.trials import FILES, failed
from tests.faults.workshop import LONGEST, Workshop, working

PAGES = 128
"""Of 4,096 bytes; the size of the small disk."""
NAMESPACE = ("unshare", "--mount", "--propagation", "private")
"""A process of its own mounts what nobody else sees, and what ends with it."""


@pytest.fixture(scope="module")
def mounting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """Return a workshop whose directory ``small`` is a small disk."""
    directory = tmp_path_factory.mktemp("mounting")
    small = directory / "small"
    small.mkdir()
    prefix = list(NAMESPACE)
    if os.geteuid():
        prefix += ["--user", "--map-root-user"]
    try:
        with working(directory, prefix=prefix) as started:
            size = f"size={4 * PAGES}k"
            ran = started.do("command", "mount", "-t", "tmpfs", "-o", size, "tmpfs", small)
            if ran.code:
                pytest.skip(f"no disk can be mounted here: {ran.err.strip()}")
            yield started
    except (OSError, EOFError) as error:
        pytest.skip(f"no disk can be mounted here: {error}")


def on(disk: Path, played: Scenario) -> Scenario:
    """Return the same scenario in a directory on another disk."""
    directory = disk / "run"
    arguments = tuple(
        str(directory) if each == str(played.directory) else each for each in played.arguments
    )
    recovery = ("resume", str(directory))
    return replace(played, directory=directory, arguments=arguments, recoveries=[recovery])


def test_a_full_disk_is_reported_and_loses_nothing(
    mounting: Workshop, counts: Counts, *, is_long: bool
) -> None:
    small = mounting.directory / "small"
    played = on(small, Scenarios(mounting, *POLICIES["wide"]).of("run"))
    for free in range(0, PAGES + 1, 1 if is_long else 3):
        filler = [f"if={os.devnull}", f"of={small / 'filler'}", "bs=4096", f"seek={PAGES - free}"]
        mounting.do("command", "rm", "-rf", played.directory, small / "filler")
        mounting.do("command", "dd", *filler)
        length = str(4096 * (PAGES - free))
        if free < PAGES:
            ran = mounting.do("command", "fallocate", "-l", length, small / "filler")
            assert ran.code == 0, ran.err
        ran = mounting.layerkit(*played.arguments)
        mounting.do("command", "rm", "-f", small / "filler")
        counts.add("full disk", f"{free} pages free", failed(played, mounting, ran))
    counts.check()


@pytest.mark.parametrize("policy", ["wide", "at the end"])
def test_a_limit_of_file_sizes_is_reported_and_loses_nothing(
    policy: str,
    workshop: Workshop,
    scenarios: dict[str, Scenarios],
    counts: Counts,
    *,
    is_long: bool,
) -> None:
    played = scenarios[policy].of("run")
    sizes = [path.stat().st_size for path in played.directory.rglob("*") if path.is_file()]
    stride = max(sizes) // (300 if is_long else 40)
    for largest in [*range(0, 4000, 500 if not is_long else 50), *range(0, max(sizes), stride)]:
        played.prepare()
        ran = workshop.layerkit(*played.arguments, largest=largest)
        name = f"at most {largest} bytes"
        counts.add("short write (RLIMIT_FSIZE)", name, failed(played, workshop, ran))
    counts.check()


@pytest.mark.parametrize("error", ["EROFS", "EACCES"])
@pytest.mark.parametrize("command", ["run", "resume"])
def test_a_directory_that_cannot_be_written_to_is_found_before_the_first_step(
    command: str,
    error: str,
    workshop: Workshop,
    scenarios: dict[str, Scenarios],
    counts: Counts,
) -> None:
    played = scenarios["every 3 steps"].of(command)
    for call in ("openat", *["mkdir"] * (command == "run")):
        played.prepare()
        fault = Fault(call, 1, f"error={error}", and_on=True)
        ran, lines = workshop.traced(fault.options(played.paths), *played.arguments)
        written = [line for line in lines if ".partial" in line]
        counts.add("read-only directory", f"{command} {fault}", refusal_mistakes(ran.code, written))
        assert ran.err.startswith("error: ")
    counts.check()


def refusal_mistakes(code: int, written: list[str]) -> Iterator[Mistake]:
    if code != FILES:
        yield Mistake(OTHER, f"expected exit code {FILES}, found {code}")
    if written:
        yield Mistake(OTHER, f"expected it to end before it writes, found {written}")


@pytest.mark.parametrize("command", ["run", "resume"])
def test_a_disk_that_is_read_only_is_found_before_the_first_step(
    command: str, mounting: Workshop, counts: Counts
) -> None:
    small = mounting.directory / "small"
    played = on(small, Scenarios(mounting, *POLICIES["every 3 steps"]).of("run"))
    mounting.do("command", "rm", "-rf", played.directory)
    arguments = played.arguments
    if command == "resume":
        assert mounting.layerkit(*played.arguments).code == 0
        arguments = ("resume", str(played.directory), "--epochs", "5")
    before = mounting.inspect(played.directory)
    assert mounting.do("command", "mount", "-o", "remount,ro", small).code == 0
    try:
        ran = mounting.layerkit(*arguments)
        found = mounting.inspect(played.directory)
    finally:
        mounting.do("command", "mount", "-o", "remount,rw", small)
    mistakes = [*message_mistakes(ran), *refusal_mistakes(ran.code, [])]
    if found != before or "epoch" in ran.out.split("results")[-1]:
        mistakes.append(Mistake(OTHER, f"expected nothing to be done, found {ran} {found}"))
    counts.add("read-only directory", f"{command} on a read-only disk", mistakes)
    counts.check()


@pytest.mark.parametrize("way", ["renamed", "removed"])
def test_a_directory_that_goes_away_ends_the_run(
    way: str, workshop: Workshop, scenarios: dict[str, Scenarios], counts: Counts, *, is_long: bool
) -> None:
    played = scenarios["every step"].of("run")
    arguments = [*played.arguments, "--set", "training.epochs=100000"]
    for number in range(10 if is_long else 3):
        played.prepare()
        fork = workshop.fork("main", *arguments)
        workshop.go(fork)
        until = time.monotonic() + LONGEST
        while not list(played.directory.glob("checkpoints/*.safetensors")):
            assert time.monotonic() < until
            time.sleep(0.001)
        time.sleep(0.01 * number)
        if way == "renamed":
            played.directory.rename(workshop.path("elsewhere"))
        while way == "removed" and played.directory.exists():
            shutil.rmtree(played.directory, ignore_errors=True)
        ran = workshop.wait(fork)
        mistakes = [*message_mistakes(ran), *refusal_mistakes(ran.code, [])]
        counts.add("directory gone in mid-run", f"{way} {number}", mistakes)
    counts.check()
