"""Components that raise, or leave, wherever their code is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import cycle

from tests.bad_components.activations import activation
from tests.bad_components.callbacks import EVENTS, SAVE, callback
from tests.bad_components.case import PLUGIN, SPEC_IS_WRONG, Case, Template
from tests.bad_components.composites import composite
from tests.bad_components.constraints import constraint
from tests.bad_components.datasets import dataset
from tests.bad_components.gradient_transforms import gradient_transform
from tests.bad_components.initializers import initializer
from tests.bad_components.layers import WITH_STATE, layer
from tests.bad_components.losses import loss
from tests.bad_components.metrics import metric
from tests.bad_components.optimizers import optimizer
from tests.bad_components.regularizers import regularizer
from tests.bad_components.schedules import schedule

WAYS: Mapping[str, tuple[str, str]] = {
    "leaves": ("sys.exit(0)", "SystemExit"),
    "interrupts": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "raises_a_text_that_cannot_be_made": ("raise Unprintable", "Unprintable"),
    "raises_a_base_exception": ("raise Rude('no')", "Rude"),
    "raises_stop_iteration": ("raise StopIteration", "StopIteration"),
    "recurses": ("deep()", "RecursionError"),
    "leaves_with_1": ("sys.exit(1)", "SystemExit"),
    "raises_an_endless_text": ("raise ValueError('x' * 10**6)", "ValueError"),
    "raises_many_lines": ("raise ValueError('line\\n' * 1000)", "ValueError"),
    "raises_generator_exit": ("raise GeneratorExit", "GeneratorExit"),
    "leaves_with_a_text": ("sys.exit('bye')", "SystemExit"),
    "raises_control_characters": ("raise ValueError('\\x1b[31m' + chr(0))", "ValueError"),
    "raises_a_validation_error": ("LAYERS.config.model_validate({'name': 3})", "ValidationError"),
    "raises_an_error_of_layerkit": ("raise LayerkitError('vague')", "vague"),
    "raises_a_group": ("raise ExceptionGroup('both', [KeyError(1), KeyError(2)])", "both"),
    "raises_key_error": ("raise KeyError('axis')", "KeyError"),
}
"""How code can end, and what must be said of it."""

PLACES: tuple[tuple[Template, str, tuple[str, ...]], ...] = (
    (layer, "plan", ("plan", "vocabulary", "id_counts", "missing_values", "passed_inputs")),
    (layer, "run", ("init", "forward", "backward", "mask")),
    (activation, "run", ("value", "derivative")),
    (composite, "plan", ("plan",)),
    (composite, "run", ("init", "forward", "backward")),
    (loss, "plan", ("plan",)),
    (loss, "run", ("init", "value", "gradient", "predict", "weigh")),
    (metric, "plan", ("check", "figures")),
    (metric, "run", ("init", "reset", "update", "results", "tables")),
    (optimizer, "plan", ("slots",)),
    (optimizer, "summary", ("vectors",)),
    (optimizer, "run", ("init", "update", "schedules")),
    (schedule, "plan", ("check",)),
    (schedule, "run", ("init", "call", "observe")),
    (initializer, "run", ("init", "fill")),
    (regularizer, "run", ("init", "penalize")),
    (constraint, "run", ("init", "apply")),
    (gradient_transform, "run", ("init", "apply")),
    (callback, "plan", ("check",)),
    (callback, "summary", ("copies",)),
    (callback, "run", ("init", "training_started", *EVENTS)),
    (dataset, "plan", ("info",)),
    (dataset, "run", ("init", "load")),
)
"""What calls the code of components."""

EVERY_WAY = (layer, "forward")
"""Where each way is tried; elsewhere they take turns."""

VALIDATOR = """
@field_validator("type")
@classmethod
def _check(cls, value):
    {}
    return value
"""


def _everywhere() -> Iterator[Case]:
    """Yield a case for every place, and for some every way."""
    turns = cycle(WAYS)
    for template, found, methods in PLACES:
        for method in methods:
            ways = list(WAYS) if (template, method) == EVERY_WAY else [next(turns)]
            for way in ways:
                statement, said = WAYS[way]
                yield template(f"{method}_{way}", found=found, says=said, more={method: statement})


def _at_import() -> Iterator[Case]:
    for way, (statement, said) in WAYS.items():
        yield layer(f"import_{way}", found="import", says=said, top=statement)


def _validating() -> Iterator[Case]:
    for way in ("leaves", "raises_many_lines", "interrupts", "raises_key_error"):
        statement, said = WAYS[way]
        config = VALIDATOR.format(statement)
        refuses = "ValueError" in statement  # as configs refuse values
        yield layer(
            f"validator_{way}",
            found="plan",
            codes=SPEC_IS_WRONG if refuses else PLUGIN,
            says="line" if refuses else said,
            config=config,
            place=lambda table: {"layers": [{"type": table["type"]}]},
        )


CASES = [
    *_everywhere(),
    *_at_import(),
    *_validating(),
    layer(
        "adapt_raises_stop_iteration",
        says="StopIteration",
        plan=WITH_STATE,
        adapt="raise StopIteration",
    ),
    layer(
        "recalibrate_leaves",
        says="SystemExit",
        plan=WITH_STATE,
        recalibrate="sys.exit(0)",
        place=lambda table: {**layer.place(table), "callbacks": ["average_weights"]},
    ),
    callback("state_leaves", says="SystemExit", epoch_ended=SAVE, state="sys.exit(0)"),
]
