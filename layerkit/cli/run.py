"""``layerkit run`` and ``layerkit resume``: what is printed before, during and after a run."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Protocol

from layerkit.cli.output import report, say, say_facts
from layerkit.cli.progress import progress
from layerkit.cli.signals import INTERRUPTED, interrupting
from layerkit.cli.specs import planned_start
from layerkit.contracts.callback import Callback
from layerkit.contracts.figures import BestEpoch
from layerkit.display.describe import data_text, network_text
from layerkit.display.format import byte_count, count, duration, figures
from layerkit.engine.chains import CAPACITY
from layerkit.engine.starting import Start, listed
from layerkit.engine.training import Result
from layerkit.errors import DivergedError, UsageError
from layerkit.interrupts import Interruption, Terminated
from layerkit.plan.memory import estimate_memory
from layerkit.plan.network import NetworkPlan, plan_network
from layerkit.runs.directory import RunDirectory, new_run_directory
from layerkit.runs.fitting import check_memory, check_threads
from layerkit.runs.record import StoredRun
from layerkit.runs.recovery import recover
from layerkit.runs.run import resume, run
from layerkit.spec.source import Override


def run_spec(
    path: Path,
    overrides: Sequence[str | Override],
    out: Path | None,
    *,
    quiet: bool,
    strict: bool = False,
) -> int:
    """Run a spec and return the exit code.

    Parameters
    ----------
    path, overrides
        The spec and changes to it.
    out
        The run directory; by default a new one below ``runs``.
    quiet
        Whether to print the run directory alone.
    strict
        Whether warnings are errors.
    """
    plan, start = planned_start(path, overrides, strict=strict)
    check_threads(plan)
    check_memory(plan)
    directory = new_run_directory(path.stem) if out is None else out
    if not quiet:
        about = {"spec": str(path), "network": network_text(plan), "data": data_text(plan)}
        if start is not None:
            about["start"] = _start_text(start)
        say_facts({**about, "results": str(directory)})
        say("")
    interruption = Interruption()
    work = partial(run, plan, directory, interruption=interruption)
    try:
        return _carry_out(work, plan, directory, interruption, quiet=quiet)
    finally:
        if out is None:
            with suppress(OSError):  # it has files, as it should
                directory.rmdir()


def resume_run(directory: Path, epochs: int | None, *, inexact: bool, quiet: bool) -> int:
    """Resume a run and return the exit code.

    Parameters
    ----------
    directory
        Of the run.
    epochs
        How many it is to have in all; None: as many as its spec says.
    inexact
        Whether other bits are welcome where versions or the machine differ.
    quiet
        Whether to print the run directory alone.
    """
    files = RunDirectory(directory)
    with files.locked():
        stored = StoredRun.read(files)
        plan = plan_network(stored.spec_for(epochs), str(directory))
        recover(files)
        done = files.checkpoints.last_step()
    if not quiet:
        about = {"run": str(directory), "network": network_text(plan), "data": data_text(plan)}
        say_facts({**about, "resumed": f"after {count(done, 'step')}"})
        say("")
    interruption = Interruption()
    work = partial(resume, directory, epochs=epochs, inexact=inexact, interruption=interruption)
    return _carry_out(work, plan, directory, interruption, quiet=quiet)


def _start_text(start: Start) -> str:
    """Return which weights a run starts from, and what it takes no part in."""
    taken = f"{count(len(start.arrays), 'array')} of {start.run}"
    return f"{taken}; new: {listed(start.new)}; not taken: {listed(start.left)}"


class _Runs(Protocol):
    def __call__(self, *, callbacks: Sequence[Callback] = ()) -> Result: ...


def _carry_out(
    work: _Runs, plan: NetworkPlan, directory: Path, interruption: Interruption, *, quiet: bool
) -> int:
    """Train while signals are handled; print what happens, and return the exit code."""
    start = time.perf_counter()
    try:
        with interrupting(interruption):
            if quiet:
                work()
                say(str(directory))
                return 0
            with progress() as callback:
                result = work(callbacks=[callback])
            seconds = time.perf_counter() - start
            say(_ending(result, plan.spec.training.epochs, seconds, directory))
    except (KeyboardInterrupt, Terminated, DivergedError) as error:
        return _report_early_end(error, directory)
    except MemoryError as error:
        raise UsageError(too_large(plan, error)) from error
    return 0


def _report_early_end(error: BaseException, directory: Path) -> int:
    """Say why a run ended early, and where its results are; return the exit code."""
    if isinstance(error, DivergedError):
        message, exit_code = str(error), error.exit_code
    elif isinstance(error, Terminated):
        message, exit_code = "terminated", 128 + error.number
    else:
        message, exit_code = "interrupted", INTERRUPTED
    report(message)
    notes = _what_is_kept(RunDirectory(directory), diverged=isinstance(error, DivergedError))
    for note in notes or ["nothing was trained yet"]:
        report(note, label="note")
    return exit_code


def _what_is_kept(files: RunDirectory, *, diverged: bool) -> list[str]:
    """Return what is said of the files that a run has left which did not come to its end."""
    notes: list[str] = []
    directory, steps = files.path, files.checkpoints.steps()
    step = files.read_manifest().get("model_after_step") if files.has_weights else None
    if isinstance(step, int):
        notes.append(f"{directory} has the weights after step {step}, the last finite ones kept")
    elif files.has_weights:
        notes.append(f"{directory} has what was trained so far")
    if files.has_best:
        best = f"{files.best} has the weights of epoch {files.read_best()[1]}"
        notes.append(f"{best}, the best so far")
    if steps:
        saved = f"{steps[0][1]} was saved after {count(steps[0][0], 'step')}"
        resumed = f"'layerkit resume {directory}' continues it: {saved}"
        notes.append(f"{saved}, before that" if diverged else resumed)
    return notes


def too_large(plan: NetworkPlan, error: MemoryError) -> str:
    """Return what is said of a run for which there is not enough memory."""
    memory = estimate_memory(plan, CAPACITY, plan.threads.shards)
    return (
        f"not enough memory: expected about {byte_count(memory.total)} to be free, found "
        f"less ({error}); 'layerkit summary' shows what takes it"
    )


def _ending(result: Result, epochs: int, seconds: float, directory: Path) -> str:
    done = len(result.history)
    lines = [
        *_best(result.best),
        figures(result.test, "test"),
        f"stopped early, after {done} of {epochs} epochs" if result.stopped_early else "",
        f"{count(done, 'epoch')} in {duration(seconds)}",
        f"results in {directory}",
    ]
    return "\n" + "\n".join(filter(None, lines))


def _best(best: BestEpoch | None) -> list[str]:
    """Return what is said of the best epoch."""
    if best is None:
        return []
    found = f"best epoch {best.epoch}, by validation {best.monitor}"
    kept = [f"the weights of epoch {best.epoch} were kept"] if best.restored else []
    return [f"{found}: {figures(best.validation, 'validation')}", *kept]
