"""All results, and the file that keeps them."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel, SerializeAsAny

from benchmarks.machine import Machine
from benchmarks.parts.table import PARTS
from benchmarks.section import Section

PATH = Path(__file__).with_name("results.json")


class Results(BaseModel):
    """What has been measured so far, by the names of `PARTS`."""

    machine: Machine
    parts: dict[str, SerializeAsAny[Section]] = {}

    def write(self, path: Path) -> None:
        """Write the file."""
        path.write_text(self.model_dump_json(indent=1) + "\n", "utf-8")


def read(path: Path) -> Results:
    """Read the file; parts that the suite no longer has are left out."""
    stored = json.loads(path.read_text("utf-8"))
    parts = {
        name: part.section.model_validate(stored["parts"][name])
        for name, part in PARTS.items()
        if name in stored["parts"]
    }
    return Results(machine=Machine.model_validate(stored["machine"]), parts=parts)
