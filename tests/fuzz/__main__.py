"""Fuzzes a target: ``python -m tests.fuzz SECONDS [TARGET...]``; all of them by default.

Inputs that reach new code are kept in ``.fuzz/TARGET``, to begin with the next time; one that
fails is written to ``.fuzz/found-TARGET-...``, and belongs into ``tests/fuzz/finds`` once mended.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".fuzz"
LONGEST = 5
"""Seconds that one input may take."""
MEGABYTES = 2048
"""Of memory that a target may take."""
_INSTRUMENTED = ["layerkit", "tomllib", "tests.fuzz.targets"]


def fuzz(target: str, seconds: int) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris

    with atheris.instrument_imports(include=_INSTRUMENTED):
        from tests.fuzz.targets import seeds, targets, words

    directory = Path(tempfile.mkdtemp(prefix="layerkit-fuzz-"))
    corpus = KEPT / target
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(target)):
        (corpus / f"seed-{number}").write_bytes(seed)
    dictionary = directory / "words"
    quoted = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words())
    dictionary.write_text("".join(f'"{word}"\n' for word in quoted))
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={LONGEST}",
        f"-rss_limit_mb={MEGABYTES}",
        f"-artifact_prefix={KEPT}/found-{target}-",
        f"-dict={dictionary}",
        "-max_len=16384",
        "-print_final_stats=1",
        "-verbosity=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], targets(directory)[target])
    atheris.Fuzz()


def main() -> int:
    """Fuzz every target in a process of its own, and say how many inputs each got."""
    try:
        import atheris  # noqa: F401
    except ImportError as error:
        sys.stderr.write(
            f"error: atheris cannot be imported ({error}): expected a Python that it has wheels "
            "for, such as 3.11 to 3.13 on Linux; 'make fuzz PYTHON=python3.13' takes another\n"
        )
        return 2
    seconds, names = sys.argv[1], sys.argv[2:]
    if seconds == "--one":
        fuzz(names[0], int(names[1]))
        return 0
    if not names:
        from tests.fuzz.targets import targets

        names = [*targets(ROOT)]
    failed: list[str] = []
    for name in names:
        command = [sys.executable, "-m", "tests.fuzz", "--one", name, seconds]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        tried = next((line for line in ran.stderr.splitlines() if "executed_units" in line), ": 0")
        ended = f"ENDED BY SIGNAL {-ran.returncode}" if ran.returncode < 0 else "FAILED"
        verdict = ended if ran.returncode else "nothing found"
        sys.stdout.write(f"{name:<12}{tried.rpartition(':')[2].strip():>10} inputs  {verdict}\n")
        sys.stdout.flush()
        if ran.returncode:
            failed.append(name)
            said = f"{ran.stdout}\n{ran.stderr}".splitlines()
            sys.stderr.write("".join(f"{each}\n" for each in said if not each.startswith("INFO")))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
