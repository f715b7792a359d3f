"""A process that forks once for every command of ``layerkit``, and what the forks can do.

A fresh interpreter takes half a second until Layerkit is there; a fork takes some milliseconds, and
thousands of faults are tried. It is a process of its own all the same: it can be traced, killed,
limited, and raced against others. It waits until it is told to go, so that a tracer can attach.

This file is run as a script, so that ``PYTHONPATH`` alone says which Layerkit it imports.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import final

from layerkit.arrays import Array
from layerkit.cli import main
from layerkit.contracts.callback import Callback, Run
from layerkit.contracts.events import EpochEnded, StepEnded, TrainingStarted
from layerkit.engine.checkpoint import TrainingState, read_state
from layerkit.errors import LayerkitError
from layerkit.interrupts import Interrupted, Interruption
from layerkit.runs.directory import RunDirectory
from layerkit.runs.run import load, resume, run
from layerkit.spec.loading import load_spec

HUNG = -99
"""What is answered for a process that did not end in time."""
_WARM_UP = """
layers = [{type = "dense", units = 3}]
loss = "softmax_cross_entropy"
data = {type = "blobs", train_per_class = 4, test_per_class = 4}
optimizer = {type = "sgd", learning_rate = 0.1}
training = {epochs = 1, batch_size = 4, threads = 1}
"""
_ANY_TRACER = (0x59616D61, ctypes.c_ulong(-1))  # PR_SET_PTRACER, PR_SET_PTRACER_ANY
_TIMES = ("seconds", "examples_per_second")


@dataclass(frozen=True, slots=True)
class Task:
    """What a fork does.

    Attributes
    ----------
    kind
        A name in `_KINDS`.
    arguments
        For that function.
    directory
        Where.
    out, err
        Files for what it prints.
    largest
        How many bytes a file may have; None: as many as there is room for.
    """

    kind: str
    arguments: Sequence[str]
    directory: str
    out: str
    err: str
    largest: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What the server is told: to fork, to let a fork go, or to wait for its end."""

    verb: str
    task: Task | None = None
    pid: int = 0
    seconds: float = 0.0


def _serve() -> None:
    """Carry out every order that comes in, and answer with a number."""
    orders, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    sys.dont_write_bytecode = True
    _warm_up()
    gates: dict[int, int] = {}
    for line in orders:
        given = json.loads(line)
        task = given["task"]
        order = Order(given["verb"], task and Task(**task), given["pid"], given["seconds"])
        answer = 0
        if order.task is not None:
            answer, gates[answer] = _fork(order.task)
        elif order.verb == "go":
            gate = gates.pop(order.pid)
            os.write(gate, b"g")
            os.close(gate)
        elif order.verb == "wait":
            answer = _wait(order.pid, order.seconds)
        print(answer, file=answers, flush=True)


def _warm_up() -> None:
    """Run and resume something, so that forks have nothing left to import."""
    with tempfile.TemporaryDirectory() as directory:
        spec, out = Path(directory) / "spec.toml", str(Path(directory) / "out")
        spec.write_text(_WARM_UP)
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):  # noqa: PTH123
            codes = [main(["run", str(spec), "--out", out])]
            codes.append(main(["resume", out, "--epochs", "2"]))
        if any(codes):
            raise RuntimeError(f"expected the exit codes 0 and 0, found {codes}")


def _fork(task: Task) -> tuple[int, int]:
    """Return the process of a fork, and where a byte lets it go."""
    (waits, gate), (ready, says) = os.pipe(), os.pipe()
    pid = os.fork()
    if pid:
        os.close(waits)
        os.close(says)
        os.read(ready, 1)
        os.close(ready)
        return pid, gate
    code = 1
    try:
        os.close(gate)
        os.close(ready)
        code = _carry_out(task, waits, says)
    finally:
        os._exit(code)


def _carry_out(task: Task, waits: int, says: int) -> int:
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    os.chdir(task.directory)
    through = [
        _led_to(descriptor, name, direct=task.largest is None)
        for descriptor, name in ((1, task.out), (2, task.err))
    ]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(*_ANY_TRACER)
    os.close(says)  # it is ready
    os.read(waits, 1)
    os.close(waits)
    if task.largest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (task.largest, task.largest))
    try:
        # As in every Python. Before, a SIGINT would be raised here, where nothing is Layerkit's.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        return _KINDS[task.kind](*task.arguments)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        return 1
    finally:
        for descriptor, stream, copying in zip(
            (1, 2), (sys.stdout, sys.stderr), through, strict=True
        ):
            stream.flush()
            if copying is not None:
                os.close(descriptor)
                copying.wait()


