"""The text of a new spec, in TOML with comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from layerkit.display.format import count
from layerkit.formats.csv_table import Dialect
from layerkit.new_spec.columns import Inferred
from layerkit.new_spec.network import Sizes, sizes_for
from layerkit.new_spec.target import InferredTarget
from layerkit.new_spec.text_file import Format
from layerkit.new_spec.texts import shown, toml_key, toml_string, toml_strings


@dataclass(frozen=True, slots=True)
class NewSpec:
    """All that a new spec says.

    Attributes
    ----------
    form, path
        Of the data file; the path is relative to the spec.
    dialect
        How a CSV file is written; None for other formats.
    rows
        How many the file has, or how many of them were read.
    is_sample
        Whether there may be more rows.
    target
        What is to be predicted.
    columns
        All others, in the order of the file.
    missing_values
        The texts that stand for missing values.
    commands
        What to type next.
    """

    form: Format
    path: str
    dialect: Dialect | None
    rows: int
    is_sample: bool
    target: InferredTarget
    columns: Sequence[Inferred]
    missing_values: Sequence[str]
    commands: Sequence[str] = field(default_factory=tuple[str, ...])

    @property
    def kept(self) -> list[Inferred]:
        """The columns that the network gets."""
        return [each for each in self.columns if each.features]

    @property
    def left_out(self) -> list[Inferred]:
        """The columns that it does not."""
        return [each for each in self.columns if not each.features]

    @property
    def sizes(self) -> Sizes:
        """How large the network is."""
        return sizes_for(self.rows)


def spec_text(new: NewSpec, *, comments: bool = True) -> str:
    """Return the text of the spec; without comments it is shorter, and says the same."""
    blocks = [_head(new), _data(new), _columns(new), _layers(new), _training(new)]
    lines = [line for block in blocks for line in (*block, "")]
    if not comments:
        lines = [line for line in lines if not line.startswith("#")]
        lines.insert(0, f"# Written by 'layerkit init' from {shown(new.path)}.")
    return "\n".join(lines).rstrip("\n") + "\n"


def _head(new: NewSpec) -> Iterator[str]:
    of = "the first " if new.is_sample else ""
    yield f"# Written by 'layerkit init' from {of}{count(new.rows, 'row')} of {_shown_path(new)}."
    yield "# Types of columns were inferred once, for the reasons below. A run goes by what stands"
    yield "# here and infers nothing: correct what is wrong."
    yield "#"
    for command in new.commands:
        yield f"#   {shown_command(command)}"
    yield ""
    yield "seed = 1"
    yield f"metrics = {toml_strings(_metrics(new.target))}"


def _shown_path(new: NewSpec) -> str:
    return toml_string(new.path)[1:-1]


def shown_command(command: str) -> str:
    """Return a command as a comment can show it."""
    return "".join(char if char.isprintable() else "?" for char in command)


def _metrics(target: InferredTarget) -> list[str]:
    if not target.classes:
        return ["mean_absolute_error", "r2"]
    return ["accuracy", "roc_auc", "f1"] if len(target.classes) == 2 else ["accuracy", "f1"]


def _data(new: NewSpec) -> Iterator[str]:
    target, aside = new.target, new.sizes.aside
    yield "[data]"
    yield f"type = {toml_string(new.form)}"
    yield f"path = {toml_string(new.path)}"
    if new.dialect is not None:
        yield from _dialect(new.dialect)
    yield f"# {target.reason}"
    yield f"target = {toml_string(target.name)}"
    if target.classes:
        yield f"classes = {toml_strings(target.classes)}"
    if target.missing:
        yield 'missing_target = "drop"'
    yield f"missing_values = {toml_strings(new.missing_values)}"
    yield "# Set aside at random, by the seed: rows to watch training with, and rows for the end."
    yield f"validation = {aside}"
    yield f"test = {aside}"
    if target.can_stratify:
        yield "# Each part has the classes in the proportions of the whole."
        yield "stratify = true"
    elif target.classes:
        rare = min(target.counts, key=lambda name: target.counts[name])
        times = count(target.counts[rare], "row")
        yield f"# Not stratified: the class {shown(rare)} has {times}, too few for every part."
        yield "stratify = false"


def _dialect(dialect: Dialect) -> Iterator[str]:
    usual = Dialect()
    yield f"separator = {toml_string(dialect.separator)}"
    yield f"decimal = {toml_string(dialect.decimal)}"
    if dialect.thousands != usual.thousands:
        yield f"thousands = {toml_string(dialect.thousands)}"
    if dialect.quote != usual.quote:
        yield f"quote = {toml_string(dialect.quote)}"
    yield f"encoding = {toml_string(dialect.encoding)}"
    if not dialect.header:
        yield "# The first row has no names."
        yield "header = false"


def _columns(new: NewSpec) -> Iterator[str]:
    yield "# What the network gets. 'missing' says what becomes of a row without a value: an"
    yield '# "error", "drop" (left out in training), "keep" (filled in by a layer) or "other" (one'
    yield "# more category); 'unknown' says it of a row with a category that is not listed."
    yield "[data.columns]"
    for each in new.kept:
        yield f"# {each.reason}"
        yield f"{toml_key(each.name)} = {each.entry}"
        for reason, entry in each.alternatives:
            yield f"# {reason}"
            yield f"# {toml_key(each.name)} = {entry}"
    if new.left_out:
        yield ""
        yield "# Left out. To use one all the same, take the # off its second line."
    for each in new.left_out:
        yield f"# {each.reason}"
        yield f"# {toml_key(each.name)} = {each.entry}"


def _layers(new: NewSpec) -> Iterator[str]:
    target = new.target
    features = sum(each.features for each in new.kept)
    if any(each.keeps_missing for each in new.kept):
        yield "# The mean of a column, over the rows to train on, stands for its missing values."
        yield "[[layers]]"
        yield 'type = "fill_missing"'
        yield ""
    yield f"# {count(features, 'feature')}, brought to one scale."
    yield "[[layers]]"
    yield 'type = "standardize"'
    yield ""
    for units in new.sizes.hidden:
        yield "[[layers]]"
        yield 'type = "dense"'
        yield f"units = {units}"
        yield ""
        yield "[[layers]]"
        yield 'type = "tanh"'
        yield ""
    yield "[[layers]]"
    yield 'type = "dense"'
    yield f"units = {len(target.classes) if len(target.classes) > 2 else 1}"
    yield ""
    yield from _loss(target)


def _loss(target: InferredTarget) -> Iterator[str]:
    if len(target.classes) > 2:
        if target.deviation > 0:
            yield '# For amounts rather than classes: take "classes" and "stratify" away, end in'
            yield '# units = 1, and use metrics = ["mean_absolute_error", "r2"] and'
            yield f'# loss = {{ type = "mean_squared_error", {", ".join(_scale(target))} }}'
        yield "[loss]"
        yield 'type = "softmax_cross_entropy"'
    elif target.classes:
        positive = shown(target.classes[1])
        yield f"# One logit for two classes, that of {positive}."
        yield "[loss]"
        yield 'type = "binary_cross_entropy"'
    else:
        yield "# The network learns (target - mean) / deviation, so that a loss of 1 is no better"
        yield "# than the mean; predictions and metrics are in the target's own units."
        yield "[loss]"
        yield 'type = "mean_squared_error"'
        yield from _scale(target)


def _scale(target: InferredTarget) -> list[str]:
    return [
        f"target_mean = {_rounded(target.mean)}",
        f"target_deviation = {_rounded(target.deviation)}",
    ]


def _rounded(value: float) -> str:
    """Return a number with four digits as a TOML float: more would say nothing."""
    return repr(float(f"{value:.4g}"))


def _training(new: NewSpec) -> Iterator[str]:
    sizes = new.sizes
    yield "[optimizer]"
    yield 'type = "adamw"'
    yield f"learning_rate = {sizes.learning_rate}"
    yield ""
    yield "[training]"
    yield f"epochs = {sizes.epochs}"
    yield f"batch_size = {sizes.batch_size}"
    yield "# Stops when the validation loss has not improved for so many epochs; keeps the best."
    yield f"early_stopping = {{ patience = {sizes.patience} }}"
