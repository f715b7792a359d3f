"""The page ``docs/performance.md``, made from the results and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.contenders import CONTENDERS
from benchmarks.grids import Grid
from benchmarks.machine import Machine
from benchmarks.parts.speed import Raced, goals_grid
from benchmarks.parts.step_profile import Profile
from benchmarks.parts.table import PARTS
from benchmarks.results import Results

PLOT = "performance.svg"

_HEAD = """# Performance

<!-- `make bench` writes this page from benchmarks/results.json; change neither by hand. -->

How fast Layerkit is beside what you would use instead, on the same work in one run: the same sizes,
batch, optimizer, float32, the real 60,000 training images of MNIST, shuffling and gathering
included. Run it yourself: `make bench` measures everything in about 20 minutes and writes this
page; `make bench W=W2` races one workload in under two minutes and prints its table."""

_METHOD = """Every contender is a process of its own. It warms up, then idles; the driver gives one
after another a turn of some tenths of a second, round after round, each round starting with
another, and rests 0.25 s between turns, because BLAS threads spin on after a call. Tables show
medians over the rounds, with the quartiles in brackets. Ratios are paired: each round's time is
divided by the time of torch, or of the floor, in that round. Variables that set kernels or threads,
such as `OPENBLAS_CORETYPE`, are taken out of the environment: every library chooses for itself, as
it does for most of its users. **Only ratios within one table mean
anything, and differences under 15 % are ties.**

*Torch* without more is eager PyTorch. Its `nn.Dropout` is slow on a CPU, so torch with masks made
from random bytes stands beside it, and W2n is W2 without dropout. The *floor* is the time of the
workload's matrix products alone (forward, input gradient, weight gradient, in memory set aside
before); the quicker of one and two threads counts. For convolutions they are the products of the
patches laid out in rows."""

_PROSE = {
    "gate": """Before anything is timed, Layerkit and torch train from the same weights on the same
batches, without dropout. Float64 at the workload's learning rate shows any difference in what is
computed; float32 is what is timed, at a hundredth of the rate, because rounding alone grows
100,000-fold in 50 steps of Adam on deep ReLU networks.""",
    "accuracy": """Same network, dropout, penalty, optimizer, schedule and batches as
`specs/mnist_tanh_dropout.toml`; whoever trains takes turns of an epoch with the others. Seconds of
training include the look at the validation images that the spec asks for; the test images are
looked at outside of the timed part. Seconds of the process are medians from its start to the
target, imports and loading included.""",
    "checkpoints": """Whole runs of the main job for a few epochs; a round runs each policy once,
and starts with another each time. Ratios are paired: each round's time is divided by that of the
run without checkpoints in that round. Under every policy a run saves at its end.""",
    "cold": """Whole processes from start to exit, in turn, after one round that only fills the file
cache. pydantic and typer put off much of their imports until the first model and the first command:
the row that has one of each is the least that a command made of them takes.""",
    "memory": """The most memory that a process held while it trained W2 for one epoch, dataset and
libraries included. scikit-learn has no dropout and trains W2n.""",
    "scaling": """Networks of tanh layers on MNIST, SGD with momentum. Small products take the
time of their Python calls, large ones that of the hardware.""",
    "growth": """An `.npz` file of random bytes, a network of 32 tanh units, batch 256, SGD with
momentum. Loading reads the whole file; training then gathers and scales a batch at a time. A flat
cost for an example means that more data cost no more than their number.""",
    "ablations": """Layerkit is raced against itself with one thing done otherwise. Above 1 the
trick pays; the first row, where nothing differs, shows how much is noise.""",
}
_TITLES = {
    "gate": "The same computation",
    "profile": "Where a step's time goes",
    "accuracy": "Time to accuracy",
    "checkpoints": "What checkpoints cost",
    "cold": "Cold start",
    "memory": "Memory",
    "scaling": "As networks grow",
    "growth": "As data grow",
    "ablations": "What each trick is worth",
}


def page(results: Results) -> str:
    """Return the page's text."""
    return "\n\n".join(_blocks(results)) + "\n"


def _blocks(results: Results) -> Iterator[str]:
    yield _HEAD
    yield from _machine(results.machine)
    raced = {name: part for name, part in results.parts.items() if isinstance(part, Raced)}
    if raced:
        yield "## Goals"
        yield goals_grid(raced).markdown()
        yield "## Side by side"
        yield _METHOD
        for part in raced.values():
            yield from _tables(part.grids(), level=3)
            yield _measured(part.measured.date, part.measured.busy)
        yield "What each of them does:"
        yield _notes()
    for name in PARTS:
        if name in results.parts and name not in raced:
            yield from _section(name, results)


def _section(name: str, results: Results) -> Iterator[str]:
    part = results.parts[name]
    yield f"## {_TITLES[name]}"
    if isinstance(part, Profile):
        yield (
            f"{part.named_share():.1%} of W2's step has a name. Clocks sit around every component, "
            "NumPy's matrix products, and the step as a whole: what no other clock has is the "
            f"engine's. They cost {part.clocks_share():.1%} of the step themselves. The run in the "
            "middle of several:"
        )
    else:
        yield _PROSE[name]
    if name == "scaling":
        yield f"![Time a step, and as a multiple of the matrix products' time]({PLOT})"
    yield from _tables(part.grids(), level=3)
    yield _measured(part.measured.date, part.measured.busy)


def _tables(grids: list[Grid], level: int) -> Iterator[str]:
    for grid in grids:
        yield f"{'#' * level} {grid.title}"
        yield grid.markdown()


def _machine(machine: Machine) -> Iterator[str]:
    versions = ", ".join(f"{name} {version}" for name, version in machine.versions.items())
    yield (
        f"Measured on {machine.processor}, {machine.cores} cores, {machine.system}, Python "
        f"{machine.python}; {versions}; NumPy's BLAS is {machine.blas}."
    )
    failed = {line: error for line, error in machine.installed.items() if error}
    if failed:
        yield "Not installed: " + "; ".join(f"{line} ({error})" for line, error in failed.items())


def _notes() -> str:
    notes = [f"- {each.name}: {each.note}" for each in CONTENDERS]
    return "\n".join(dict.fromkeys(notes))


def _measured(date: str, busy: float | None) -> str:
    load = "" if busy is None else f"; others kept the cores {busy:.0%} busy just before"
    return f"<sub>Measured on {date}{load}.</sub>"
