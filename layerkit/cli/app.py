"""Every verb: what can be typed, and what help says about it.

The module that does the work is imported when the verb is called: ``layerkit --help`` waits for
nothing but typer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Annotated, ParamSpec

import typer
from typer.core import TyperCommand

from layerkit.cli import app_data, app_edit, app_explain, app_inference, app_runs
from layerkit.cli.arguments import Overrides, Quiet, Seed, Spec, Strict, completing_rule
from layerkit.cli.exits import EXIT_CODES, Work
from layerkit.cli.output import terminal_width

P = ParamSpec("P")
_NARROW = 52
"""The narrowest terminal that typer's help fits into by itself."""


def application(choose: Callable[[Work], None], first: str | None = None) -> typer.Typer:
    """Return the command line.

    Parameters
    ----------
    choose
        Called with what the verb that was typed has to do.
    first
        The first word that was typed. Where it is a verb, no other is there: typer would read the
        signatures of all of them at every start.
    """
    # Help with rich's formatting takes twice as long to appear.
    app = typer.Typer(
        name="layerkit",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "terminal_width": _help_width()},
    )
    codes = "; ".join(f"{code} {meaning}" for code, meaning in EXIT_CODES.items())
    app.callback(help=f"{_layerkit.__doc__}\n\nExit codes: {codes}.")(_layerkit)

    def verb(does: Callable[P, int]) -> Callable[P, None]:
        @wraps(does)
        def chosen(*args: P.args, **kwargs: P.kwargs) -> None:
            choose(partial(does, *args, **kwargs))

        return chosen

    verbs: dict[str, tuple[Callable[..., int], str]] = {
        "init": (app_data.init, "[OPTIONS] [FILE]"),
        "data": (app_data.data, "[OPTIONS] SPEC"),
        "run": (_run, "[OPTIONS] SPEC"),
        "crossval": (app_runs.crossval, "[OPTIONS] SPEC"),
        "resume": (_resume, "[OPTIONS] RUN"),
        "runs": (app_runs.runs, "[OPTIONS] [DIR...]"),
        "compare": (app_runs.compare, "[OPTIONS] RUN RUN..."),
        "export": (app_runs.export, "[OPTIONS] RUN"),
        "verify": (_verify, "[OPTIONS] RUN"),
        "evaluate": (app_inference.evaluate, "[OPTIONS] RUN"),
        "predict": (app_inference.predict, "[OPTIONS] RUN"),
        "validate": (_validate, "[OPTIONS] SPEC..."),
        "summary": (_summary, "[OPTIONS] SPEC"),
        "rule": (_rule, "[CODE]"),
        "explain": (app_explain.explain, "[OPTIONS] SPEC [PATH]"),
        "diff": (app_explain.diff, "[OPTIONS] SPEC SPEC"),
        "convert": (app_explain.convert, "[OPTIONS] SPEC FILE"),
        "fmt": (app_edit.fmt, "[OPTIONS] SPEC..."),
        "fill": (app_edit.fill, "[OPTIONS] SPEC"),
        "schema": (app_explain.schema, "[OPTIONS]"),
    }
    for name in [first] if first in verbs else verbs:
        does, usage = verbs[name]
        app.command(name, cls=_Verb, options_metavar=usage)(verb(does))
    if first in verbs:
        return app
    plugins = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    plugins.callback()(_plugins)
    plugins.command("list", cls=_Verb, options_metavar="[OPTIONS] [WORD...]")(
        verb(app_explain.list_plugins)
    )
    plugins.command("check", cls=_Verb, options_metavar="[OPTIONS] NAME")(
        verb(app_explain.check_plugins)
    )
    plugins.command("new", cls=_Verb, options_metavar="--kind KIND [OPTIONS] NAME")(
        verb(app_explain.new_plugin)
    )
    plugins.command("show", cls=_Verb, options_metavar="[OPTIONS] NAME")(
        verb(app_explain.show_plugin)
    )
    app.add_typer(plugins, name="plugins")
    return app


class _Verb(TyperCommand):
    """A verb whose usage line has what ``options_metavar`` says, under any version of typer."""

    def collect_usage_pieces(self, ctx: object) -> list[str]:
        """Return what follows the verb in the usage line."""
        return [self.options_metavar or ""]


