from __future__ import annotations

import math

import pytest

from benchmarks.products import Product
from benchmarks.workloads import WORKLOADS, Workload, spec_text, tanh_network, workload_named
from layerkit import parse_spec, plan_network


@pytest.mark.parametrize("workload", WORKLOADS.values(), ids=WORKLOADS)
def test_the_spec_of_a_workload_has_the_products_of_the_workload(workload: Workload) -> None:
    plan = plan_network(parse_spec(spec_text(workload), "json"))
    weights = [param.shape for path, param in plan.params() if path.endswith(".weight")]
    planned = [(math.prod(shape[:-1]), shape[-1]) for shape in weights]
    assert planned == [(product.inner, product.columns) for product in workload.products]


@pytest.mark.parametrize("workload", WORKLOADS.values(), ids=WORKLOADS)
def test_the_spec_of_a_workload_trains_in_its_batches_at_its_rate(workload: Workload) -> None:
    spec = parse_spec(spec_text(workload), "json")
    assert spec.training.batch_size == workload.batch
    assert spec.optimizer.learning_rate == workload.learning_rate
    assert len(spec.regularizers) == (workload.l2 > 0)


def test_dropout_stands_before_every_dense_layer() -> None:
    types = [each.type_name() for each in parse_spec(spec_text(WORKLOADS["W2"]), "json").layers]
    assert types == ["dropout", "dense", "tanh"] * 2 + ["dropout", "dense"]


def test_a_network_of_any_size_is_found_by_its_name() -> None:
    workload = tanh_network(64, 3, 16)
    assert workload_named(workload.name) == workload
    assert workload.hidden == (64, 64, 64)
    assert workload.products[0] == Product(16, 784, 64)


def test_a_turn_of_a_large_network_has_fewer_steps() -> None:
    assert tanh_network(32, 2, 128).steps > tanh_network(4096, 2, 128).steps >= 3
