"""The parts of the suite by name, in the order in which they are measured and shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from benchmarks.parts import (
    ablations,
    accuracy,
    checkpoints,
    cold,
    gate,
    growth,
    memory,
    scaling,
    speed,
    step_profile,
)
from benchmarks.say import Say
from benchmarks.section import Section
from benchmarks.workloads import WORKLOADS

SectionT_co = TypeVar("SectionT_co", bound=Section, covariant=True)


@dataclass(frozen=True, slots=True)
class Part(Generic[SectionT_co]):
    """A part: what its results are, and what measures them."""

    section: type[SectionT_co]
    measure: Callable[[Say], SectionT_co]


PARTS: Mapping[str, Part[Section]] = {
    "gate": Part(gate.Gate, gate.measure),
    **{
        name: Part(speed.Raced, partial(speed.measure, workload))
        for name, workload in WORKLOADS.items()
    },
    "profile": Part(step_profile.Profile, step_profile.measure),
    "accuracy": Part(accuracy.Accuracy, accuracy.measure),
    "checkpoints": Part(checkpoints.Checkpoints, checkpoints.measure),
    "cold": Part(cold.Cold, cold.measure),
    "memory": Part(memory.Memory, memory.measure),
    "scaling": Part(scaling.Scaling, scaling.measure),
    "growth": Part(growth.Growth, growth.measure),
    "ablations": Part(ablations.Ablations, ablations.measure),
}
