"""The text of a spec to start from, where there is no table to infer one from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from layerkit.errors import UsageError
from layerkit.new_spec.template import shown_command

Task: TypeAlias = Literal["classification", "binary", "multi_label", "regression"]
StarterData: TypeAlias = Literal["synthetic", "mnist", "npz"]
Size: TypeAlias = Literal["small", "medium", "large"]
TASKS: tuple[Task, ...] = get_args(Task)
DATA: tuple[StarterData, ...] = get_args(StarterData)
SIZES: tuple[Size, ...] = get_args(Size)

_HIDDEN: dict[Size, tuple[int, ...]] = {
    "small": (32,),
    "medium": (64, 64),
    "large": (256, 256, 256),
}
_EPOCHS: dict[StarterData, int] = {"synthetic": 60, "mnist": 10, "npz": 30}
_LABELS = 4
_CLASSES = 3


@dataclass(frozen=True, slots=True)
class Starter:
    """What a spec to start from is for.

    Attributes
    ----------
    task
        What is predicted: one of several classes, one of two, any number of labels, or a number.
    data
        Where examples come from: drawn at random, MNIST's digits, or an ``.npz`` file.
    size
        How large the network is.
    commands
        What to type next.
    """

    task: Task
    data: StarterData
    size: Size
    commands: Sequence[str] = ()

    @property
    def outputs(self) -> int:
        """Units of the last layer."""
        if self.task == "classification":
            return 10 if self.data == "mnist" else _CLASSES
        return _LABELS if self.task == "multi_label" else 1


def starter_text(starter: Starter) -> str:
    """Return the text of the spec.

    Raises
    ------
    UsageError
        If the data are not for the task.
    """
    if starter.data == "mnist" and starter.task != "classification":
        raise UsageError(
            f"mnist has ten classes: expected --task classification, found {starter.task}; "
            "--data synthetic is for every task"
        )
    blocks = [_head(starter), _data(starter), _layers(starter), _loss(starter), _training(starter)]
    return "\n".join(line for block in blocks for line in (*block, "")).rstrip("\n") + "\n"


def _head(starter: Starter) -> Iterator[str]:
    what = f"{starter.task}, {starter.data} data, a {starter.size} network"
    yield f"# Written by 'layerkit init': {what}."
    yield "#"
    for command in starter.commands:
        yield f"#   {shown_command(command)}"
    yield ""
    yield "seed = 1 # all that is random comes from it"
    metrics = {
        "classification": '["accuracy"]',
        "binary": '["accuracy", "roc_auc"]',
        "multi_label": '["mean_squared_error"]',
        "regression": '["mean_absolute_error", "r2"]',
    }[starter.task]
    of = "of the probabilities; " if starter.task == "multi_label" else ""
    yield f"metrics = {metrics} # {of}'layerkit plugins list metric' shows all"


def _data(starter: Starter) -> Iterator[str]:
    if starter.data == "npz":
        yield from _npz(starter)
    elif starter.data == "mnist":
        yield "# Handwritten digits, 28 x 28 pixels as 784 inputs, 60,000 of them to train on."
        yield "[data]"
        yield 'type = "mnist"'
    else:
        yield from _SYNTHETIC[starter.task]
    yield "validation = 0.2 # of the training examples, set aside to watch training with"


_SYNTHETIC: dict[Task, tuple[str, ...]] = {
    "classification": (
        "# Points on three arms of a spiral, drawn at random: no file is needed.",
        "[data]",
        'type = "spirals"',
        f"classes = {_CLASSES}",
        "train_per_class = 400",
    ),
    "binary": (
        "# Points on two arms of a spiral, drawn at random: no file is needed.",
        "[data]",
        'type = "spirals"',
        "classes = 2",
        "train_per_class = 600",
    ),
    "multi_label": (
        "# Points in the plane, drawn at random, and in which of four discs each lies.",
        "[data]",
        'type = "discs"',
        f"labels = {_LABELS}",
        "train_examples = 2000",
    ),
    "regression": (
        "# A smooth function of five features among ten, drawn at random: no file is needed.",
        "[data]",
        'type = "friedman"',
        "train_examples = 2000",
    ),
}


def _npz(starter: Starter) -> Iterator[str]:
    targets = {
        "classification": "integers from 0 to classes - 1, (n,)",
        "binary": "0 or 1, (n,)",
        "multi_label": "0 or 1 for every label, floating-point numbers (n, labels)",
        "regression": "floating-point numbers (n,)",
    }[starter.task]
    yield "# A file of numpy.savez(path, train_inputs=x, train_targets=y): put yours there, or"
    yield f"# change the path. Targets are {targets}."
    yield "[data]"
    yield 'type = "npz"'
    yield 'path = "data.npz" # starts at the directory of this spec'
    if starter.task == "classification":
        yield f"classes = {_CLASSES} # as many as yours"
    elif starter.task == "binary":
        yield "classes = 2"
    yield "test = 0.2 # set aside for the end; take this line away if the file has test_inputs"


def _layers(starter: Starter) -> Iterator[str]:
    if starter.data != "mnist":
        yield "# Every feature brought to mean 0 and standard deviation 1."
        yield "[[layers]]"
        yield 'type = "standardize"'
        yield ""
    for units in _HIDDEN[starter.size]:
        yield "[[layers]]"
        yield 'type = "dense"'
        yield f"units = {units}"
        yield ""
        yield "[[layers]]"
        yield 'type = "tanh"'
        yield ""
    if starter.size == "large":
        yield "# Against overfitting: this fraction of the values is 0 in each step of training."
        yield "[[layers]]"
        yield 'type = "dropout"'
        yield "rate = 0.3"
        yield ""
    means = {
        "classification": "a logit for every class",
        "binary": "one logit for two classes",
        "multi_label": "a logit for every label",
        "regression": "the number to predict",
    }[starter.task]
    more = ": as many as yours" if starter.data == "npz" and starter.outputs > 1 else ""
    yield "[[layers]]"
    yield 'type = "dense"'
    yield f"units = {starter.outputs} # {means}{more}"


def _loss(starter: Starter) -> Iterator[str]:
    yield "[loss]"
    if starter.task == "classification":
        yield 'type = "softmax_cross_entropy" # makes probabilities of logits itself'
    elif starter.task == "regression":
        yield 'type = "mean_squared_error"'
    else:
        yield 'type = "binary_cross_entropy" # makes probabilities of logits itself'


def _training(starter: Starter) -> Iterator[str]:
    yield "[optimizer]"
    yield 'type = "adamw"'
    rate = 0.001 if starter.size == "large" or starter.data == "mnist" else 0.005
    yield f"learning_rate = {rate}"
    yield ""
    yield "[training]"
    yield f"epochs = {_EPOCHS[starter.data]}"
    yield f"batch_size = {128 if starter.data == 'mnist' else 32}"
    yield "# Stops when the validation loss has not improved for so many epochs; keeps the best."
    yield f"early_stopping = {{ patience = {3 if starter.data == 'mnist' else 15} }}"
