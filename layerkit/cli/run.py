"""``layerkit run``: what is printed before, during and after a run."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from layerkit.cli.describe import data_text, network_text
from layerkit.cli.format import byte_count, count, duration, figures
from layerkit.cli.output import report, say, say_facts
from layerkit.cli.progress import progress
from layerkit.cli.signals import INTERRUPTED, TERMINATED, raising_on_sigterm
from layerkit.contracts.figures import BestEpoch
from layerkit.engine.network import CAPACITY
from layerkit.engine.training import Result
from layerkit.errors import DivergedError, UsageError
from layerkit.interrupts import Terminated
from layerkit.plan.memory import estimate_memory
from layerkit.plan.network import NetworkPlan, plan_network
from layerkit.runs.directory import RunDirectory, new_run_directory
from layerkit.runs.run import run
from layerkit.spec.loading import load_spec


def run_spec(path: Path, overrides: Sequence[str], out: Path | None, *, quiet: bool) -> int:
    """Run a spec and return the exit code.

    Parameters
    ----------
    path, overrides
        The spec and changes to it.
    out
        The run directory; by default a new one below ``runs``.
    quiet
        Whether to print the run directory alone.
    """
    spec = load_spec(path, overrides)
    plan = plan_network(spec, str(path))
    directory = new_run_directory(path.stem) if out is None else out
    if not quiet:
        about = {"spec": str(path), "network": network_text(plan), "data": data_text(plan)}
        say_facts({**about, "results": str(directory)})
        say("")
    try:
        with raising_on_sigterm():
            _run(plan, directory, quiet=quiet)
    except (KeyboardInterrupt, Terminated, DivergedError) as error:
        return _report_early_end(error, directory)
    except MemoryError as error:
        raise UsageError(_too_large(plan, path, error)) from error
    return 0


def _run(plan: NetworkPlan, directory: Path, *, quiet: bool) -> None:
    start = time.perf_counter()
    if quiet:
        run(plan, directory)
        say(str(directory))
        return
    with progress() as callback:
        result = run(plan, directory, [callback])
    say(_ending(result, plan.spec.training.epochs, time.perf_counter() - start, directory))


def _report_early_end(error: BaseException, directory: Path) -> int:
    """Say why a run ended early, and where its results are; return the exit code."""
    if isinstance(error, DivergedError):
        message, exit_code = str(error), error.exit_code
    elif isinstance(error, Terminated):
        message, exit_code = "terminated", TERMINATED
    else:
        message, exit_code = "interrupted", INTERRUPTED
    report(message)
    if RunDirectory(directory).has_weights:
        report(f"{directory} has what was trained so far", label="note")
    else:
        report("nothing was trained yet", label="note")
    return exit_code


def _too_large(plan: NetworkPlan, path: Path, error: MemoryError) -> str:
    memory = estimate_memory(plan, CAPACITY, plan.threads.shards)
    return (
        f"{path}: not enough memory: expected about {byte_count(memory.total)} to be free, found "
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
