"""The run as callbacks see it, and what they ask of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.callback import Run
from layerkit.contracts.chain import Chain
from layerkit.contracts.layer import Batches
from layerkit.engine.batches import BatchLoader, in_batches
from layerkit.engine.chains import CAPACITY, build_chain
from layerkit.engine.checkpoint import Progress
from layerkit.engine.data import Part
from layerkit.engine.inspection.arrays import TAME
from layerkit.engine.network import Network
from layerkit.errors import DataError, LayerkitError
from layerkit.guard import fault


class TrainingRun(Run):
    """A run under way; its methods are described by `Run`.

    Parameters
    ----------
    network
        What is trained.
    part
        The training examples.
    progress
        How far training has come.
    directory
        The run directory, if there is one.

    Attributes
    ----------
    to_save
        Files that callbacks asked for and that are not written yet.
    paused
        Whether a callback ended the run, to be resumed later.
    """

    def __init__(
        self, network: Network, part: Part, progress: Progress, directory: Path | None = None
    ) -> None:
        self._network = network
        self._part = part
        self._progress = progress
        self._directory = directory
        self.to_save: list[Path] = []
        self.paused: bool = False

    @property
    def parameters(self) -> Mapping[str, Array]:
        """Every parameter by its path."""
        return self._network.parameters

    @property
    def gradients(self) -> Mapping[str, Array]:
        """The gradient of every parameter by its path."""
        return {path: each.grad for path, each in self._network.storage.params.items()}

    @property
    def arrays(self) -> Mapping[str, Array]:
        """Parameters and the layers' state by path."""
        return self._network.arrays

    @property
    def figures(self) -> Mapping[str, bool]:
        """Every validation loss or metric by name."""
        return self._network.plan.figures

    @property
    def directory(self) -> Path | None:
        """The run directory."""
        return self._directory

    def stop(self, reason: str) -> None:
        """Keep the first reason; training ends once every callback has had the event."""
        self._progress.stop_reason = self._progress.stop_reason or reason

    def pause(self) -> None:
        """Keep that the run is to end; the trainer looks before every step and epoch."""
        self.paused = True

    def save(self, path: Path) -> None:
        """Keep the path; it is written once every callback has had the event."""
        self.to_save.append(Path(path))

    def adapt(self) -> None:
        """Let layers set their state from the training examples, unless it came with weights.

        Raises
        ------
        PluginError, DataError
            If that leaves state that is not finite: by a layer's fault, or because of inputs so
            large that it cannot be.
        """
        storage = self._network.storage
        given = {path: storage.state[path].copy() for path in self._network.given_state}
        self._over_examples(Chain.adapt)
        for path, state in given.items():
            np.copyto(storage.state[path], state)
        for path, state in storage.state.items():
            if not np.isfinite(state).all():
                raise self._unadapted(path)

    def _unadapted(self, path: str) -> LayerkitError:
        largest = max(float(np.nanmax(np.abs(inputs))) for inputs in self._batches())
        layer = self._network.plan.layer_at(path.rpartition(".")[0])
        reason = f"expected 'adapt' to leave {path} finite, found numbers that are not"
        if largest <= TAME:
            return fault(layer, reason)
        return DataError(
            f"data: {reason}: the largest training input is {largest:g}; scale the inputs down"
        )

    def recalibrate(self) -> None:
        """Let layers compute their running statistics again."""
        self._over_examples(Chain.recalibrate)

    def _over_examples(self, method: Callable[[Chain, Batches], None]) -> None:
        storage, plan = self._network.storage, self._network.plan
        if storage.state:
            method(build_chain(plan, storage, CAPACITY), self._batches)

    def _batches(self) -> Iterator[Array]:
        part, plan = self._part, self._network.plan
        loader = BatchLoader(part.examples, CAPACITY, plan.dtype, plan.info.scale)
        for batch in loader.batches(in_batches(part.rows, CAPACITY)):
            yield batch.inputs
