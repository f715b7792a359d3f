"""``layerkit crossval`` and ``layerkit run --seeds``: several runs, and a table of them."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from pathlib import Path

from layerkit.cli.output import report, say, say_facts, terminal_width, wrapped
from layerkit.cli.progress import progress
from layerkit.cli.run import too_large
from layerkit.cli.series_table import series_table, spread_text
from layerkit.cli.signals import INTERRUPTED, interrupting
from layerkit.cli.specs import planned
from layerkit.cli.tables import show
from layerkit.display.describe import data_text, network_text
from layerkit.display.format import count, duration, figures
from layerkit.errors import DivergedError, UsageError
from layerkit.interrupts import Interruption, Terminated
from layerkit.plan.network import NetworkPlan
from layerkit.runs.directory import new_run_directory
from layerkit.runs.fitting import check_memory, check_threads
from layerkit.runs.results import RunResults
from layerkit.runs.series import Member, Series, folds_of, seeds_of
from layerkit.spec.source import Override


def cross_validate(
    path: Path, overrides: Sequence[str | Override], folds: int, out: Path | None, *, quiet: bool
) -> int:
    """Run a spec once for every fold of its data, and return the exit code.

    Parameters
    ----------
    path, overrides
        The spec and changes to it.
    folds
        How many there are.
    out
        Where the runs are; by default a new directory below ``runs``.
    quiet
        Whether to print that directory alone.
    """
    fold = Override("--folds", f"data.fold=1/{folds}", ("data", "fold"))
    plan = planned(path, [*overrides, fold])
    directory = new_run_directory(f"{path.stem}-crossval") if out is None else out
    series = Series(directory, "fold", folds_of(plan.spec, folds))
    return _carry_out(series, plan, path, made=out is None, quiet=quiet)


def run_seeds(
    path: Path,
    overrides: Sequence[str | Override],
    seeds: int,
    out: Path | None,
    *,
    quiet: bool,
    strict: bool = False,
) -> int:
    """Run a spec once for every seed, beginning with its own, and return the exit code.

    Parameters
    ----------
    path, overrides, out, quiet
        As for `cross_validate`.
    seeds
        How many there are.
    strict
        Whether warnings are errors.
    """
    plan = planned(path, overrides, strict=strict)
    members = seeds_of(plan.spec, seeds)
    directory = new_run_directory(f"{path.stem}-seeds") if out is None else out
    series = Series(directory, "seed", members)
    return _carry_out(series, plan, path, made=out is None, quiet=quiet)


def _carry_out(series: Series, plan: NetworkPlan, path: Path, *, made: bool, quiet: bool) -> int:
    """Carry out a series of runs and print what they come to; return the exit code."""
    check_threads(plan)
    check_memory(plan)
    runs = count(len(series.members), series.kind)
    if not quiet:
        about = {"spec": str(path), "network": network_text(plan), "data": data_text(plan)}
        say_facts({**about, "runs": runs, "results": str(series.directory)})
        say("")
    results: dict[str, RunResults] = {}
    try:
        with series.opened():
            results = series.results()
            for member in series.members:
                results[member.name] = _one(series, member, quiet=quiet)
                series.write(str(path), results)
    except (KeyboardInterrupt, Terminated) as error:
        return _report_early_end(series, error)
    except MemoryError as error:
        raise UsageError(too_large(plan, error)) from error
    finally:
        if made:
            with suppress(OSError):  # it has files, as it should
                series.directory.rmdir()
    if quiet:
        say(str(series.directory))
    else:
        _show(series, [*results.values()])
    diverged = [name for name, each in results.items() if each.status == "diverged"]
    if diverged:
        report(f"{len(diverged)} of {runs} diverged: {', '.join(diverged)}")
        return DivergedError.exit_code
    return 0


def _one(series: Series, member: Member, *, quiet: bool) -> RunResults:
    """Carry out one run, and say how it went."""
    interruption = Interruption()
    with interrupting(interruption), nullcontext() if quiet else progress(rows=False) as callback:
        callbacks = [] if callback is None else [callback]
        results = series.carry_out(member, callbacks, interruption)
    if not quiet:
        of = "test" if results.test else "validation"
        found = [
            figures(results.test or results.validation, of),
            results.status if results.status != "finished" else "",
            count(results.epochs, "epoch"),
            "" if results.seconds is None else duration(results.seconds),
        ]
        say(f"{series.kind} {member.value}: {', '.join(filter(None, found))}")
    return results


def _show(series: Series, results: Sequence[RunResults]) -> None:
    """Print the table of a series, and in a line what its figures come to."""
    say("")
    values = [member.value for member in series.members]
    show(series_table(series.kind, values, results))
    say("")
    text = spread_text(results, series.kind)
    if text:
        say(wrapped(text, terminal_width(sys.stdout), 0))
    say(f"results in {series.directory}")


def _report_early_end(series: Series, error: BaseException) -> int:
    """Say what there is of a series that was ended early; return the exit code."""
    is_terminated = isinstance(error, Terminated)
    report("terminated" if is_terminated else "interrupted")
    done = [each for each in series.results().values() if each.status == "finished"]
    there = f"{len(done)} of {count(len(series.members), series.kind)} are finished"
    again = f"the same command with --out {shlex.quote(str(series.directory))} does the rest"
    if series.directory.exists():
        report(f"{there}; {again}", label="note")
    return 128 + error.number if isinstance(error, Terminated) else INTERRUPTED
