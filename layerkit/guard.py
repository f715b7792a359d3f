"""Runs the code of components: whatever goes wrong becomes an error that names the component.

Planning knows which component it calls, and says so to `plugin_errors`. While a network is built,
trained and evaluated no call is wrapped: what an exception passed through tells whose it is, so
that a step pays nothing; see `blamed`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import TypeGuard

import numpy as np
from pydantic import ValidationError

from layerkit.arrays import is_array
from layerkit.component import Component, Config, Extension, Registration
from layerkit.errors import FileError, LayerkitError, PluginError, described
from layerkit.interrupts import Terminated, is_real
from layerkit.registry import installed, plugin_error

_OWN = "layerkit."
_BUILTIN = "layerkit.builtin."
_functions: dict[CodeType, tuple[str, Registration]] = {}


def fault(component: Extension | Config | type[Extension | Config], reason: str) -> PluginError:
    """Return the error for a component that does not keep its contract.

    It names kind, name, distribution, version and entry point; a class of no distribution is named
    by its module.

    Parameters
    ----------
    component
        The component, its config, or the class of either.
    reason
        What was expected and what was found, or what went wrong.
    """
    named = component if isinstance(component, type) else type(component)
    return _fault(named, "", reason)


@contextmanager
def plugin_errors(config: Config | type[Config], at: str = "") -> Generator[None]:
    """Run a component's code; any unexpected exception becomes an error of that component.

    Parameters
    ----------
    config
        The component's config, or its class.
    at
        Where in the spec it is.

    Raises
    ------
    PluginError
        Naming the component, for whatever is not an error of Layerkit or of pydantic.
    FileError
        If a file cannot be read.
    """
    named = config if isinstance(config, type) else type(config)
    try:
        yield
    except ValidationError:
        raise
    except BaseException as error:
        if _passes(error):
            raise
        culprit = _culprit(error)
        inside = culprit if culprit is not None and culprit.named is named else None
        reason = f"failed with {described(error)}" if inside is None else inside.reason(error)
        raise _error_of(named, at, error, reason) from error


def blamed(error: BaseException) -> BaseException:
    """Return the error to raise for an exception that came out of a network or a run.

    Where it passed through the code of a component of some distribution, that is an error which
    names the innermost such component. Otherwise, and if it is an error of Layerkit already, it is
    the exception itself: the caller's own classes raise what they like.
    """
    if _passes(error):
        return error
    culprit = _culprit(error)
    if culprit is None or culprit.registration is None:
        return error
    reason = culprit.reason(error)
    found: LayerkitError
    if culprit.named is None:
        found = plugin_error(culprit.noun, culprit.registration, reason)
    else:
        found = _error_of(culprit.named, "", error, reason)
    found.__cause__ = error
    return found


@contextmanager
def component_errors() -> Generator[None]:
    """Raise what `blamed` returns for any exception."""
    try:
        yield
    except BaseException as error:
        found = blamed(error)
        if found is error:
            raise
        raise found from error


def number(component: Extension, what: str, found: object) -> float:
    """Return a number that a component returned, or raise its fault if it is none.

    Parameters
    ----------
    component
        Whose it is.
    what
        Such as ``"'value' to return"``.
    found
        A float; other real numbers become one.
    """
    if type(found) is float:
        return found
    if is_real_number(found):
        return float(found)
    raise fault(component, f"expected {what} a number, found {shown(found)}")


def is_real_number(found: object) -> TypeGuard[float]:
    """Tell whether something is a real number, of Python or NumPy; no truth value is."""
    return isinstance(found, float | int | np.number) and not isinstance(
        found, bool | np.complexfloating
    )


def shown(found: object) -> str:
    """Return what a component returned, for a message: a value if it is short, else its type."""
    if is_array(found):
        return f"an array of shape {found.shape} and {found.dtype}"
    if found is None or isinstance(found, bool | int | float | str):
        text = repr(found)
        return text if len(text) <= 40 else f"{text[:40]}..."
    return f"a {type(found).__name__}"


def register_function(function: Callable[..., object], noun: str, of: Registration) -> None:
    """Let `blamed` know whose a plain function is, such as a kernel's."""
    code: object = getattr(function, "__code__", None)
    if isinstance(code, CodeType):
        _functions[code] = (noun, of)


