"""All verbs, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from layerkit.cli import plugins, run, summary, validate


def application() -> typer.Typer:
    """Return the command line."""
    # Help in rich's frames would take twice as long to appear.
    app = typer.Typer(
        name="layerkit",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_layerkit)
    app.command("run")(run.run)
    app.command("validate")(validate.validate)
    app.command("summary")(summary.summary)
    app.add_typer(plugins.application(), name="plugins")
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

    Exit codes: 0 fine, 1 the run failed, 2 the spec or the call is wrong, 3 data or stored
    weights are damaged, 4 a file cannot be read or written, 5 a plugin is at fault, 6 training
    diverged, 130 and 143 interrupted.
    """
    del version
