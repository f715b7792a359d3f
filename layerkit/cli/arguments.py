"""Arguments and options that several verbs have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

Spec: TypeAlias = Annotated[Path, typer.Argument(metavar="SPEC", help="A TOML or JSON file.")]
Overrides: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change the spec, such as training.epochs=3; may be repeated.",
    ),
]


Seed: TypeAlias = Annotated[int | None, typer.Option(metavar="N", help="Short for --set seed=N.")]
Quiet: TypeAlias = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print nothing but the run directory.")
]
Strict: TypeAlias = Annotated[
    bool, typer.Option("--strict", help="Take warnings for errors: exit with 2.")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]
