"""`check_metric`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from layerkit.arrays import Array, Shape
from layerkit.contracts.dataset import Target
from layerkit.contracts.metric import METRICS, Metric, MetricConfig
from layerkit.testing.case import Case, checks_on
from layerkit.testing.configs import CONFIG_CHECKS, config_of
from layerkit.testing.expect import (
    expect_close,
    expect_equal,
    expect_finite,
    expect_number,
    expect_same,
)
from layerkit.testing.output_case import ACCEPTANCE_CHECKS, Arguments, OutputCase
from layerkit.testing.sampling import DTYPES, no_global_randomness

NAME = "another_name"
"""The name given to a metric, to check that its figures have it."""


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
        Per-example shape of what the metric sees: what a loss predicts.
    target
        What it compares them with; arrays are drawn between 0.05 and 0.95.
    batch_sizes
        Numbers of examples to feed it.
    seed
        Of outputs, targets and weights.

    Raises
    ------
    AssertionError
        If a check fails; the message begins with the check's name.
    """
    case = case_of_metric(
        metric, output_shape=output_shape, target=target, batch_sizes=batch_sizes, seed=seed
    )
    case.check()


def case_of_metric(
    metric: str | Mapping[str, object] | MetricConfig,
    *,
    output_shape: Shape,
    target: Target,
    batch_sizes: Sequence[int] = (1, 2, 5),
    seed: int = 0,
) -> Case:
    """Return the case that `check_metric` checks; see there."""
    config = config_of(METRICS, metric)
    what = f"metric '{config.type_name()}' on {output_shape}"
    case = OutputCase(config, output_shape, target, tuple(batch_sizes), seed)
    checks = checks_on(what, config, CONFIG_CHECKS)
    checks += checks_on(what, case, ACCEPTANCE_CHECKS)
    checks += checks_on(what, case, METRIC_CHECKS)
    return Case(config, what, checks)


def figures_are_named(case: OutputCase[MetricConfig]) -> None:
    """Check that figures and tables have names of the metric's own, and say which way is better."""
    figures, tables = case.config.figures(case.target), new_metric(case).tables()
    if not figures and not tables:
        raise AssertionError("figures: expected at least one, or a table; found none")
    _expect_own_names("figures", case.config.display_name, figures)
    _expect_own_names("tables", case.config.display_name, tables)
    for name, higher_is_better in figures.items():
        if type(higher_is_better) is not bool:
            raise AssertionError(f"{name}: expected True or False, found {higher_is_better!r}")


def another_name(case: OutputCase[MetricConfig]) -> None:
    """Check that a name in the spec reaches figures, results and tables."""
    config = case.config.model_copy(update={"name": NAME})
    renamed = OutputCase(config, case.output_shape, case.target, case.batch_sizes, case.seed)
    metric = new_metric(renamed)
    _feed(metric, renamed)
    _expect_own_names("figures", NAME, config.figures(case.target))
    _expect_own_names("results", NAME, metric.results())
    _expect_own_names("tables", NAME, metric.tables())


def results_are_finite(case: OutputCase[MetricConfig]) -> None:
    """Check that results are the figures announced, finite Python floats, after every batch.

    So they are before any batch, and where no example weighs anything.
    """
    for dtype in DTYPES:
        metric = case.config.build(case.context(case.largest, dtype))
        _expect_finite(case, metric, "before any batch")
        for count in case.batch_sizes:
            outputs, targets = case.outputs(count, dtype), case.targets(count, dtype)
            metric.update(outputs, targets, np.zeros((count, *case.items), dtype))
            _expect_finite(case, metric, "where all weights are 0")
        for count in case.batch_sizes:
            outputs, targets = case.outputs(count, dtype), case.targets(count, dtype)
            metric.update(outputs, targets, case.weights(count, dtype))
            _expect_finite(case, metric, f"after {count} examples more")


def arguments_untouched(case: OutputCase[MetricConfig]) -> None:
    """Check that predictions, targets and weights are only read."""
    given = Arguments.of(case)
    new_metric(case).update(given.outputs, given.targets, given.weights)
    given.expect_untouched("update")


def results_are_repeatable(case: OutputCase[MetricConfig]) -> None:
    """Check that asking for results and tables changes nothing, and nothing is drawn at random."""
    metric = new_metric(case)
    with no_global_randomness():
        _feed(metric, case)
        results, tables = dict(metric.results()), _copied(metric.tables())
        expect_equal("figures, asked again", results, dict(metric.results()))
        _expect_same_tables("asked again", tables, metric.tables())


def arguments_not_kept(case: OutputCase[MetricConfig]) -> None:
    """Check that predictions, targets and weights may be overwritten after the call."""
    given, metric, expected = Arguments.of(case), new_metric(case), new_metric(case)
    expected.update(given.outputs.copy(), given.targets.copy(), given.weights.copy())
    metric.update(given.outputs, given.targets, given.weights)
    given.outputs[...] = given.outputs[::-1].copy()
    given.targets.fill(0)
    given.weights[...] = given.weights[::-1].copy()
    _expect_same_as("once the arrays were overwritten", expected, metric)


def tables_are_kept(case: OutputCase[MetricConfig]) -> None:
    """Check that a table and the metric share no memory: neither changes the other."""
    metric = new_metric(case)
    _feed(metric, case)
    kept = metric.tables()
    before = _copied(kept)
    metric.reset()
    _feed(metric, case)
    _feed(metric, case)
    _expect_same_tables("after reset and more batches", before, kept)
    after = _copied(metric.tables())
    for table in metric.tables().values():
        table.fill(-1)
    _expect_same_tables("after a table was written to", after, metric.tables())


