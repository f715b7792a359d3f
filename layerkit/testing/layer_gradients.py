"""Checks of a layer's gradients by central differences."""

from __future__ import annotations

from layerkit.arrays import Array
from layerkit.randomness import generator
from layerkit.testing.differences import central_differences, expect_gradient, probed
from layerkit.testing.layer_case import LayerCase


def input_gradient(case: LayerCase) -> None:
    """Check the gradient with respect to the inputs against central differences."""
    if case.reads_ids:
        return  # a step of the differences would be no id
    built = case.build(case.largest)
    x, dy = case.inputs(case.largest), case.output_gradient(case.largest)
    positions = probed(x.size, generator(case.seed, "probed inputs"))

    def outputs() -> Array:
        return built.forward(x)

    built.forward(x)
    found = built.backward(dy)
    numeric = central_differences(outputs, dy, x, positions)
    expect_gradient("gradient with respect to the inputs", numeric, found, positions)


def parameter_gradients(case: LayerCase) -> None:
    """Check the gradient with respect to every parameter against central differences."""
    built = case.build(case.largest)
    x, dy = case.inputs(case.largest), case.output_gradient(case.largest)

    def outputs() -> Array:
        return built.forward(x)

    built.train(x, dy)
    for name, parameter in built.parameters().items():
        positions = probed(parameter.value.size, generator(case.seed, "probed", name))
        numeric = central_differences(outputs, dy, parameter.value, positions)
        expect_gradient(f"gradient of '{name}'", numeric, parameter.grad, positions)


LAYER_GRADIENT_CHECKS = (input_gradient, parameter_gradients)
