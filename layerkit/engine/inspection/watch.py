"""Calls of components that are checked while they are watched, and cost nothing afterwards."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass

from layerkit.component import Extension


@dataclass(frozen=True, slots=True)
class Check:
    """A function that stands in for a method of one component: it calls it, and checks the call."""

    component: Extension
    method: str
    function: Callable[..., object]


@contextmanager
def watched(checks: Iterable[Check]) -> Generator[None]:
    """Let checks stand in for the methods of their components."""
    installed: list[Check] = []
    try:
        for check in checks:
            # What an instance has of its own comes before what its class defines.
            vars(check.component)[check.method] = check.function
            installed.append(check)
        yield
    finally:
        for check in installed:
            vars(check.component).pop(check.method, None)
