"""A part of the results: when it was measured, and the tables that it makes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeAlias

from pydantic import BaseModel

from benchmarks.grids import Grid
from benchmarks.machine import Measured

Say: TypeAlias = Callable[[str], None]
"""Tells whoever waits what is being done."""


class Section(BaseModel, ABC):
    """Figures of one part of the suite."""

    measured: Measured

    @abstractmethod
    def grids(self) -> list[Grid]:
        """Return the tables."""
