"""The command line: one verb a file.

A verb's module says what can be typed and imports the one that does the work when it is called:
``layerkit --help`` waits for nothing but typer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from layerkit.cli.signals import INTERRUPTED, raising_on_sigint
from layerkit.interrupts import Interruption


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says, and return the exit code.

    Parameters
    ----------
    arguments
        What follows the program's name; by default those of this process.
    """
    try:
        with raising_on_sigint() as interruption:
            return _main(arguments, interruption)
    except KeyboardInterrupt:
        from layerkit.cli.output import open_streams, report

        with open_streams():
            report("interrupted")
        return INTERRUPTED


def _main(arguments: Sequence[str] | None, interruption: Interruption) -> int:
    # Imported here, so that Ctrl-C is no traceback while typer is imported either.
    from layerkit.cli.exits import exit_code
    from layerkit.cli.output import open_streams, plain_warnings
    from layerkit.cli.verbs import do

    with open_streams(), plain_warnings():
        return exit_code(partial(do, arguments), interruption)
