"""How many examples are for what, and whether such numbers can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from layerkit.contracts.dataset import ClassTarget, DataInfo, DatasetConfig
from layerkit.plan.causes import counted_by
from layerkit.spec.diagnostics import Problem
from layerkit.spec.models import ModelSpec

_OTHERWISE = "leave it out, or leave the dataset's own out if it has an option for that"


@dataclass(frozen=True, slots=True)
class PartSizes:
    """Numbers of examples once some are set aside; None where only reading the data would tell.

    Attributes
    ----------
    train, validation, test
        The numbers; there are 0 to train on where too many are set aside.
    """

    train: int | None
    validation: int | None
    test: int | None


def part_sizes(config: DatasetConfig, info: DataInfo) -> PartSizes:
    """Return how many examples are for what."""
    test, validation = config.set_aside_to_test(info.train), config.set_aside(info.train)
    train = None
    if info.train is not None and validation is not None and test is not None:
        train = max(info.train - validation - test, 0)
    if config.fold is None:
        test = test or info.test
    return PartSizes(train, validation or info.validation, test)


def size_problems(spec: ModelSpec, info: DataInfo, sizes: PartSizes) -> Iterator[Problem]:
    """Yield numbers of examples, classes and the like that do not go together."""
    data, batch_size = spec.data, spec.training.batch_size
    if isinstance(info.target, ClassTarget) and info.target.classes < 2:
        reason = f"expected at least 2 classes, found {info.target.classes}"
        yield Problem(("data",), "wrong-value", reason)
    yield from _split_problems(data, info)
    if sizes.train is not None and batch_size != "full" and batch_size > sizes.train > 0:
        left = " that are not set aside" if info.train != sizes.train else ""
        reason = f"expected at most the {sizes.train} training examples{left}, found {batch_size}"
        hint = 'batch_size = "full" takes them all'
        cause = counted_by(data, info.train)
        yield Problem(("training", "batch_size"), "wrong-value", reason, hint, cause)
    if spec.training.early_stopping is not None and data.validation == 0 and info.validation == 0:
        yield Problem(
            ("training", "early_stopping"),
            "wrong-value",
            "early stopping expects validation examples, found none",
            "set data.validation, such as 0.1",
        )


def _split_problems(data: DatasetConfig, info: DataInfo) -> Iterator[Problem]:
    """Yield what cannot be set aside."""
    if data.validation > 0 and info.validation != 0:
        reason = "expected none, as the dataset has validation examples of its own"
        yield Problem(("data", "validation"), "wrong-value", reason)
    if data.test > 0 and data.fold is not None:
        reason = "expected none beside a fold, which is what is tested on"
        yield Problem(("data", "test"), "wrong-value", reason)
    elif data.test > 0 and info.test:
        reason = f"expected none, as the dataset has {info.test:,} test examples of its own"
        yield Problem(("data", "test"), "wrong-value", reason, _OTHERWISE)
    yield from _count_problems(data, info)
    if data.stratify and not isinstance(info.target, ClassTarget):
        reason = "expected false, as the targets are no classes but numbers"
        yield Problem(("data", "stratify"), "wrong-value", reason)
    elif data.stratify and info.target.shape:
        reason = f"expected false, as each target is {info.target.shape} classes, one a step"
        yield Problem(("data", "stratify"), "wrong-value", reason)


def _count_problems(data: DatasetConfig, info: DataInfo) -> Iterator[Problem]:
    """Yield parts that would get no example, or leave none to train on."""
    examples = info.train
    left = examples
    if data.fold is not None and examples is not None and data.fold.of > examples:
        reason = f"expected at most as many folds as the {examples} training examples"
        yield Problem(("data", "fold"), "wrong-value", f"{reason}, found {data.fold.of}")
        return
    shares = {"test": data.test if data.fold is None else 0, "validation": data.validation}
    counts = {"test": data.set_aside_to_test(examples), "validation": data.set_aside(examples)}
    for name, count in counts.items():
        share = shares[name]
        if left is None or count is None:
            continue
        if count >= left:
            of = f" ({share} of them)" if isinstance(share, float) else ""
            beside = "" if left == examples else " that are not for testing"
            reason = f"expected fewer than the {left} training examples{beside}, found {count}{of}"
            cause = counted_by(data, examples)
            yield Problem(("data", name), "wrong-value", reason, cause=cause)
            return
        if share > 0 and count == 0:
            reason = (
                f"expected at least one of the {examples} training examples, found {share} of them"
            )
            yield Problem(("data", name), "wrong-value", reason)
        left -= count
