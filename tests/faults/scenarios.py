"""Commands that faults are tried at, and what they end in when nothing goes wrong."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.tracing import RECORDING, Call, recorded, under
from tests.faults.workshop import Inspected, Trajectory, Workshop

SPEC = """
seed = 1
silence = ["LK110"]
metrics = ["accuracy"]
layers = [
    {{type = "dense", units = {units}}}, "tanh", {{type = "dropout", rate = 0.2}}, "batch_norm",
    {{type = "dense", units = 3}},
]
loss = "softmax_cross_entropy"
training = {{epochs = {epochs}, batch_size = 16, threads = 1, early_stopping = {{patience = 99}}}}
checkpoints = {{{checkpoints}}}
[data]
type = "blobs"
train_per_class = 20
test_per_class = 10
validation = 12
spread = 1.5
[optimizer]
type = "adam"
learning_rate = 0.2
schedule = {schedule}
"""
"""An epoch has three steps; nearly all that takes part has a state."""
CONSTANT, PLATEAU = '"constant"', '{type = "reduce_on_plateau", patience = 1, factor = 0.7}'
"""Schedules; the state of the second has a length that depends on how long a run is to be."""
_FACTS = ("test", "best", "epochs", "stopped_early", "model_sha256")


@dataclass(frozen=True, slots=True)
class Results:
    """What an uninterrupted run of a spec leaves, and what its states are on the way.

    Attributes
    ----------
    end
        What it leaves.
    trajectory
        What it goes through.
    """

    end: Inspected
    trajectory: Trajectory

    def same(self, found: Inspected) -> bool:
        """Tell whether a run left the same results."""
        return (
            found.status == "finished"
            and found.weights == self.end.weights
            and found.best == self.end.best
            and found.history == self.end.history
            and all(found.facts.get(name) == self.end.facts.get(name) for name in _FACTS)
        )


@dataclass(frozen=True, slots=True)
class Scenario:
    """A command that is disturbed.

    Attributes
    ----------
    name
        What reports call it.
    directory
        The run directory; always the same, so that recordings can be compared.
    arguments
        The command.
    recoveries
        Commands of which each, after a disturbance, must end in the results.
    before
        The directory as it is before the command; None: there is none.
    results
        What each of the recoveries may end in, the command's own results first.
    paths
        The files that the command touches in the directory.
    calls
        What it does to them.
    least
        After which step the newest checkpoint is before the command; -1 without any.
    """

    name: str
    directory: Path
    arguments: tuple[str, ...]
    recoveries: Sequence[tuple[str, ...]]
    before: Path | None
    results: Sequence[Results]
    paths: Sequence[str]
    calls: Sequence[Call]
    least: int

    def prepare(self) -> None:
        """Make the directory what it is before the command."""
        shutil.rmtree(self.directory, ignore_errors=True)
        if self.before is not None:
            shutil.copytree(self.before, self.directory)

    @property
    def unfinished(self) -> list[str]:
        """Files that are unfinished before the command."""
        before = self.before
        found = before.rglob("*.partial") if before is not None else ()
        return [str(path.relative_to(self.before or "")) for path in found]

    @property
    def weights(self) -> set[str]:
        """The weights that a run may have saved, at its end or when it failed."""
        own = {each for one in self.results for each in one.trajectory.weights}
        return own | {one.end.weights.digest for one in self.results}

    def states(self, step: int) -> set[str]:
        """The states that a checkpoint after a step may have."""
        return {each for one in self.results for each in one.trajectory.states.get(step, ())}


class Scenarios:
    """Makes scenarios, each when it is first asked for.

    Parameters
    ----------
    workshop
        Where they are played.
    checkpoints
        The checkpoint policy of their specs.
    epochs
        How long their runs are.
    units
        Of the hidden layer.
    schedule
        Of the learning rate.
    """

    def __init__(
        self, workshop: Workshop, checkpoints: str, epochs: int, units: int, schedule: str
    ) -> None:
        self.workshop = workshop
        self.directory = workshop.path("scenarios")
        self.directory.mkdir()
        self._policy = checkpoints
        self._epochs = epochs
        self._units = units
        self._schedule = schedule
        self._results: dict[int, Results] = {}
        self._made: dict[str, Scenario] = {}

    def spec(self, epochs: int) -> Path:
        """Return a file with a spec."""
        path = self.directory / f"{epochs}.toml"
        path.write_text(
            SPEC.format(
                epochs=epochs,
                units=self._units,
                checkpoints=self._policy,
                schedule=self._schedule,
            )
        )
        return path

    def results(self, epochs: int) -> Results:
        """Return what an uninterrupted run leaves."""
        if epochs not in self._results:
            directory = self.directory / f"whole-{epochs}"
            ran = self.workshop.layerkit("run", self.spec(epochs), "--out", directory)
            assert ran.code == 0, ran.err
            trajectory = self.workshop.trajectory(
                self.spec(epochs), self.directory / f"watched-{epochs}"
            )
            self._results[epochs] = Results(self.workshop.inspect(directory), trajectory)
        return self._results[epochs]

    def of(self, command: str) -> Scenario:
        """Return a scenario by its name."""
        if command not in self._made:
            makers = {"run": self._run, "resume": self._resume, "extend": self._extend}
            self._made[command] = makers[command]()
        return self._made[command]

    def _run(self) -> Scenario:
        """Return a run into a new directory."""
        directory = self.directory / "run"
        arguments = ("run", str(self.spec(self._epochs)), "--out", str(directory))
        return self._recorded("run", directory, arguments, [], None, [self._epochs])

    def _resume(self) -> Scenario:
        """Return the resumption of a run that was killed in its middle."""
        killed = self.of("run")
        renames = [call for call in killed.calls if call.is_rename]
        saved = [call for call in renames if "/step-" in call.paths[0]]
        call = saved[len(saved) // 2]
        number = [each for each in killed.calls if each.name == call.name].index(call) + 1
        only = [word for path in killed.paths for word in ("-P", path)]
        inject = f"inject={call.name}:signal=SIGKILL:when={number}"
        killed.prepare()
        ran, _ = self.workshop.traced([*RECORDING, *only, "-e", inject], *killed.arguments)
        assert ran.code == -9, ran.err
        before = self.directory / "killed"
        killed.directory.rename(before)
        directory = self.directory / "resume"
        return self._recorded("resume", directory, (), [], before, [self._epochs])

    def _extend(self) -> Scenario:
        """Return the further training of a run that has ended."""
        self.results(self._epochs)
        before = self.directory / f"whole-{self._epochs}"
        directory, longer = self.directory / "extend", self._epochs + 2
        more = ("--epochs", str(longer))
        return self._recorded("extend", directory, more, [()], before, [longer, self._epochs])

    def _recorded(
        self,
        name: str,
        directory: Path,
        arguments: tuple[str, ...],
        recoveries: Sequence[tuple[str, ...]],
        before: Path | None,
        epochs: Sequence[int],
    ) -> Scenario:
        """Return a scenario with its calls."""
        again = ("resume", str(directory))
        command = arguments if before is None else (*again, *arguments)
        first = again if before is None else command
        ways = [first, *((*again, *each) for each in recoveries)]
        results = [self.results(each) for each in epochs]
        least = -1 if before is None else self.workshop.inspect(before).last
        scenario = Scenario(name, directory, command, ways, before, results, (), (), least)
        scenario.prepare()
        ran, lines = self.workshop.traced(RECORDING, *command)
        assert ran.code == 0, ran.err
        assert results[0].same(self.workshop.inspect(directory))
        seen = under(recorded(lines), directory)
        paths = sorted({path for call in seen for path in call.paths if path.startswith("/")})
        scenario.prepare()
        only = [word for path in paths for word in ("-P", path)]
        ran, lines = self.workshop.traced([*RECORDING, *only], *command)
        assert ran.code == 0, ran.err
        calls = recorded(lines)
        return Scenario(name, directory, command, ways, before, results, paths, calls, least)


COMMANDS = ("run", "resume", "extend")
"""The names of the scenarios."""
POLICIES: Mapping[str, tuple[str, int, int, str]] = {
    "every 3 steps": ("every_steps = 3, keep = 2", 3, 4, CONSTANT),
    "every 2 steps": ("every_steps = 2, keep = 3", 5, 4, CONSTANT),
    "every step": ("every_steps = 1, keep = 1", 3, 4, CONSTANT),
    "every epoch": ("every_epochs = 1, keep = 1", 6, 4, CONSTANT),
    "wide": ("every_steps = 2, keep = 2", 2, 400, CONSTANT),
    "longer": ("every_steps = 5, keep = 2", 30, 4, CONSTANT),
    "at the end": ("every_epochs = 100", 17, 4, CONSTANT),
    "50 steps": ("every_epochs = 5", 17, 4, PLATEAU),
}
"""Checkpoint policies, how many epochs runs have, units of the hidden layer, and schedules."""
