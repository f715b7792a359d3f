"""Networks that start from the weights of a run: which arrays are taken, and which are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from layerkit.arrays import Array, Shape
from layerkit.engine.in_memory import ArraysGiven, prepare
from layerkit.engine.network import Network
from layerkit.errors import DataError, FileError
from layerkit.formats.run_files import read_weights
from layerkit.plan.network import NetworkPlan
from layerkit.spec.diagnostics import Problem, SpecError
from layerkit.spec.models import ModelSpec
from layerkit.spec.source import Source


@dataclass(frozen=True, slots=True)
class Start:
    """What a network starts from.

    Attributes
    ----------
    run
        The run directory that the weights come from.
    sha256
        Of their file.
    arrays
        Parameters and layers' state that are taken, by path.
    new
        Paths and shapes of the network's arrays that start as without the run.
    left
        Paths and shapes of the run's arrays that are not taken.
    """

    run: Path
    sha256: str
    arrays: Mapping[str, Array]
    new: Mapping[str, Shape]
    left: Mapping[str, Shape]

    def into(self, network: Network) -> None:
        """Copy the arrays into a network; layers do not set the state among them anew."""
        for path, array in self.arrays.items():
            np.copyto(network.arrays[path], array, casting="same_kind")
        network.given_state = frozenset(self.arrays.keys() & network.storage.state.keys())


def read_start(plan: NetworkPlan, source: str | Source = "spec") -> Start | None:
    """Return what the network of a spec starts from; None without ``training.start_from``.

    Parameters
    ----------
    plan
        Of the network.
    source
        What messages call the spec.

    Raises
    ------
    FileError, DataError
        If the run's weights cannot be read, or are damaged.
    SpecError
        If none of them has the path and the shape of an array of the network.
    """
    run = plan.spec.training.start_from
    if run is None:
        return None
    try:
        stored, sha256 = read_weights(run)
    except FileError as error:
        raise FileError(f"training.start_from: expected a run directory: {error}") from error
    except DataError as error:
        raise DataError(f"training.start_from: {error}") from error
    own: dict[str, Shape] = {path: param.shape for path, param in plan.params()}
    own |= {path: state.shape for path, state in plan.state()}
    found: dict[str, Shape] = {path: stored[path].shape for path in sorted(stored)}
    taken = {path: stored[path] for path, shape in own.items() if found.get(path) == shape}
    new = {path: shape for path, shape in own.items() if path not in taken}
    left = {path: shape for path, shape in found.items() if path not in taken}
    if not taken:
        reason = (
            f"expected a run with an array of the network's, by path and shape; found none in "
            f"{run}: it has {listed(left)}; the network has {listed(new)}"
        )
        hint = "layers take what a run has under the same name"
        raise SpecError(source, [Problem(("training", "start_from"), "no-match", reason, hint)])
    return Start(run, sha256, taken, new, left)


def started(plan: NetworkPlan) -> Network:
    """Return the network of a plan as it is before its first step; raises what `read_start` does.

    Its parameters come from the spec's seed, and from the run that it starts from, if any.
    """
    start = read_start(plan)
    network = Network(plan)
    if start is not None:
        start.into(network)
    return network


def listed(shapes: Mapping[str, Shape]) -> str:
    """Return paths with their shapes as a text."""
    return ", ".join(f"{path} {shape}" for path, shape in shapes.items()) or "none"


def build(
    spec: ModelSpec | NetworkPlan | Mapping[str, object], *, data: ArraysGiven | None = None
) -> Network:
    """Return the network of a spec, or of its plan, as it is before its first step; reads no data.

    Its parameters come from the spec's seed, or from the run that ``training.start_from`` names.

    Parameters
    ----------
    spec
        What to build, its plan, or the table of a spec.
    data
        Arrays to plan the network for in place of the spec's data, as `train` takes them.

    Raises
    ------
    SpecError
        If shapes do not fit; see `plan_network`.
    DataError, UsageError
        If the arrays cannot be trained on.
    FileError, DataError
        If the weights to start from cannot be read.
    """
    return started(prepare(spec, data)[0])
