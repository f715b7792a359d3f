"""Inner loops that an accelerator stands in for."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from layerkit.arrays import Array, FloatType
from layerkit.builtin.adam import ADAM, adam
from layerkit.builtin.sgd import SGD, SGD_MOMENTUM, SGD_NESTEROV, sgd
from layerkit.builtin.softmax_cross_entropy import SOFTMAX_CROSS_ENTROPY, softmax_cross_entropy
from layerkit.cli.plugins import list_components
from layerkit.contracts.dataset import ClassTarget
from layerkit.contracts.layer_context import Parameter
from layerkit.contracts.optimizer import OptimizerConfig, OptimizerContext, Span
from layerkit.contracts.output import OutputContext
from layerkit.contracts.schedule import ScheduleContext
from layerkit.errors import PluginError
from layerkit.kernels import Kernel, KernelChoice, Kernels, Replaced, check_kernel, replaces
from layerkit.randomness import generator
from layerkit.registry import Registry
from layerkit.testing.build import build_layer, build_loss, build_optimizer
from tests.helpers.commands import in_process
from tests.helpers.plugins import install
from tests.helpers.specs import TINY, small_plan, small_spec, write_spec

EXACT = """
from layerkit.builtin.sgd import SGD_MOMENTUM
from layerkit.plugin import Array, replaces
import numpy as np

calls = 0

@replaces(SGD_MOMENTUM, exact={exact})
def sgd_momentum(
    value: Array,
    grad: Array,
    velocity: Array,
    scratch: Array,
    learning_rate: float,
    momentum: float,
) -> None:
    global calls
    calls += 1
    velocity *= momentum
    velocity += grad
    np.multiply(velocity, learning_rate, out=scratch)
    value -= scratch
"""
OTHER = """
from layerkit.plugin import Kernel, replaces