def _led_to(descriptor: int, name: str, *, direct: bool) -> subprocess.Popen[bytes] | None:
    """Let a descriptor lead to a file, itself or through a process that no limit concerns."""
    with open(name, "wb") as file:  # noqa: PTH123
        if direct:
            os.dup2(file.fileno(), descriptor)
            return None
        copying = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=file)  # noqa: S607
    if copying.stdin is not None:
        os.dup2(copying.stdin.fileno(), descriptor)
        copying.stdin.close()
    return copying


def _wait(pid: int, seconds: float) -> int:
    """Return the exit code of a process, or the signal that killed it, as a negative number."""
    until = time.monotonic() + seconds
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return HUNG
        time.sleep(0.0005)


def _main(*arguments: str) -> int:
    return main(arguments)


def _command(*arguments: str) -> int:
    return subprocess.run(arguments, check=False).returncode


def _inspect(*directories: str) -> int:
    """Print what loads of run directories."""
    print(json.dumps([_inspected(Path(each)) for each in directories]))  # noqa: T201
    return 0


def _inspected(directory: Path) -> Mapping[str, object]:
    files = RunDirectory(directory)
    checkpoints = {
        int(path.stem.removeprefix("step-")): _attempt(partial(_state_of, path))
        for path in sorted((directory / "checkpoints").glob("step-*.safetensors"))
    }
    try:
        facts: object = files.read_manifest()
    except LayerkitError:
        facts = {}
    return {
        "weights": _attempt(partial(_weights_of, directory)),
        "best": _attempt(partial(_best_of, directory)),
        "checkpoints": checkpoints,
        "facts": facts,
        "exists": directory.exists(),
        "history": _history(directory / "history.jsonl"),
        "names": sorted(str(each.relative_to(directory)) for each in directory.rglob("*")),
    }


def _state_of(path: Path) -> str:
    return state_digest(read_state(path))


def _weights_of(directory: Path) -> str:
    return arrays_digest(load(directory).arrays)


def _best_of(directory: Path) -> str:
    return arrays_digest(load(directory, "best").arrays)


def _network_of(directory: Path) -> str:
    """Return what is the same for the same weights of the same network on the same kind of data."""
    network = load(directory)
    about = f"{network.plan.info} {network.spec.model_dump_json()}"
    return hashlib.sha256(f"{about}{arrays_digest(network.arrays)}".encode()).hexdigest()


def _attempt(work: Callable[[], str]) -> Mapping[str, object]:
    """Return a digest, or how it was refused."""
    try:
        return {"digest": work(), "refused": "", "is_handled": True}
    except LayerkitError as error:
        return {"digest": "", "refused": str(error), "is_handled": True}
    except Exception:  # noqa: BLE001
        return {"digest": "", "refused": traceback.format_exc(), "is_handled": False}


def _history(path: Path) -> list[object]:
    """Return the lines of a history, without times; a line that is none as text."""
    lines: list[object] = []
    for line in path.read_text("utf-8").splitlines() if path.exists() else []:
        try:
            epoch: dict[str, object] = json.loads(line)
            lines.append({name: each for name, each in epoch.items() if name not in _TIMES})
        except ValueError:
            lines.append(line)
    return lines


def arrays_digest(arrays: Mapping[str, Array]) -> str:
    """Return what is the same for the same arrays alone."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def state_digest(state: TrainingState) -> str:
    """Return what is the same for the same state alone, times aside."""
    history = [asdict(epoch) for epoch in state.history]
    for epoch in history:
        for name in _TIMES:
            del epoch[name]
    rest = [dict(state.numbers), history, list(state.layout), dict(state.run)]
    text = json.dumps(rest, sort_keys=True, default=dict)
    return hashlib.sha256(f"{text}{arrays_digest(state.arrays)}".encode()).hexdigest()


@final
class _Snapshots(Callback):
    """Saves the run after every event that a checkpoint may be saved after."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.weights: list[str] = []
        self._run: Run | None = None

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._run = run
        self.weights.append(arrays_digest(run.arrays))

    def step_ended(self, event: StepEnded) -> None:
        self._save(f"{event.step}-step")

    def epoch_ended(self, event: EpochEnded) -> None:
        self._save(f"{event.step}-epoch")

    def _save(self, name: str) -> None:
        if self._run is not None:
            self.weights.append(arrays_digest(self._run.arrays))
            self._run.save(self.directory / name)


