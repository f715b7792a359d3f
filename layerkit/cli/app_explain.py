"""The verbs that say what a spec may hold and what it means: arguments and help.

The module that does the work is imported when the verb is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from layerkit.cli.arguments import AsJson, Overrides, Spec, completing_component, completing_path


def schema(
    *,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to write it; by default to standard output."),
    ] = None,
) -> int:
    """Write a JSON Schema of specs, for editors.

    It has every component that is installed, with options, ranges, defaults and docstrings, and
    refuses unknown keys. A spec that begins with '#:schema ./FILE' is checked and completed by
    editors that know TOML: see docs/editors.md.
    """
    from layerkit.cli.schema import write_schema

    return write_schema(out)


def explain(
    spec: Spec,
    path: Annotated[
        str | None,
        typer.Argument(
            metavar="[PATH]",
            help="Such as layers.2.units; as --set takes it.",
            autocompletion=completing_path,
        ),
    ] = None,
    *,
    overrides: Overrides = None,
) -> int:
    """Show where the values of a spec come from, and what they mean.

    With PATH: the value and where it comes from (line, option or default), its range and meaning,
    and the component that it belongs to: package, file, formula; for a layer, shapes and
    parameters. Without: every value of the spec and where it comes from.
    """
    from layerkit.cli.explain import explain_spec

    return explain_spec(spec, path, overrides or ())


def list_plugins(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WORD]...", help="Only components with these words in name, kind or summary."
        ),
    ] = None,
    *,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="Only of this kind, such as layer.")
    ] = None,
    distribution: Annotated[
        str | None, typer.Option("--from", metavar="PACKAGE", help="Only of this distribution.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """List every component, the package that provides it, and whether it loads.

    What does not load is listed with the reason; the exit code is 0 all the same.
    """
    from layerkit.cli.plugins import list_plugins as list_them

    return list_them(words or (), kind, distribution, as_json=as_json)


def check_plugins(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A component, such as dense or layer:dense; or a distribution: layerkit-relu.",
        ),
    ],
    *,
    as_json: AsJson = False,
) -> int:
    """Run the checks of layerkit.testing on what is installed.

    A component is checked with the options of its example, on shapes that it accepts. The exit code
    is 5 if a check fails. A distribution's own tests say more: see layerkit.testing.suite.
    """
    from layerkit.cli.check import check_plugins as check_them

    return check_them(name, as_json=as_json)


def new_plugin(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Of the distribution: layerkit-swish.")
    ],
    *,
    kind: Annotated[str, typer.Option(metavar="KIND", help="Of the component; see below.")],
    component: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="What specs call it; by default NAME without 'layerkit-'."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIRECTORY", help="To write; must not exist. By default NAME."),
    ] = None,
) -> int:
    """Write a plugin with one component that works, to begin with.

    It is a whole distribution, with pyproject.toml, typed source, tests, README and a spec, and it
    passes its tests, mypy --strict and pyright's strict mode as it is. Nothing is fetched and
    nothing is installed.

    KIND is activation, layer, loss, regularizer, gradient_transform, constraint, optimizer,
    schedule, initializer, dataset, metric or callback.
    """
    from layerkit.cli.new import new_plugin as write_it

    return write_it(name, kind, component, out)


def show_plugin(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="Such as dense; kind:name or distribution:name where a name is shared.",
            autocompletion=completing_component,
        ),
    ],
) -> int:
    """Show a component: what it computes, its options, and an example.

    Options are shown with type, range, default and meaning, then formula, source and package.
    """
    from layerkit.cli.component import show_component

    return show_component(name)


def diff(
    first: Annotated[Path, typer.Argument(metavar="SPEC", help="A TOML or JSON file.")],
    second: Annotated[Path, typer.Argument(metavar="SPEC", help="Another.")],
) -> int:
    """Show what differs in meaning between two specs.

    Values are compared with defaults filled in; order, layout and comments don't count. The exit
    code is 0 whether they differ or not.
    """
    from layerkit.cli.diff import diff_specs

    return diff_specs(first, second)


def convert(
    spec: Spec,
    out: Annotated[
        Path, typer.Argument(metavar="FILE", help="To write; ends in .toml, .json or .py.")
    ],
    *,
    force: Annotated[bool, typer.Option("--force", help="Write over the file if it exists.")] = (
        False
    ),
) -> int:
    """Write a spec in another format, without its comments: TOML, JSON or Python.

    In Python it is a module with 'spec', for type checkers and for lk.run(spec, directory).
    """
    from layerkit.cli.convert import convert_spec

    return convert_spec(spec, out, force=force)