@replaces(Kernel("sgd_momentum", lambda value: None), exact=True)
def sgd_momentum(value): ...
"""


def accelerator(site: Path, source: str, name: str = "sgd_momentum") -> tuple[Registry, str]:
    """Install a distribution with one kernel; return all that is installed, and the module."""
    module = f"accelerator_in_{site.name}"
    install(site, module, f"[layerkit.kernels]\n{name} = {module}:{name}\n", module=source)
    return Registry(), module


def calls_of(module: str) -> int:
    found: object = vars(sys.modules[module])["calls"]
    assert isinstance(found, int)
    return found


def trained(config: OptimizerConfig, kernels: Kernels, dtype: FloatType) -> list[float]:
    """Return parameters after ten steps on a quadratic."""
    value: Array = generator(0, "start").normal(size=100).astype(dtype)
    parameter = Parameter(value, np.zeros_like(value))
    slots = {name: np.zeros_like(value) for name in config.slots()}
    run = ScheduleContext(config.learning_rate, 10, 1)
    optimizer = config.build(OptimizerContext(parameter, slots, lambda: 0.0, run, kernels))
    span = Span(value, parameter.grad, tuple(slots.values()), np.zeros_like(value))
    for step in range(1, 11):
        np.copyto(span.grad, value)
        optimizer.update(span, config.learning_rate, step)
    return [float(each) for each in value]


def momentum_config(registry: Registry) -> OptimizerConfig:
    return small_spec(registry=registry).optimizer


DTYPES: tuple[FloatType, ...] = (np.dtype(np.float32), np.dtype(np.float64))


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("choice", ["exact", "fastest"])
def test_an_exact_kernel_is_called_and_gives_the_same_bits(
    site: Path, choice: KernelChoice, dtype: FloatType
) -> None:
    registry, module = accelerator(site, EXACT.format(exact=True))
    kernels, config = Kernels(choice, registry), momentum_config(registry)
    assert trained(config, kernels, dtype) == trained(config, Kernels(), dtype)
    assert calls_of(module) == 10
    assert kernels.replaced == {"sgd_momentum": Replaced(module, "1.0", exact=True)}


@pytest.mark.parametrize(("choice", "calls"), [("exact", 0), ("fastest", 10)])
def test_a_close_kernel_is_used_by_fastest_alone(
    site: Path, choice: KernelChoice, calls: int
) -> None:
    registry, module = accelerator(site, EXACT.format(exact=False))
    kernels = Kernels(choice, registry)
    trained(momentum_config(registry), kernels, np.dtype(np.float64))
    assert calls_of(module) == calls
    assert [each.exact for each in kernels.replaced.values()] == [False] * (calls > 0)


def test_unless_the_spec_asks_no_accelerator_is_imported(site: Path) -> None:
    registry, module = accelerator(site, "raise RuntimeError('no GPU')")
    trained(momentum_config(registry), Kernels("numpy", registry), np.dtype(np.float64))
    assert module not in sys.modules
    assert Kernels("numpy", registry).choose(SGD_MOMENTUM) is SGD_MOMENTUM.reference


@pytest.mark.parametrize("choice", ["numpy", "exact", "fastest"])
def test_a_kernel_that_nothing_stands_in_for_is_the_reference(
    site: Path, choice: KernelChoice
) -> None:
    registry, _ = accelerator(site, "raise RuntimeError('not asked for')", "conv2d")
    kernels = Kernels(choice, registry)
    assert kernels.choose(ADAM) is adam
    assert kernels.choose(SGD) is sgd
    assert kernels.choose(SOFTMAX_CROSS_ENTROPY) is softmax_cross_entropy
    assert not kernels.replaced


WRONG = EXACT.format(exact=True).replace("momentum: float,", "beta: float,")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("raise RuntimeError('no GPU')", "RuntimeError: no GPU"),
        ("def sgd_momentum(value): ...", "expected a function that @replaces the 'sgd_momentum'"),
        (OTHER, "of layerkit.builtin.sgd, found one that replaces another, 'sgd_momentum'"),
        (WRONG, r"TypeError: expected the parameters \(value, .*, momentum\), found \(.*, beta\)"),
        (EXACT.replace("SGD_MOMENTUM, ", "SGD_MOMENTUM.reference, "), "AttributeError"),
    ],
    ids=["broken", "undeclared", "another kernel", "other parameters", "no kernel"],
)
def test_what_is_wrong_with_an_accelerator_is_told_to_those_who_ask_for_it(
    site: Path, source: str, reason: str
) -> None:
    registry, module = accelerator(site, source.format(exact=True) if "{" in source else source)
    where = rf"^kernel 'sgd_momentum' of {module} 1\.0 \({module}:sgd_momentum\): .*{reason}"
    for choice in ("exact", "fastest"):
        with pytest.raises(PluginError, match=where):
            Kernels(choice, registry).choose(SGD_MOMENTUM)
    assert Kernels("exact", registry).choose(SGD_NESTEROV) is SGD_NESTEROV.reference
    trained(momentum_config(registry), Kernels("numpy", registry), np.dtype(np.float64))


def test_two_accelerators_for_one_kernel_are_both_named(site: Path) -> None:
    _, module = accelerator(site, EXACT.format(exact=True))
    install(site, "other-accelerator", "[layerkit.kernels]\nsgd_momentum = other:sgd\n")
    with pytest.raises(PluginError) as caught:
        Kernels("exact", Registry()).choose(SGD_MOMENTUM)
    assert f"{module} 1.0" in str(caught.value)
    assert "other-accelerator 1.0; uninstall one of them" in str(caught.value)
    assert Kernels("exact", Registry()).choose(SGD) is sgd


def test_an_accelerator_for_another_contract_is_refused_unimported(site: Path) -> None:
    module = f"accelerator_in_{site.name}"
    points = f"[layerkit.contract]\n99 = x\n[layerkit.kernels]\nsgd = {module}:sgd\n"
    install(site, module, points, module="raise RuntimeError")
    with pytest.raises(PluginError, match="written for version 99"):
        Kernels("fastest", Registry()).choose(SGD)
    assert module not in sys.modules


def test_a_function_that_hides_its_parameters_is_to_be_wrapped() -> None:
    def largest(first: int, second: int) -> int:
        return max(first, second)

    kernel: Kernel[Callable[[int, int], int]] = Kernel("largest", largest)
    with pytest.raises(TypeError, match=r"\(first, second\), found those of .* wrap it in"):
        replaces(kernel, exact=True)(max)


def test_every_context_lets_a_component_choose() -> None:
    layer = build_layer(small_spec().layers[0], input_shape=(2,))
    loss = build_loss(small_spec().loss, output_shape=(3,), target=ClassTarget(3))
    optimizer, _ = build_optimizer(small_spec().optimizer, np.zeros(3))
    contexts = (layer.context, loss.context, optimizer.context)
    assert all(context.kernels.choose(SGD) is sgd for context in contexts)


def test_the_loss_calls_its_kernel_for_training_alone(site: Path) -> None:
    source = """
