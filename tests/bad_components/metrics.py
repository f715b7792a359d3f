"""Bad metrics."""

from __future__ import annotations

from tests.bad_components.case import DIVERGED, FINE, PLUGIN, SPEC_IS_WRONG, Case, Template
from tests.bad_components.losses import NO_TEXT, NUMBERS, NUMPY_NUMBERS

UPDATE = "self._sum += float(weights @ (predictions.argmax(axis=-1) == targets))"
RESULTS = "return {self.config.display_name: self._sum}"

metric = Template(
    kind="metric",
    group="layerkit.metrics",
    config="MetricConfig",
    base="Metric",
    place=lambda table: {"metrics": ["accuracy", table]},
    config_methods={
        "check": "check(self, prediction, target)",
        "figures": "figures(self, target)",
    },
    methods={
        "init": "__init__(self, config, context)",
        "reset": "reset(self)",
        "update": "update(self, predictions, targets, weights)",
        "results": "results(self)",
        "tables": "tables(self)",
    },
    right={
        "check": "return None",
        "figures": "return {self.display_name: True}",
        "reset": "self._sum = 0.0",
        "update": UPDATE,
        "results": RESULTS,
    },
)


def _returning() -> list[Case]:
    cases = [
        metric(
            f"results_with_{what}",
            codes=(PLUGIN, DIVERGED) if what in {"nan", "inf"} else PLUGIN,
            results=f"return {{self.config.display_name: {wrong}}}",
            quiet=what in NO_TEXT,
        )
        for what, wrong in NUMBERS.items()
    ]
    return cases + [
        metric(
            f"results_with_{what}",
            codes=(FINE, PLUGIN),
            results=f"return {{self.config.display_name: {wrong}}}",
        )
        for what, wrong in NUMPY_NUMBERS.items()
    ]


def naming(what: str, figures: str, *others: int) -> Case:
    """Return the case of a metric with other figures; other exit codes are right too."""
    return metric(what, figures=f"return {figures}", found="plan", codes=(PLUGIN, *others))


NAME = "self.config.display_name"

CASES = [
    *_returning(),
    metric("results_none", results="return None", quiet=True),
    metric("results_a_number", results="return 0.5", quiet=True),
    metric("results_a_list", results=f"return [({NAME}, 0.5)]", quiet=True),
    metric("results_lack_a_figure", results="return {}"),
    metric(
        "results_have_one_more",
        results=f"return {{{NAME}: 0.5, {NAME} + '.more': 0.5}}",
        quiet=True,
    ),
    metric("results_named_otherwise", results="return {'quality': 0.5}"),
    metric("results_overwrite_the_loss", results=f"return {{{NAME}: 0.5, 'loss': 0.0}}"),
    metric("results_without_names", results="return {None: 0.5}"),
    metric("tables_none", tables="return None"),
    metric("tables_a_list", tables=f"return {{{NAME}: [[1, 2], [3, 4]]}}"),
    metric("tables_of_words", tables=f"return {{{NAME}: np.array(['a', 'b'])}}"),
    metric("tables_of_objects", tables=f"return {{{NAME}: np.array([None, {{}}])}}"),
    metric("tables_without_names", tables="return {3: np.zeros(2)}"),
    metric("update_writes_predictions", update=f"predictions *= 0\n{UPDATE}"),
    metric("update_writes_targets", update=f"{UPDATE}\ntargets[...] = 0"),
    metric("update_writes_weights", update=f"{UPDATE}\nweights *= 0"),
    metric("update_of_another_shape", update="self._sum += weights @ np.zeros(7)"),
    metric("init_without_super", init="self._sum = 0.0"),
    metric("reset_forgotten", reset="pass"),
    naming("figures_none", "None"),
    naming("figures_a_list", "[self.display_name]"),
    naming("figures_a_word", "self.display_name"),
    naming("figures_without_direction", "{self.display_name: None}"),
    naming("figures_without_names", "{3: True}"),
    naming("figures_of_others", "{'accuracy': True}", SPEC_IS_WRONG),
    naming("figures_named_loss", "{'loss': True}", SPEC_IS_WRONG),
    naming("figures_named_otherwise", "{'quality': True}"),
    metric("check_writes_its_config", found="plan", check="self.name = 'other'"),
    metric(
        "second_evaluation_raises",
        results=f"self.steps += 1\nif self.steps > 1:\n    raise KeyError('best')\n{RESULTS}",
    ),
    metric(
        "second_evaluation_returns_none",
        results=f"self.steps += 1\nif self.steps > 1:\n    return None\n{RESULTS}",
        quiet=True,
    ),
    metric(
        "second_evaluation_returns_a_word",
        results=(f"self.steps += 1\nif self.steps > 1:\n    return {{{NAME}: 'good'}}\n{RESULTS}"),
        quiet=True,
    ),
    metric(
        "second_evaluation_lacks_a_figure",
        results=f"self.steps += 1\nif self.steps > 1:\n    return {{}}\n{RESULTS}",
        quiet=True,
    ),
    metric(
        "second_evaluation_leaves",
        update=f"self.steps += 1\nif self.steps > 1:\n    sys.exit(0)\n{UPDATE}",
    ),
    metric(
        "second_evaluation_nan",
        codes=(PLUGIN, DIVERGED),
        results=f"self.steps += 1\nif self.steps > 1:\n    return {{{NAME}: np.nan}}\n{RESULTS}",
    ),
]
