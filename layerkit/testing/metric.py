"""`check_metric`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from layerkit.arrays import Shape
from layerkit.contracts.dataset import Target
from layerkit.contracts.metric import METRICS, Metric, MetricConfig
from layerkit.testing.configs import CONFIG_CHECKS, config_of
from layerkit.testing.expect import expect_close, expect_number, run_checks
from layerkit.testing.output_case import (
    Arguments,
    OutputCase,
    accepts_outputs,
    refuses_other_outputs,
)
from layerkit.testing.sampling import DTYPES, FLOAT64, no_global_randomness


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
    run_checks(what, config, (*CONFIG_CHECKS, says_which_way_is_better))
    run_checks(what, case, (accepts_outputs, refuses_other_outputs))
    run_checks(what, case, METRIC_CHECKS)


def says_which_way_is_better(config: MetricConfig) -> None:
    """Check that early stopping knows which way the metric should go."""
    if type(config.higher_is_better) is not bool:
        raise AssertionError(
            f"higher_is_better: expected True or False, found {config.higher_is_better!r}"
        )


def result_is_finite(case: OutputCase[MetricConfig]) -> None:
    """Check that the result is a finite Python float after every batch, in either dtype."""
    for dtype in DTYPES:
        metric = case.config.build(case.context(case.largest, dtype))
        for count in case.batch_sizes:
            metric.update(case.outputs(count, dtype), case.targets(count, dtype))
            expect_number(f"result after {count} examples more", metric.result())


def arguments_untouched(case: OutputCase[MetricConfig]) -> None:
    """Check that outputs and targets are only read."""
    given = Arguments.of(case)
    new_metric(case).update(given.outputs, given.targets)
    given.expect_untouched("update")


def result_is_repeatable(case: OutputCase[MetricConfig]) -> None:
    """Check that asking for the result changes nothing, and nothing is drawn at random."""
    metric, count = new_metric(case), case.largest
    with no_global_randomness():
        metric.update(case.outputs(count), case.targets(count))
        first = metric.result()
        _expect_result("result, asked again", first, metric.result())


def streaming(case: OutputCase[MetricConfig]) -> None:
    """Check that batches of any size one by one give what all examples at once give."""
    total = sum(case.batch_sizes)
    outputs, targets = case.outputs(total), case.targets(total)
    whole, parts = new_metric(case), new_metric(case)
    whole.update(outputs, targets)
    ends = np.cumsum(case.batch_sizes).tolist()
    for start, end in zip([0, *ends], ends, strict=False):
        parts.update(outputs[start:end], targets[start:end])
    _expect_result("result of several batches", whole.result(), parts.result())


def reset(case: OutputCase[MetricConfig]) -> None:
    """Check that ``reset`` forgets every batch before it."""
    used, new = new_metric(case), new_metric(case)
    total = sum(case.batch_sizes)
    used.update(case.outputs(total), case.targets(total))
    used.reset()
    for metric in (used, new):
        metric.update(case.outputs(total)[:1], case.targets(total)[-1:])
    _expect_result("result after reset", new.result(), used.result())


def new_metric(case: OutputCase[MetricConfig]) -> Metric[MetricConfig]:
    """Return a new metric with room for every batch at once."""
    context = case.context(sum(case.batch_sizes), FLOAT64)
    return case.config.build(context)


def _expect_result(what: str, expected: float, found: float) -> None:
    expect_close(what, np.array(expected), np.array(found), 1e-12)


METRIC_CHECKS = (
    result_is_finite,
    arguments_untouched,
    result_is_repeatable,
    streaming,
    reset,
)
