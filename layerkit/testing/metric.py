"""`check_metric`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from layerkit.arrays import Array, Shape
from layerkit.contracts.dataset import Target
from layerkit.contracts.metric import METRICS, Metric, MetricConfig
from layerkit.testing.configs import CONFIG_CHECKS, config_of
from layerkit.testing.expect import (
    expect_close,
    expect_equal,
    expect_number,
    expect_same,
    run_checks,
)
from layerkit.testing.output_case import (
    Arguments,
    OutputCase,
    accepts_outputs,
    refuses_other_outputs,
)
from layerkit.testing.sampling import DTYPES, no_global_randomness


def check_metric(
    metric: str | Mapping[str, object] | MetricConfig,
    *,
    output_shape: Shape,
    target: Target,
    batch_sizes: Sequence[int] = (1, 2, 5),
    seed: int = 0,
) -> None:
    """Check that a metric keeps its contract: batches one by one give what one batch gives.

    Parameters
    ----------
    metric
        Name, table or config.
    output_shape
        Per-example shape of the outputs that the metric is checked with.
    target
        What it compares them with; arrays are drawn between 0.05 and 0.95.
    batch_sizes
        Numbers of examples to feed it.
    seed
        Of outputs and targets.

    Raises
    ------
    AssertionError
        If a check fails; the message begins with the check's name.
    """
    config = config_of(METRICS, metric)
    what = f"metric '{config.type_name()}' on {output_shape}"
    case = OutputCase(config, output_shape, target, tuple(batch_sizes), seed)
    run_checks(what, config, CONFIG_CHECKS)
    run_checks(what, case, (accepts_outputs, refuses_other_outputs))
    run_checks(what, case, METRIC_CHECKS)


def figures_are_named(case: OutputCase[MetricConfig]) -> None:
    """Check that figures have names of the metric's own, and say which way is better."""
    figures = case.config.figures(case.target)
    if not figures:
        raise AssertionError("figures: expected at least one, found none")
    for name, higher_is_better in figures.items():
        if not name.startswith(case.config.display_name):
            raise AssertionError(
                f"figures: expected names that begin with '{case.config.display_name}', "
                f"found '{name}'"
            )
        if type(higher_is_better) is not bool:
            raise AssertionError(f"{name}: expected True or False, found {higher_is_better!r}")


def results_are_finite(case: OutputCase[MetricConfig]) -> None:
    """Check that results are the figures announced, finite Python floats, after every batch."""
    names = sorted(case.config.figures(case.target))
    for dtype in DTYPES:
        metric = case.config.build(case.context(case.largest, dtype))
        for count in case.batch_sizes:
            metric.update(
                case.outputs(count, dtype), case.targets(count, dtype), _ones(case, count)
            )
            results = metric.results()
            expect_equal("names of the results", names, sorted(results))
            for name, value in results.items():
                expect_number(f"{name} after {count} examples more", value)


def arguments_untouched(case: OutputCase[MetricConfig]) -> None:
    """Check that predictions, targets and weights are only read."""
    given, weights = Arguments.of(case), case.weights(case.largest)
    new_metric(case).update(given.outputs, given.targets, weights)
    given.expect_untouched("update")
    expect_same("weights after update", case.weights(case.largest), weights)


def results_are_repeatable(case: OutputCase[MetricConfig]) -> None:
    """Check that asking for the results changes nothing, and nothing is drawn at random."""
    metric, count = new_metric(case), case.largest
    with no_global_randomness():
        metric.update(case.outputs(count), case.targets(count), case.weights(count))
        first = metric.results()
        _expect_results("asked again", first, metric.results())


def streaming(case: OutputCase[MetricConfig]) -> None:
    """Check that batches of any size one by one give what all examples at once give."""
    total = sum(case.batch_sizes)
    outputs, targets, weights = case.outputs(total), case.targets(total), case.weights(total)
    whole, parts = new_metric(case), new_metric(case)
    whole.update(outputs, targets, weights)
    ends = np.cumsum(case.batch_sizes).tolist()
    for start, end in zip([0, *ends], ends, strict=False):
        parts.update(outputs[start:end], targets[start:end], weights[start:end])
    _expect_results("several batches", whole.results(), parts.results())


def weights_count(case: OutputCase[MetricConfig]) -> None:
    """Check that a weight of 2 counts as the example twice, and a weight of 0 not at all."""
    total = case.largest
    outputs, targets, ones = case.outputs(total), case.targets(total), _ones(case, total)
    twice, weighted = new_metric(case), new_metric(case)
    twice.update(outputs, targets, ones)
    twice.update(outputs[:1], targets[:1], ones[:1])
    double = ones.copy()
    double[0] = 2
    weighted.update(outputs, targets, double)
    _expect_results("a weight of 2", twice.results(), weighted.results())
    without, ignored = new_metric(case), new_metric(case)
    without.update(outputs[1:], targets[1:], ones[1:])
    none = ones.copy()
    none[0] = 0
    ignored.update(outputs, targets, none)
    _expect_results("a weight of 0", without.results(), ignored.results())


def reset(case: OutputCase[MetricConfig]) -> None:
    """Check that ``reset`` forgets every batch before it."""
    used, new = new_metric(case), new_metric(case)
    total = sum(case.batch_sizes)
    used.update(case.outputs(total), case.targets(total), _ones(case, total))
    used.reset()
    for metric in (used, new):
        metric.update(case.outputs(total)[:1], case.targets(total)[-1:], _ones(case, 1))
    _expect_results("after reset", new.results(), used.results())


def new_metric(case: OutputCase[MetricConfig]) -> Metric[MetricConfig]:
    """Return a new metric with room for every batch at once."""
    return case.config.build(case.context(sum(case.batch_sizes) + 1))


def _ones(case: OutputCase[MetricConfig], count: int) -> Array:
    return np.ones((count, *case.items))


def _expect_results(what: str, expected: Mapping[str, float], found: Mapping[str, float]) -> None:
    expect_equal(f"figures, {what}", sorted(expected), sorted(found))
    for name, value in expected.items():
        expect_close(f"{name}, {what}", np.array(value), np.array(found[name]), 1e-12)


METRIC_CHECKS = (
    figures_are_named,
    results_are_finite,
    arguments_untouched,
    results_are_repeatable,
    streaming,
    weights_count,
    reset,
)
