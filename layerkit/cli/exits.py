"""How a command ends: its exit code, and what is said where something went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from layerkit.cli.output import flush, report, report_error
from layerkit.cli.signals import HUNG_UP, INTERRUPTED, TERMINATED
from layerkit.errors import FileError, LayerkitError, PluginError, UsageError
from layerkit.interrupts import Interruption

Work: TypeAlias = Callable[[], int]
"""What a verb does; returns the exit code."""

EXIT_CODES = {
    0: "success",
    1: "a bug of Layerkit",
    2: "the spec or the call is wrong, or the spec takes more memory than there is",
    3: "data or weights are not what they should be",
    4: "a file cannot be read or written",
    5: "a plugin is at fault",
    6: "training diverged",
    HUNG_UP: "its terminal was closed (SIGHUP)",
    INTERRUPTED: "interrupted (Ctrl-C)",
    TERMINATED: "terminated (SIGTERM)",
}
"""What each exit code means, as help and documentation say it."""


def exit_code(work: Work, interruption: Interruption) -> int:
    """Do the work and return the exit code; say what went wrong.

    A bug of Layerkit raises, so that Python shows where it is and leaves with exit code 1. So does
    Ctrl-C, even where pydantic made another error of it.
    """
    try:
        code = work()
        flush()
    except LayerkitError as error:
        if isinstance(error, PluginError) and interruption.error is not None:
            raise interruption.error from error
        report_error(error)
        return error.exit_code
    except ValueError as error:  # pydantic makes one of a signal while it dumps a spec
        if interruption.error is not None:
            raise interruption.error from error
        raise
    except MemoryError as error:
        report(f"not enough memory: {error}; 'layerkit summary' shows what a spec takes")
        return UsageError.exit_code
    except OSError as error:
        report(str(error))
        return FileError.exit_code
    return code
