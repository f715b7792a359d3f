"""Arguments and options that several verbs have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer


def _completing_override(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    from layerkit.cli.completion import complete_override

    return complete_override(incomplete, ctx.params, ctx.args)


def completing_path(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return what a path in the spec that was typed may become."""
    from layerkit.cli.completion import complete_path

    return complete_path(incomplete, ctx.params, ctx.args)


def completing_component(incomplete: str) -> list[tuple[str, str]]:
    """Return what the name of a component may become."""
    from layerkit.cli.completion import complete_component

    return complete_component(incomplete)


def completing_rule(incomplete: str) -> list[tuple[str, str]]:
    """Return what the code of a rule may become."""
    from layerkit.cli.completion import complete_rule

    return complete_rule(incomplete)


Spec: TypeAlias = Annotated[Path, typer.Argument(metavar="SPEC", help="A TOML or JSON file.")]
Overrides: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        autocompletion=_completing_override,
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
