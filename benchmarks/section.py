"""A part of the results: when it was measured, and the tables that it makes."""

from __future__ import annotations

from abc import ABC, abstractmethod

from pydantic import BaseModel

from benchmarks.grids import Grid
from benchmarks.machine import Measured


class Section(BaseModel, ABC):
    """Figures of one part of the suite."""

    measured: Measured

    @abstractmethod
    def grids(self) -> list[Grid]:
        """Return the tables."""
