"""``layerkit init`` without a table: asks, and writes a spec to start from."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import typer

from layerkit.cli.init_schema import schema_for, schema_line, write_schema_once
from layerkit.cli.output import say, say_facts
from layerkit.contracts.dataset import DATASETS
from layerkit.errors import FileError, UsageError
from layerkit.formats.atomic import written_atomically
from layerkit.new_spec.starter import DATA, SIZES, TASKS, Starter, starter_text
from layerkit.registry import installed
from layerkit.spec.loading import parse_document, validate

_TABLE = "for a table of your own: layerkit init FILE --target COLUMN"
_EXAMPLE = "layerkit init --task classification --data synthetic --size small"

ChoiceT = TypeVar("ChoiceT", bound=str)


@dataclass(frozen=True, slots=True)
class StarterOptions:
    """What was typed: see ``layerkit init --help``."""

    task: str | None
    data: str | None
    size: str | None
    out: Path | None
    force: bool


def init_starter(options: StarterOptions) -> int:
    """Write a spec to start from, and say what to do next; return the exit code."""
    given = {"--task": options.task, "--data": options.data, "--size": options.size}
    missing = [name for name, value in given.items() if value is None]
    if missing and not sys.stdin.isatty():
        raise UsageError(
            f"expected {', '.join(missing)}, as there is no terminal to ask on: such as "
            f"{_EXAMPLE}; {_TABLE}"
        )
    if missing:
        say(f"A spec to start from. {_TABLE[0].upper()}{_TABLE[1:]}")
    task = _one_of(TASKS, "--task", options.task, "What is to be predicted?")
    data = _one_of(DATA, "--data", options.data, "Which data?")
    size = _one_of(SIZES, "--size", options.size, "How large is the network to be?")
    out = options.out or Path("spec.toml")
    if out.suffix != ".toml":
        raise UsageError(f"expected --out to end in .toml, found {out}")
    if out.exists() and not options.force:
        raise FileError(
            f"{out}: expected no such file, as a new spec would take its place; choose another "
            "with --out, or say --force"
        )
    if data == "mnist" and "mnist" not in installed().names(DATASETS):
        raise UsageError("--data mnist needs a plugin: pip install layerkit-mnist")
    run = (Path("runs") / out.stem).as_posix()
    commands = [shlex.join(["layerkit", "run", str(out), "--out", run])]
    if data == "npz":
        commands.insert(0, shlex.join(["layerkit", "validate", str(out)]))
    schema = schema_for(out)
    text = f"{schema_line(out, schema)}\n\n{starter_text(Starter(task, data, size, commands))}"
    validate(parse_document(text, "toml", str(out), out.parent))
    with written_atomically(out) as file:
        file.write(text.encode())
    facts = {"spec": str(out)}
    if write_schema_once(schema):
        facts["schema"] = f"{schema.name} beside it, for editors"
    say_facts(facts)
    say("")
    first = "Put your data there" if data == "npz" else "Look at the spec"
    say(f"{first}, then type:")
    for command in commands:
        say(f"  {command}")
    return 0


def _one_of(choices: Sequence[ChoiceT], name: str, given: str | None, question: str) -> ChoiceT:
    """Return what was typed, or what is answered; asks again until that is one of the choices."""
    expected = f"{', '.join(choices[:-1])} or {choices[-1]}"
    answer = given if given is not None else _asked(question, expected, choices[0])
    while answer not in choices:
        if given is not None:
            raise UsageError(f"expected {name} to be {expected}, found {given!r}; {_TABLE}")
        say(f"expected {expected}")
        answer = _asked(question, expected, choices[0])
    return next(each for each in choices if each == answer)


def _asked(question: str, expected: str, default: str) -> str:
    try:
        answer: str = typer.prompt(f"{question} {expected}", default=default)
    except typer.Abort:
        raise KeyboardInterrupt from None  # Ctrl-C, or the end of what is typed
    return answer.strip()
