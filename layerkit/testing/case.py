"""A component to check, with its options and surroundings, and the checks that it must pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from layerkit.component import Config

SubjectT = TypeVar("SubjectT")


@dataclass(frozen=True, slots=True)
class Check:
    """A named check.

    Attributes
    ----------
    name
        Such as ``shapes_as_planned``.
    run
        Runs it; raises an AssertionError that begins with the name if it fails.
    """

    name: str
    run: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Case:
    """A component with options, and where it stands: a layer on inputs of some shape.

    Get one from `layerkit.testing.cases`.

    Attributes
    ----------
    config
        Of the component.
    what
        What messages call it: ``layer 'relu' on (7,)``.
    checks
        Those that its kind must pass, in order.
    """

    config: Config
    what: str
    checks: tuple[Check, ...]

    @property
    def component(self) -> str:
        """The name of the component."""
        return str(self.config.type_name())

    def check(self) -> None:
        """Run the checks in order.

        Raises
        ------
        AssertionError
            If one fails; the message begins with the check's name.
        """
        for check in self.checks:
            check.run()


def checks_on(
    what: str, subject: SubjectT, functions: Iterable[Callable[[SubjectT], None]]
) -> tuple[Check, ...]:
    """Return checks of one subject; each fails under its own name, whatever is raised in it."""
    return tuple(_check(what, subject, function) for function in functions)


def _check(what: str, subject: SubjectT, function: Callable[[SubjectT], None]) -> Check:
    name = function.__name__

    def run() -> None:
        try:
            function(subject)
        except AssertionError as failure:
            raise AssertionError(f"{name}: {what}: {failure}") from failure
        except Exception as error:
            reason = f"expected no exception, found {type(error).__name__}: {error}"
            raise AssertionError(f"{name}: {what}: {reason}") from error

    return Check(name, run)
