"""The command: ``python -m benchmarks [PART ...]``, which ``make bench`` runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.environment import let_libraries_choose
from benchmarks.machine import this_machine
from benchmarks.page import PLOT, page
from benchmarks.parts.gate import GateError
from benchmarks.parts.gate import measure as pass_gate
from benchmarks.parts.speed import Raced, goals_grid
from benchmarks.parts.table import PARTS
from benchmarks.results import PATH, Results, read
from benchmarks.say import say
from benchmarks.workloads import WORKLOADS

DOCS = Path(__file__).resolve().parents[1] / "docs"
WIDTH = 130


def main(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PART]...", help=f"Of {', '.join(PARTS)}; by default all."),
    ] = None,
    *,
    save: Annotated[
        bool, typer.Option(help="With parts: keep their results and write the page anew.")
    ] = False,
    only_page: Annotated[
        bool, typer.Option("--page", help="Measure nothing; write the page from the results.")
    ] = False,
) -> None:
    """Measure Layerkit beside other libraries, print tables, and keep the results."""
    console = Console(width=WIDTH, highlight=False)
    if only_page:
        write_page(read(PATH))
        return
    unknown = [name for name in names or () if name not in PARTS]
    if unknown:
        raise typer.BadParameter(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    keep = save or not names
    let_libraries_choose(os.environ)
    machine = this_machine()
    results = read(PATH) if save and names and PATH.exists() else Results(machine=machine)
    if results.machine != machine:
        console.print("The results kept are of another machine or versions; run all parts.")
        raise typer.Exit(2)
    try:
        measure(results, names or list(PARTS), console, keep=keep)
    except GateError as error:
        console.print(str(error))
        raise typer.Exit(1) from error


def measure(results: Results, names: list[str], console: Console, *, keep: bool) -> None:
    """Measure parts and print their tables; after each, write what there is, if so told."""
    races = [name for name in names if name in WORKLOADS]
    if races and "gate" not in names:
        pass_gate(say, races)
    for name in names:
        section = PARTS[name].measure(say)
        say("")
        results.parts[name] = section
        for grid in section.grids():
            console.print(grid.table())
        if keep:
            results.write(PATH)
            write_page(results)
    raced = {name: part for name in races if isinstance(part := results.parts[name], Raced)}
    if raced:
        console.print(goals_grid(raced).table())


def write_page(results: Results) -> None:
    """Write the page, and the plot on it."""
    (DOCS / "performance.md").write_text(page(results), "utf-8")
    if "scaling" in results.parts:
        subprocess.run(  # noqa: S603  # the module is our own
            [sys.executable, "-m", "benchmarks.peers.plot", str(PATH), str(DOCS / PLOT)],
            check=True,
        )


if __name__ == "__main__":
    typer.run(main)