def streaming(case: OutputCase[MetricConfig]) -> None:
    """Check that batches of any size one by one give what all examples at once give."""
    total = sum(case.batch_sizes)
    outputs, targets, weights = case.outputs(total), case.targets(total), case.weights(total)
    whole, parts = new_metric(case), new_metric(case)
    whole.update(outputs, targets, weights)
    ends = np.cumsum(case.batch_sizes).tolist()
    for start, end in zip([0, *ends], ends, strict=False):
        parts.update(outputs[start:end], targets[start:end], weights[start:end])
    _expect_same_as("several batches", whole, parts)


def weights_count(case: OutputCase[MetricConfig]) -> None:
    """Check that a weight of 2 counts as the item twice, and a weight of 0 not at all.

    An item is an example, or a step where there is a target for every step.
    """
    count = case.largest
    outputs, targets = case.outputs(count), case.targets(count)
    ones = np.ones((count, *case.items))
    for index in np.ndindex(ones.shape):
        double, none, alone = ones.copy(), ones.copy(), np.zeros_like(ones)
        double[index], none[index], alone[index] = 2, 0, 1
        twice, weighted = new_metric(case), new_metric(case)
        twice.update(outputs, targets, ones)
        twice.update(outputs, targets, alone)
        weighted.update(outputs, targets, double)
        _expect_same_as(f"a weight of 2 at {index}", twice, weighted)
        once, parts = new_metric(case), new_metric(case)
        once.update(outputs, targets, ones)
        parts.update(outputs, targets, none)
        parts.update(outputs, targets, alone)
        _expect_same_as(f"a weight of 0 at {index}, then of 1", once, parts)
    one = slice(0, 1)
    twice, weighted = new_metric(case), new_metric(case)
    twice.update(outputs, targets, ones)
    twice.update(outputs[one], targets[one], ones[one])
    double = ones.copy()
    double[one] = 2
    weighted.update(outputs, targets, double)
    _expect_same_as("a weight of 2, an example twice", twice, weighted)
    without, ignored = new_metric(case), new_metric(case)
    without.update(outputs[1:], targets[1:], ones[1:])
    none = ones.copy()
    none[one] = 0
    ignored.update(outputs, targets, none)
    _expect_same_as("a weight of 0, without the example", without, ignored)


def reset(case: OutputCase[MetricConfig]) -> None:
    """Check that ``reset`` forgets every batch before it."""
    used, new = new_metric(case), new_metric(case)
    _feed(used, case)
    used.reset()
    _expect_same_as("after reset", new, used)
    total = sum(case.batch_sizes)
    for metric in (used, new):
        ones = np.ones((1, *case.items))
        metric.update(case.outputs(total)[:1], case.targets(total)[-1:], ones)
    _expect_same_as("after reset and a batch", new, used)


def new_metric(case: OutputCase[MetricConfig]) -> Metric[MetricConfig]:
    """Return a new metric with a capacity of all examples at once."""
    return case.config.build(case.context(sum(case.batch_sizes) + 1))


def _feed(metric: Metric[MetricConfig], case: OutputCase[MetricConfig]) -> None:
    """Give a metric one batch of all examples."""
    total = sum(case.batch_sizes)
    metric.update(case.outputs(total), case.targets(total), case.weights(total))


def _copied(tables: Mapping[str, Array]) -> dict[str, Array]:
    return {name: table.copy() for name, table in tables.items()}


def _expect_own_names(what: str, own: str, names: Iterable[str]) -> None:
    for name in names:
        if name != own and not (name.startswith(f"{own}.") and name != f"{own}."):
            raise AssertionError(
                f"{what}: expected '{own}', or names that begin with '{own}.'; found '{name}'"
            )


def _expect_finite(case: OutputCase[MetricConfig], metric: Metric[MetricConfig], when: str) -> None:
    results = metric.results()
    announced = case.config.figures(case.target)
    expect_equal(f"names of the results {when}", sorted(announced), sorted(results))
    for name, value in results.items():
        expect_number(f"{name} {when}", value)
    for name, table in metric.tables().items():
        expect_finite(f"table {name} {when}", table)


def _expect_same_as(what: str, expected: Metric[MetricConfig], found: Metric[MetricConfig]) -> None:
    """Check that two metrics have the same results and tables, but for rounding."""
    figures, others = expected.results(), found.results()
    expect_equal(f"figures, {what}", sorted(figures), sorted(others))
    for name, value in figures.items():
        expect_close(f"{name}, {what}", np.array(value), np.array(others[name]), 1e-12)
    tables, rest = expected.tables(), found.tables()
    expect_equal(f"tables, {what}", sorted(tables), sorted(rest))
    for name, table in tables.items():
        expect_close(f"table {name}, {what}", table, rest[name], 1e-12)


def _expect_same_tables(
    what: str, expected: Mapping[str, Array], found: Mapping[str, Array]
) -> None:
    expect_equal(f"tables, {what}", sorted(expected), sorted(found))
    for name, table in expected.items():
        expect_same(f"table {name}, {what}", table, found[name])


METRIC_CHECKS = (
    figures_are_named,
    results_are_finite,
    another_name,
    arguments_untouched,
    results_are_repeatable,
    arguments_not_kept,
    tables_are_kept,
    streaming,
    weights_count,
    reset,
)
