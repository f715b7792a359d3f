"""Runs the code of components: whatever goes wrong becomes an error that names the component."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from pydantic import ValidationError

from layerkit.errors import FileError, LayerkitError, PluginError


@contextmanager
def plugin_errors(component: str) -> Generator[None]:
    """Run a component's code; any unexpected exception becomes an error of that component.

    Raises
    ------
    PluginError
        Naming the component, for whatever is not an error of Layerkit or of pydantic.
    FileError
        If a file cannot be read.
    """
    try:
        yield
    except (LayerkitError, ValidationError):
        raise
    except OSError as error:
        raise FileError(f"{component}: {error}") from error
    except (Exception, SystemExit) as error:
        raise PluginError(f"{component} failed with {type(error).__name__}: {error}") from error
