"""What can be typed of the verbs that use a trained network, and what help says about them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from layerkit.cli.arguments import AsJson

Run: TypeAlias = Annotated[Path, typer.Argument(metavar="RUN", help="A run directory.")]
Checkpoint: TypeAlias = Annotated[
    Literal["last", "best"],
    typer.Option(help="The weights of the run's end, or of its best epoch."),
]
Format: TypeAlias = Annotated[
    Literal["csv", "jsonl", "parquet", "arrow", "npz", "npy"] | None,
    typer.Option("--format", help="Of the file; by default as its name says."),
]
Separator: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="CHARACTER", help="Between cells of a CSV file; by default as in the run's spec."
    ),
]
Decimal: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="CHARACTER", help="The decimal point of a CSV file; likewise."),
]
Encoding: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NAME", help="Of the text of a CSV file; likewise.")
]


def evaluate(
    run: Run,
    *,
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Evaluate on this file, which has the targets too."),
    ] = None,
    part: Annotated[
        Literal["test", "validation", "train"] | None,
        typer.Option(
            help="Which of the run's own data; by default those to test on, else to validate on."
        ),
    ] = None,
    checkpoint: Checkpoint = "last",
    file_format: Format = None,
    separator: Separator = None,
    decimal: Decimal = None,
    encoding: Encoding = None,
    as_json: AsJson = False,
) -> int:
    """Show how well a trained network does: loss, metrics, every class, confusion matrix.

    Without --data the run's own data are read again, from where its spec says. FILE is a table for
    a network that was trained on one, with the same columns; else an .npz file with the arrays
    'inputs' and 'targets'.
    """
    from layerkit.cli.evaluate import evaluate_run
    from layerkit.inference.file_options import FileOptions

    options = FileOptions(file_format, None, separator, decimal, encoding)
    return evaluate_run(run, checkpoint, data, part, options, as_json=as_json)


def predict(
    run: Run,
    *,
    given: Annotated[
        Path,
        typer.Option("--input", "-i", metavar="FILE", help="What to predict from; '-' is stdin."),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="By default '-', which is stdout."),
    ] = Path("-"),
    checkpoint: Checkpoint = "last",
    file_format: Format = None,
    output_format: Annotated[
        Literal["csv", "jsonl", "parquet", "arrow", "npz"] | None,
        typer.Option(help="By default as the output's name says, on stdout as the input's."),
    ] = None,
    outputs: Annotated[
        Literal["all", "classes", "probabilities"],
        typer.Option(help="What is written of a prediction."),
    ] = "all",
    keep: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN", help="Copy a column of the input to the output; may be repeated."
        ),
    ] = None,
    array: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The array of an .npz file; by default 'inputs', or the only one.",
        ),
    ] = None,
    separator: Separator = None,
    decimal: Decimal = None,
    encoding: Encoding = None,
) -> int:
    """Predict for every row of a file, in order; the file may be larger than memory.

    A network that was trained on a table finds its columns by their names, in any order; others
    take a number for each input in a row, or an array. The output has the predicted class by name
    and the probability of every class, or the predicted numbers. A file appears under its name
    when all is written, or not at all.
    """
    from layerkit.cli.predict import predict_with
    from layerkit.inference.file_options import FileOptions
    from layerkit.inference.predict import Prediction

    options = FileOptions(file_format, array, separator, decimal, encoding)
    wanted = Prediction(given, output, options, output_format, outputs, keep or ())
    return predict_with(run, checkpoint, wanted)