from layerkit.builtin.softmax_cross_entropy import SOFTMAX_CROSS_ENTROPY
from layerkit.plugin import replaces

@replaces(SOFTMAX_CROSS_ENTROPY, exact=False)
def softmax_cross_entropy(
    logits, labels, weights, out, label_smoothing, by_class, of_item, losses, items
):
    out.fill(7)
    return 42.0
"""
    registry, _ = accelerator(site, source, "softmax_cross_entropy")
    config, target, dtype = small_spec().loss, ClassTarget(3), np.dtype(np.float64)
    plan = config.plan((3,), target)
    context = OutputContext((3,), target, plan, 2, dtype, Kernels("fastest", registry))
    loss, out = config.build(context), np.zeros((2, 3))
    assert loss.gradient(np.ones((2, 3)), np.array([0, 1]), np.ones(2), out) == 42
    assert out.tolist() == [[7.0] * 3] * 2
    value = loss.value(np.ones((2, 3)), np.array([0, 1]), np.ones(2))
    assert value == pytest.approx(2 * np.log(3))


def test_a_run_says_which_kernels_were_replaced(tmp_path: Path) -> None:
    module = EXACT.format(exact=True)
    points = "[layerkit.kernels]\nsgd_momentum = accelerator:sgd_momentum\n"
    install(tmp_path / "site", "accelerator", points, module=module)
    extra = {"PYTHONPATH": f"{tmp_path / 'site'}:{':'.join(sys.path)}"}
    manifests: dict[str, dict[str, object]] = {}
    for choice in ("numpy", "exact"):
        spec = write_spec(tmp_path, f'kernels = "{choice}"\n{TINY}')
        ran = in_process("run", spec, "--out", choice, cwd=tmp_path, extra=extra)
        assert ran.code == 0, ran.err
        manifests[choice] = json.loads((tmp_path / choice / "manifest.json").read_text())
    assert manifests["numpy"]["kernels"] == {}
    facts = {"distribution": "accelerator", "version": "1.0", "exact": True}
    assert manifests["exact"]["kernels"] == {"sgd_momentum": facts}
    assert manifests["exact"]["model_sha256"] == manifests["numpy"]["model_sha256"]


def test_the_engine_gives_every_component_the_choice_of_the_spec() -> None:
    assert small_plan().kernels.choose(SGD) is sgd
    assert small_plan('kernels="fastest"') == small_plan('kernels="fastest"')


def test_kernels_are_listed_with_the_plugins(site: Path) -> None:
    registry, module = accelerator(site, EXACT.format(exact=True))
    check_kernel(registry, "sgd_momentum")
    (listed,) = [each for each in list_components(registry) if each.kind == "kernel"]
    assert (listed.name, listed.distribution, listed.loads) == ("sgd_momentum", module, True)


def test_a_kernel_under_another_name_is_listed_as_not_loading(site: Path) -> None:
    source = EXACT.format(exact=True) + "\nother = sgd_momentum\n"
    registry, _ = accelerator(site, source, "other")
    (listed,) = [each for each in list_components(registry) if each.kind == "kernel"]
    assert not listed.loads
    assert "@replaces 'other', found one that replaces another, 'sgd_momentum'" in str(
        listed.reason
    )
