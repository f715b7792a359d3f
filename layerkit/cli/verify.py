"""``layerkit verify``: the files of a run, and whether runs of its spec can be resumed here."""

from __future__ import annotations

from pathlib import Path

from layerkit.cli.output import report, say
from layerkit.display.format import count
from layerkit.errors import DataError, UsageError
from layerkit.plan.network import plan_network
from layerkit.runs.directory import RunDirectory
from layerkit.runs.record import StoredRun
from layerkit.runs.verifying import check_files
from layerkit.testing.resume import check_resume


def verify_run(directory: Path, steps: int | None) -> int:
    """Check a run; print what was tried, and return the exit code.

    Parameters
    ----------
    directory
        Of the run.
    steps
        Of the short copy that is interrupted and resumed; None: as many as usual.
    """
    files = RunDirectory(directory)
    exit_code, good = 0, list[str]()
    for checked in check_files(files):
        if checked.error is None:
            good.append(checked.name)
        else:
            report(str(checked.error))
            exit_code = exit_code or checked.error.exit_code
    say(f"{directory}: {', '.join(good)}: ok")
    if exit_code:
        return exit_code
    spec = files.read_spec()
    stored = StoredRun(files, spec, files.read_manifest())
    try:
        stored.check_environment(plan_network(spec, info=files.read_info()), inexact=False)
    except UsageError as different:
        report(str(different), label="note")
    try:
        restarts = check_resume(spec, steps=steps)
    except AssertionError as failure:
        report(f"{directory}: {failure}")
        return DataError.exit_code
    say(f"{count(restarts, 'restart')} of a short copy of it, the same bits: ok")
    return 0
