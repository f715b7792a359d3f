"""Every verb: what can be typed, and what help says about it.

The module that does the work is imported when the verb is called: ``layerkit --help`` waits for
nothing but typer.
"""

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


def application() -> typer.Typer:
    """Return the command line."""
    # Help with rich's formatting takes twice as long to appear.
    app = typer.Typer(
        name="layerkit",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_layerkit)
    app.command("run")(_run)
    app.command("validate")(_validate)
    app.command("summary")(_summary)
    plugins = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    plugins.callback()(_plugins)
    plugins.command("list")(_list_plugins)
    app.add_typer(plugins, name="plugins")
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"layerkit {version('layerkit')}")
        raise typer.Exit


def _layerkit(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Train small neural networks in NumPy, as a spec in TOML or JSON says.

    Exit codes: 0 fine, 1 a bug of ours, 2 the spec or the call is wrong, 3 data or stored
    weights are damaged, 4 a file cannot be read or written, 5 a plugin is at fault, 6 training
    diverged, 130 and 143 interrupted.
    """


def _run(
    spec: Spec,
    *,
    overrides: Overrides = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where to write; new or empty. By default runs/<spec>-<date>-<time>.",
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Short for --set seed=N.")] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing but the run directory.")
    ] = False,
) -> None:
    """Train the network of a spec and leave a run directory.

    The directory gets the spec with every default written, what the result depends on, a line
    for every epoch and the trained weights. A run that is interrupted or diverges leaves what it
    has.
    """
    from layerkit.cli.run import run_spec

    changes = [*(overrides or ()), *([] if seed is None else [f"seed={seed}"])]
    raise typer.Exit(run_spec(spec, changes, out, quiet=quiet))


def _validate(
    specs: Annotated[list[Path], typer.Argument(metavar="SPEC", help="TOML or JSON files.")],
) -> None:
    """Check specs: every name, option and shape.

    No data are read but the headers of data files. A line for every good spec goes to standard
    output, all problems of the others to standard error. The exit code is 0 if all are good, else
    that of the first that is not.
    """
    from layerkit.cli.validate import validate_specs

    raise typer.Exit(validate_specs(specs))


def _summary(
    spec: Spec,
    *,
    overrides: Overrides = None,
) -> None:
    """Show layers, output shapes, parameters and memory of a spec.

    No data are read but the headers of data files.
    """
    from layerkit.cli.summary import show_summary

    show_summary(spec, overrides or ())


def _plugins() -> None:
    """Show components, built-in ones and those of plugins."""


def _list_plugins(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")] = False,
) -> None:
    """List every component, the package that provides it, and whether it loads.

    What does not load is listed with the reason; the exit code is 0 all the same.
    """
    from layerkit.cli.plugins import list_components, show_json, show_table

    entries = list_components()
    if as_json:
        show_json(entries)
    else:
        show_table(entries)