def _trajectory(spec: str, directory: str, snapshots: str) -> int:
    """Run a spec; print what its states and weights are on the way."""
    taking = _Snapshots(Path(snapshots))
    taking.directory.mkdir()
    run(load_spec(Path(spec)), directory, [taking])
    states: dict[int, list[str]] = {}
    for path in taking.directory.iterdir():
        step = int(path.name.partition("-")[0])
        states.setdefault(step, []).append(state_digest(read_state(path)))
    for step, path in RunDirectory(Path(directory)).checkpoints.steps():
        states.setdefault(step, []).append(state_digest(read_state(path)))
    print(json.dumps({"states": states, "weights": taking.weights}))  # noqa: T201
    return 0


@final
class _Interrupting(Callback):
    """Asks for the end of a run after a step, or after the epoch that ends with it."""

    def __init__(self, step: int, interruption: Interruption, *, after_epoch: bool) -> None:
        self._step = step
        self._interruption = interruption
        self._after_epoch = after_epoch

    def step_ended(self, event: StepEnded) -> None:
        if event.step == self._step and not self._after_epoch:
            self._interruption.request(Interrupted())

    def epoch_ended(self, event: EpochEnded) -> None:
        if event.step == self._step and self._after_epoch:
            self._interruption.request(Interrupted())


def _interrupted_at(spec: str, directory: str, step: str, when: str) -> int:
    """Run a spec until a step, or until the end of its epoch, and resume it."""
    interruption = Interruption()
    asking = _Interrupting(int(step), interruption, after_epoch=when == "epoch")
    try:
        run(load_spec(Path(spec)), directory, [asking], interruption=interruption)
    except Interrupted:
        resume(directory)
        return 0
    return 0 if RunDirectory(Path(directory)).read_manifest()["status"] == "finished" else 1


def _flips(path: str, kind: str, first: str, last: str, stride: str) -> int:
    """Flip single bits of a file, each by itself; print how many were tried, and which load.

    ``kind`` is "checkpoint", or which weights `load` reads: "run" or "best".
    """
    file = Path(path)
    content = file.read_bytes()
    end = min(int(last), 8 * len(content))
    damaged = [
        (f"bit {bit}", _flipped(content, bit)) for bit in range(int(first), end, int(stride))
    ]
    return _report_loads(file, kind, damaged)


def _truncations(path: str, kind: str) -> int:
    """Cut a file after every one of its bytes; print how many were tried, and which load."""
    file = Path(path)
    content = file.read_bytes()
    return _report_loads(
        file, kind, [(f"{size} bytes", content[:size]) for size in range(len(content))]
    )


def _flipped(content: bytes, bit: int) -> bytes:
    damaged = bytearray(content)
    damaged[bit // 8] ^= 1 << bit % 8
    return bytes(damaged)


def _report_loads(file: Path, kind: str, damaged: Sequence[tuple[str, bytes]]) -> int:
    content = file.read_bytes()
    loads = dict(_loads(file, kind, damaged))
    file.write_bytes(content)
    print(json.dumps({"tried": len(damaged), "loads": loads}))  # noqa: T201
    return 0


def _loads(
    file: Path, kind: str, damaged: Sequence[tuple[str, bytes]]
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Go through what loads as something else, or is refused by an error that is not ours."""
    loads = {
        "checkpoint": partial(_state_of, file),
        "run": partial(_network_of, file.parent),
        "best": partial(_best_of, file.parent),
    }
    load = loads[kind]
    whole = _attempt(load)["digest"]
    for name, content in damaged:
        with file.open("r+b") as opened:  # names nothing anew: that takes longer
            opened.write(content)
            opened.truncate()
        found = _attempt(load)
        is_corrupt = found["digest"] and (kind != "run" or found["digest"] != whole)
        if is_corrupt or not found["is_handled"]:
            yield name, found


_KINDS: Mapping[str, Callable[..., int]] = {
    "main": _main,
    "command": _command,
    "inspect": _inspect,
    "trajectory": _trajectory,
    "interrupted_at": _interrupted_at,
    "flips": _flips,
    "truncations": _truncations,
}

if __name__ == "__main__":
    _serve()
