"""The machine and the versions that figures belong to, without names of hosts or people."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import BaseModel

from benchmarks.install import RECORD

PACKAGES = ("layerkit", "numpy", "torch", "jax", "keras", "scikit-learn", "onnxruntime")
_CPU_INFO, _CPU_TIMES = Path("/proc/cpuinfo"), Path("/proc/stat")


class Machine(BaseModel):
    """What figures were measured on.

    Attributes
    ----------
    blas
        NumPy's, with the kernels that it chose.
    installed
        Every line of the requirements, and what went wrong with it, if anything.
    """

    processor: str
    cores: int
    system: str
    python: str
    versions: dict[str, str]
    blas: str
    installed: dict[str, str]


class Measured(BaseModel):
    """When something was measured, and how busy others kept the machine just before."""

    date: str
    busy: float | None


def this_machine() -> Machine:
    """Return the machine that runs this."""
    return Machine(
        processor=_processor(),
        cores=os.cpu_count() or 1,
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        versions={name: found for name in PACKAGES if (found := _version(name))},
        blas=_blas(),
        installed=_installed(),
    )


def measured_now() -> Measured:
    """Return the date, and how busy the machine is for a second."""
    return Measured(date=datetime.now(UTC).date().isoformat(), busy=_busy(1.0))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _blas() -> str:
    """Ask a new process, whose BLAS chooses its kernels in today's environment."""
    program = (
        "import json, numpy, threadpoolctl; print(json.dumps(threadpoolctl.threadpool_info()))"
    )
    finished = subprocess.run(  # noqa: S603  # the program is our own
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    libraries: list[dict[str, str | int | None]] = json.loads(finished.stdout)
    found = [
        f"{each['internal_api']} {each['version']} ({each.get('architecture') or 'its own choice'})"
        for each in libraries
        if each["user_api"] == "blas"
    ]
    return ", ".join(found) or "unknown to threadpoolctl"


def _installed() -> dict[str, str]:
    record = Path(sys.prefix) / RECORD
    found: dict[str, str] = json.loads(record.read_text("utf-8")) if record.exists() else {}
    return found


def _processor() -> str:
    if _CPU_INFO.exists():
        for line in _CPU_INFO.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _busy(seconds: float) -> float | None:
    """Return the share of all cores' time that is in use, where the system tells."""
    if not _CPU_TIMES.exists():
        return None
    before = _times()
    time.sleep(seconds)
    spent = [after - start for after, start in zip(_times(), before, strict=True)]
    idle = spent[3] + spent[4]
    return round(1 - idle / max(sum(spent), 1), 2)


def _times() -> list[int]:
    """Return the ticks spent so far by kind: user, nice, system, idle, waiting, and so on."""
    first, _, _ = _CPU_TIMES.read_text("utf-8").partition("\n")
    return [int(ticks) for ticks in first.split()[1:9]]
