"""Every hostile spec ends soon, in a diagnostic, in little memory, and with nothing written.

``make test-specs`` prints the numbers.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from layerkit.cli import main
from tests.helpers.commands import Ran, here
from tests.hostile.cases import GOOD, Case, cases
from tests.hostile.limits import BYTES, LONGEST, SECONDS

CASES = [*cases()]


@contextmanager
def limited_memory() -> Generator[None]:
    """Let the process have no more than `BYTES` beside the data that it has."""
    if sys.platform != "linux":
        yield
        return
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (data,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmData:"))
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (int(data) * 1024 + BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def timed(capsys: pytest.CaptureFixture[str], path: Path, case: Case) -> tuple[Ran, float]:
    start = time.process_time()
    with limited_memory():
        ran = here(capsys, "validate", path, *case.options)
    return ran, time.process_time() - start


@pytest.fixture(scope="module", autouse=True)
def _warm(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Import what a process imports once, which is not what is measured."""
    path = tmp_path_factory.mktemp("warm") / "good.toml"
    path.write_text(GOOD)
    assert main(["validate", str(path)]) == 0


def test_the_spec_that_others_are_made_of_is_good(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "spec.toml").write_text(GOOD)
    ran = here(capsys, "validate", tmp_path / "spec.toml")
    assert (ran.code, ran.err) == (0, "")


def test_there_are_at_least_eighty_cases_with_names_of_their_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 80


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_spec_ends_in_a_diagnostic(
    case: Case,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / f"spec{case.suffix}"
    if case.text is not None:
        path.write_bytes(case.text if isinstance(case.text, bytes) else case.text.encode())
    if case.prepare is not None:
        case.prepare(path)
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    ran, taken = timed(capsys, path, case)
    if taken >= SECONDS:  # another process may have had the caches of the processor
        ran, taken = timed(capsys, path, case)
    assert ran.code == case.code, ran.err[:2000]
    assert ran.err
    assert "Traceback" not in ran.err
    assert len(ran.err) < LONGEST
    assert all(each.isprintable() or each == "\n" for each in ran.err)
    assert taken < SECONDS
    assert sorted(tmp_path.rglob("*")) == before
