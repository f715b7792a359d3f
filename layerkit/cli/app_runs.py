"""The verbs for several runs, and for runs that are over; see `layerkit.cli.app`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from layerkit.cli.arguments import AsJson, Overrides, Quiet, Seed, Spec


def crossval(
    spec: Spec,
    *,
    folds: Annotated[
        int, typer.Option(metavar="N", min=2, help="How many folds, which is as many runs.")
    ] = 10,
    stratify: Annotated[
        bool, typer.Option("--stratify", help="Short for --set data.stratify=true.")
    ] = False,
    overrides: Overrides = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where to write; new, empty, or with some of the folds done. By default "
            "runs/<spec>-crossval-<date>-<time>.",
        ),
    ] = None,
    seed: Seed = None,
    quiet: Quiet = False,
) -> int:
    """Train the network of a spec once for every fold of its data, and test it on that fold.

    The training examples are dealt into folds, which depend on the seed alone. Every fold gets a
    run directory, and 'crossval.json' says what the test figures come to: mean and standard
    deviation. The same command with --out does the folds that are missing there.
    """
    from layerkit.cli.series import cross_validate

    changes = [*(overrides or ()), *([] if seed is None else [f"seed={seed}"])]
    changes += ["data.stratify=true"] if stratify else []
    return cross_validate(spec, changes, folds, out, quiet=quiet)


def runs(
    directories: Annotated[
        list[Path] | None,
        typer.Argument(metavar="DIR", help="Run directories, or above them. By default runs."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> int:
    """List runs with their results, the newest first.

    Runs are looked for down to three levels below each directory. What is no run, or cannot be
    read, is reported with the reason; the exit code is 0 all the same.
    """
    from layerkit.cli.runs import list_runs

    return list_runs(directories or (), as_json=as_json)


def compare(
    directories: Annotated[
        list[Path], typer.Argument(metavar="RUN", help="Two run directories or more.")
    ],
    *,
    as_json: AsJson = False,
) -> int:
    """Show where the specs of runs differ, beside their figures.

    Below them is what else differs that results depend on: versions, machine, threads and data.
    """
    from layerkit.cli.compare import compare_runs

    return compare_runs(directories, as_json=as_json)


def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run directory.")],
    *,
    out: Annotated[Path, typer.Option(metavar="FILE", help="What to write.")],
    form: Annotated[
        Literal["safetensors", "npz"] | None,
        typer.Option(
            "--format", help="Of the file. By default what its name ends in.", show_choices=True
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> int:
    """Write the trained network of a run into one file for other programs.

    It has every weight by its path, such as dense_1.weight, and beside them as JSON: the spec,
    layers and shapes, the scale of inputs, and names of classes, features and targets. In a
    safetensors file that is 'layerkit' in the metadata, in an npz file 'layerkit.json'.
    """
    from layerkit.cli.export import export as write

    return write(run, out, form, force=force)