def _help_width() -> int | None:
    """Return how wide help is in a terminal that is narrower than typer expects."""
    width = terminal_width(sys.stdout)
    return None if width is None or width >= _NARROW else max(width - 2, 20)


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
    """Train small neural networks in NumPy, as a spec in TOML or JSON says."""


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
    seed: Seed = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, help="Run N times, with this seed and those after it; see below."
        ),
    ] = None,
    fold: Annotated[
        str | None, typer.Option(metavar="I/N", help="Short for --set data.fold=I/N.")
    ] = None,
    strict: Strict = False,
    quiet: Quiet = False,
) -> int:
    """Train the network of a spec and leave a run directory.

    The directory gets the spec with every default written, what the result depends on, a line
    for every epoch and the trained weights. A run that is interrupted or diverges leaves what it
    has; 'layerkit resume' continues the former.

    With --seeds there is a run directory for each seed, below one that also gets 'seeds.json', with
    mean, standard deviation, minimum and maximum of every figure. The same command with --out
    does what is missing there.
    """
    from layerkit.cli.run import run_spec
    from layerkit.spec.overrides import overrides_of
    from layerkit.spec.source import Override

    changes = [*overrides_of(overrides or ())]
    if seed is not None:
        changes.append(Override("--seed", f"seed={seed}", ("seed",)))
    if fold is not None:
        changes.append(Override("--fold", f"data.fold={fold}", ("data", "fold")))
    if seeds is not None:
        from layerkit.cli.series import run_seeds

        return run_seeds(spec, changes, seeds, out, quiet=quiet, strict=strict)
    return run_spec(spec, changes, out, quiet=quiet, strict=strict)


def _resume(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run directory.")],
    *,
    epochs: Annotated[
        int | None,
        typer.Option(metavar="N", help="How many epochs the run is to have in all."),
    ] = None,
    inexact: Annotated[
        bool,
        typer.Option(
            "--inexact", help="Resume even where other versions or CPUs may give other bits."
        ),
    ] = False,
    quiet: Quiet = False,
) -> int:
    """Continue a run from its last checkpoint.

    It ends with the same weights, bit by bit, as if it had never been interrupted. A run saves a
    checkpoint when it is interrupted, at its end, and as its spec says in 'checkpoints'.
    """
    from layerkit.cli.run import resume_run

    return resume_run(run, epochs, inexact=inexact, quiet=quiet)


def _verify(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run directory.")],
    *,
    steps: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Steps of the short copy, at least; 50 by default."),
    ] = None,
) -> int:
    """Check the files of a run, and that runs of its spec can be resumed on this machine.

    Files are compared with their checksums. Then a short copy of the run, on a few of its data, is
    interrupted and resumed after every step and every epoch; each time it must end in the same
    weights and history, bit by bit. If it does not, the exit code is 3.
    """
    from layerkit.cli.verify import verify_run

    return verify_run(run, steps)


def _validate(
    specs: Annotated[
        list[Path],
        typer.Argument(
            metavar="SPEC", help="TOML or JSON files, patterns such as 'specs/*.toml', directories."
        ),
    ],
    *,
    overrides: Overrides = None,
    strict: Strict = False,
    output_format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="text, json, github (for workflows) or sarif (for code scanning).",
        ),
    ] = "text",
    watch: Annotated[
        bool, typer.Option("--watch", help="Validate again whenever a spec is saved, until Ctrl-C.")
    ] = False,
) -> int:
    """Check specs: every name, option and shape.

    No data are read but the headers of data files. A line for every good spec goes to standard
    output, all problems of the others, and warnings, to standard error; 'layerkit rule CODE'
    explains one. Other formats go to standard output. The exit code is 0 if all are good, else that
    of the first that is not. A directory means the specs directly in it.
    """
    from layerkit.cli.validate import format_of, validate_specs, watch_specs

    chosen = format_of(output_format, watch=watch)
    if watch:
        return watch_specs(specs, overrides or (), strict=strict)
    return validate_specs(specs, overrides or (), chosen, strict=strict)


def _summary(
    spec: Spec,
    *,
    overrides: Overrides = None,
) -> int:
    """Show layers, output shapes, parameters and memory of a spec.

    No data are read but the headers of data files.
    """
    from layerkit.cli.summary import show_summary

    show_summary(spec, overrides or ())
    return 0


def _rule(
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="CODE", help="Such as LK003 or unknown-key.", autocompletion=completing_rule
        ),
    ] = None,
) -> int:
    """Explain an error or warning by its code, with an example; list all without one."""
    from layerkit.cli.rule import explain_rule, list_rules

    if code is None:
        list_rules()
    else:
        explain_rule(code)
    return 0


def _plugins() -> None:
    """Show and check components, built-in ones and those of plugins; begin a plugin."""
