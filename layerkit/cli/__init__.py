"""The command line: one verb a file.

A verb's module says what can be typed and imports the one that does the work when it is called:
``layerkit --help`` waits for nothing but typer.
"""

from __future__ import annotations

from collections.abc import Sequence

from layerkit.cli.app import application
from layerkit.cli.output import report
from layerkit.errors import FileError, LayerkitError


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says.

    Parameters
    ----------
    arguments
        What follows the program's name; by default those of this process.

    Returns
    -------
    int
        The exit code of an error. Without one, `SystemExit` leaves with it.
    """
    try:
        application()(arguments)
    except LayerkitError as error:
        report(str(error))
        return error.exit_code
    except OSError as error:
        report(str(error))
        return FileError.exit_code
    except MemoryError as error:
        report(f"not enough memory: {error}; 'layerkit summary' says what a spec takes")
        return LayerkitError.exit_code
    return 0