@dataclass(frozen=True, slots=True)
class _Culprit:
    """Code that an exception passed through: of a class, or a registered function (None)."""

    named: type[Extension | Config] | None
    noun: str
    registration: Registration | None
    code: CodeType
    line: int

    def reason(self, error: BaseException) -> str:
        """Return what failed, and where."""
        place = f"{Path(self.code.co_filename).name}, line {self.line}"
        return f"{self.code.co_name} failed with {described(error)} ({place})"


def _passes(error: BaseException) -> bool:
    """Tell whether an exception is none of a component's."""
    if isinstance(error, KeyboardInterrupt):
        return is_real(error)
    if isinstance(error, LayerkitError):
        return type(error) is not LayerkitError
    return isinstance(error, MemoryError | Terminated)


def _culprit(error: BaseException) -> _Culprit | None:
    """Return the innermost component whose code an exception passed through."""
    found: _Culprit | None = None
    for frame, line in _frames(error):
        if (function := _functions.get(frame.f_code)) is not None:
            found = _Culprit(None, *function, frame.f_code, line)
        elif (named := _class_in(frame)) is not None:
            found = _Culprit(named, _noun(named), registration_of(named), frame.f_code, line)
    if found is None and isinstance(error, AttributeError):
        return _incomplete(error)
    return found


def _incomplete(error: AttributeError) -> _Culprit | None:
    """Return whose object lacks what every component of its kind has."""
    of: object = error.obj
    if not isinstance(of, Extension | Config) or error.__traceback__ is None:
        return None
    named = type(of)
    code, line = named.__init__.__code__, named.__init__.__code__.co_firstlineno
    return _Culprit(named, _noun(named), registration_of(named), code, line)


def _frames(error: BaseException) -> Iterator[tuple[FrameType, int]]:
    traceback = error.__traceback__
    while traceback is not None:
        yield traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next


def _class_in(frame: FrameType) -> type[Extension | Config] | None:
    """Return the class of a component, or of its config, whose method a frame runs."""
    first_name = next(iter(frame.f_code.co_varnames), "")
    if first_name not in {"self", "cls"}:
        return None  # a function that works on components
    first: object = frame.f_locals.get(first_name)
    named = first if isinstance(first, type) else type(first)
    if not issubclass(named, Extension | Config):
        return None
    own = named.__module__.startswith(_OWN) and not named.__module__.startswith(_BUILTIN)
    return None if own else named


def registration_of(named: type[Extension | Config]) -> Registration | None:
    """Return what registered a component's class, None for a class of no distribution."""
    config = _config_type(named)
    return None if config is None else installed().registration_of(config)


def _config_type(named: type[Extension | Config]) -> type[Config] | None:
    if issubclass(named, Config):
        return named
    return named.config_type if issubclass(named, Component) else None


def _noun(named: type[Extension | Config]) -> str:
    config = _config_type(named)
    kind = None if config is None else config.__kind__
    return "callback" if kind is None else kind.noun


def _error_of(
    named: type[Extension | Config], at: str, error: BaseException, reason: str
) -> LayerkitError:
    if isinstance(error, OSError):
        return FileError(f"{_title(named)}{_place(at)}: {error}")
    return _fault(named, at, reason)


def _fault(named: type[Extension | Config], at: str, reason: str) -> PluginError:
    for noun, kernel in reversed(_functions.values()):
        if _title(named).endswith(f" '{kernel.name}'"):
            return plugin_error(noun, kernel, reason)  # which replaces the component's own loop
    registration = registration_of(named)
    if registration is None:
        config = _config_type(named)
        shown_class = named if config is None else config.__component__ or config
        where = f"{shown_class.__module__}:{shown_class.__qualname__}"
        return PluginError(f"{_title(named)} ({where}){_place(at)}: {reason}")
    return plugin_error(_noun(named), registration, reason, _place(at))


def _title(named: type[Extension | Config]) -> str:
    config = _config_type(named)
    name = None if config is None else config.type_name()
    return f"{_noun(named)} '{name or named.__name__}'"


def _place(at: str) -> str:
    return f" at {at}" if at else ""
