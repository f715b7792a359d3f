"""Tries hostile specs and hostile plugins, and prints how many there are and what they took."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from layerkit.display.tables import new_table, table_text
from tests.hostile.cases import GOOD, cases
from tests.hostile.forking import Forking, Measured, forking
from tests.hostile.limits import BYTES, SECONDS
from tests.hostile.plugins import plugin_cases


@dataclass(frozen=True, slots=True)
class Tried:
    """A case, what it took, and whether it ended as it must."""

    name: str
    measured: Measured
    code: int

    @property
    def is_handled(self) -> bool:
        """Whether exit code, time and memory are as they must be, with no traceback."""
        ran, used = self.measured.ran, self.measured
        is_told = ran.code == self.code and "Traceback" not in ran.err
        return is_told and used.seconds < SECONDS and used.bytes < BYTES


def try_specs(directory: Path, server: Forking) -> Iterator[Tried]:
    """Yield every hostile spec, tried."""
    for case in cases():
        work = directory / f"spec_{case.name}"
        work.mkdir()
        path = work / f"spec{case.suffix}"
        if case.text is not None:
            path.write_bytes(case.text if isinstance(case.text, bytes) else case.text.encode())
        if case.prepare is not None:
            case.prepare(path)
        used = server.run("validate", path.name, *case.options, directory=work)
        yield Tried(case.name, used, case.code)


def try_plugins(directory: Path, server: Forking) -> Iterator[Tried]:
    """Yield every hostile plugin, tried by a spec that uses it."""
    for case in plugin_cases():
        work = directory / f"plugin_{case.name}"
        work.mkdir()
        case.install(work / "site")
        (work / "spec.toml").write_text(GOOD.replace('"tanh"', f'"{case.written}"'))
        used = server.run("validate", "spec.toml", directory=work, site=work / "site")
        yield Tried(case.name, used, case.code)


def main() -> int:
    """Print the table; return 1 if anything was mishandled."""
    rows: dict[str, list[Tried]] = {}
    with TemporaryDirectory() as directory, forking() as server:
        rows["specs"] = [*try_specs(Path(directory), server)]
        rows["plugins"] = [*try_plugins(Path(directory), server)]
    names = ("hostile", "cases", "mishandled", "longest", "by", "most memory", "by ")
    table = new_table(dict.fromkeys(names, ""), right=("cases", "mishandled"))
    wrong: list[str] = []
    for what, tried in rows.items():
        slowest = max(tried, key=lambda each: each.measured.seconds)
        largest = max(tried, key=lambda each: each.measured.bytes)
        mishandled = [each.name for each in tried if not each.is_handled]
        wrong += mishandled
        table.add_row(
            what,
            str(len(tried)),
            str(len(mishandled)),
            f"{slowest.measured.seconds:.2f} s",
            slowest.name,
            f"{largest.measured.bytes / 2**20:.0f} MiB",
            largest.name,
        )
    limits = f"limits: {SECONDS:g} s of processor time, {BYTES // 2**20} MiB more than before"
    day = datetime.now(UTC).date().isoformat()
    where = f"{day}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    sys.stdout.write(f"{table_text(table)}\n\n{limits}\n{where}\n")
    if wrong:
        sys.stderr.write(f"mishandled: {', '.join(wrong)}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
