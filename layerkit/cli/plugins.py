"""``layerkit plugins``."""

from __future__ import annotations

from typing import Annotated

import typer


def application() -> typer.Typer:
    """Return the verbs below ``plugins``."""
    app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    app.callback()(plugins)
    app.command("list")(list_plugins)
    return app


def plugins() -> None:
    """Look after components, built in and of plugins."""


def list_plugins(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")] = False,
) -> None:
    """List every component, who provides it, and whether it loads.

    What does not load is listed with the reason; the exit code is 0 all the same.
    """
    from layerkit.cli.inventory import inventory, show_json, show_table

    entries = inventory()
    if as_json:
        show_json(entries)
    else:
        show_table(entries)
