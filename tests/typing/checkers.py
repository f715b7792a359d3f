"""What type checkers say of small programs, and what the programs expect of them.

A program in ``mistakes`` begins with a docstring that says the mistake, and ends with comments that
quote what each checker says, ``# mypy 5: ...`` for line 5. ``python -m tests.typing`` writes these.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from layerkit.contracts.kinds import KINDS
from layerkit.registry import installed
from layerkit.schema.examples import example_of
from layerkit.spec.loading import load_spec
from layerkit.spec.python_text import to_python
from layerkit.values import is_list, is_table

ROOT = Path(__file__).parents[2]
CORRECT = sorted((ROOT / "tests/typing/correct").glob("*.py"))
MISTAKES = sorted((ROOT / "tests/typing/mistakes").glob("*/*.py"))
CHECKERS = ("mypy", "pyright")
EXPECTED = re.compile(r"^# (mypy|pyright) \d+: .*$", re.MULTILINE)


def expected(program: Path, checker: str) -> list[str]:
    """Return the comments of a program about one checker."""
    text = program.read_text(encoding="utf-8")
    return [found[0] for found in EXPECTED.finditer(text) if found[1] == checker]


def said_by(checker: str, programs: Sequence[Path]) -> dict[Path, list[str]]:
    """Return what a checker says of each program, as the comments quote it: one process for all."""
    complaints: defaultdict[Path, set[tuple[int, str]]] = defaultdict(set)
    found = _mypy(programs) if checker == "mypy" else _pyright(programs)
    for program, line, message, code in found:
        text = _shortened(message.partition("\n")[0])
        complaints[program].add((line, f"# {checker} {line}: {text} [{code}]"))
    return {program: [text for _, text in sorted(complaints[program])] for program in complaints}


def write_converted(directory: Path) -> list[Path]:
    """Write every shipped spec, and an example of every component, as Python."""
    specs = {path.stem: load_spec(path) for path in sorted((ROOT / "specs").glob("*.*"))}
    parts = {
        f"{kind.noun.replace(' ', '_')}_{name}": config.model_validate(
            example_of(config, installed())
        )
        for kind in KINDS
        for name in installed().names(kind)
        for config in [installed().load(kind, name)]
    }
    written: list[Path] = []
    for name, spec in {**specs, **parts}.items():
        written.append(directory / f"{name}.py")
        written[-1].write_text(to_python(spec, "Converted.", directory), encoding="utf-8")
    return written


def _mypy(programs: Iterable[Path]) -> Iterator[tuple[Path, int, str, str]]:
    for line in _output("mypy", "--strict", "--output=json", *map(str, programs)).splitlines():
        said: object = json.loads(line)
        assert is_table(said)
        if said["severity"] == "error":
            line_number = int(str(said["line"]))
            yield ROOT / str(said["file"]), line_number, str(said["message"]), str(said["code"])


def _pyright(programs: Iterable[Path]) -> Iterator[tuple[Path, int, str, str]]:
    with TemporaryDirectory() as directory:
        # A project of its own: that of the repository leaves the mistakes out.
        copies = {Path(directory, f"{each.parent.name}_{each.name}"): each for each in programs}
        for copy, program in copies.items():
            shutil.copy(program, copy)
        Path(directory, "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
        options = ["--outputjson", "--pythonpath", sys.executable, "--project", directory]
        output: object = json.loads(_output("basedpyright", *options))
    assert is_table(output)
    summary = output["summary"]
    assert is_table(summary)
    assert summary["filesAnalyzed"] == len(copies)
    found = output["generalDiagnostics"]
    assert is_list(found)
    for said in found:
        assert is_table(said)
        if str(said.get("rule")).startswith(("reportUnknown", "reportUnused")):
            continue  # what follows from the mistake, and what is short to show it
        place = said["range"]
        assert is_table(place)
        start = place["start"]
        assert is_table(start)
        line = int(str(start["line"])) + 1
        yield copies[Path(str(said["file"]))], line, str(said["message"]), str(said.get("rule"))


def _output(checker: str, *arguments: str) -> str:
    command = [str(Path(sys.executable).with_name(checker)), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return done.stdout


def _shortened(message: str) -> str:
    """Return a message without what types of arrays are made of, which differs between NumPys.

    Of more than six choices only the first is left, as codes of warnings become more.
    """
    short = re.sub(r"(?:tests\.typing\.mistakes|plugins|specs)(?:\.\w+)+\.(?=[A-Z])", "", message)
    short = re.sub(r"Literal\[('\w+')(?:, '\w+'){6,}\]", r"Literal[\1, ...]", short)
    while (found := re.search(r"(ndarray|dtype)\[(?!\.\.\.)", short)) is not None:
        depth, end = 1, found.end()
        while depth > 0 and end < len(short):
            depth += {"[": 1, "]": -1}.get(short[end], 0)
            end += 1
        short = f"{short[: found.start()]}{found[1]}[...]{short[end:]}"
    return short
