"""Checks of a layer's gradients by central differences."""

from __future__ import annotations

import numpy as np

from layerkit.arrays import Array
from layerkit.randomness import generator
from layerkit.testing.differences import central_differences, expect_gradient, probed
from layerkit.testing.expect import expect_close, expect_equal, expect_number
from layerkit.testing.layer_case import LayerCase


def input_gradient(case: LayerCase) -> None:
    """Check the gradient with respect to the inputs against central differences."""
    if case.reads_ids:
        return  # a step of the differences would be no id
    built = case.build(case.largest)
    x, dy = case.inputs(case.largest), case.output_gradient(case.largest)
    positions = probed(x.size, generator(case.seed, "probed inputs"))

    def outputs() -> Array:
        return np.append(built.forward(x), built.added_loss)

    built.forward(x)
    found = built.backward(dy)
    numeric = central_differences(outputs, np.append(dy, 1.0), x, positions)
    expect_gradient("gradient with respect to the inputs", numeric, found, positions)


def parameter_gradients(case: LayerCase) -> None:
    """Check the gradient with respect to every parameter against central differences."""
    built = case.build(case.largest)
    x, dy = case.inputs(case.largest), case.output_gradient(case.largest)

    def outputs() -> Array:
        return np.append(built.forward(x), built.added_loss)

    built.train(x, dy)
    for name, parameter in built.parameters().items():
        positions = probed(parameter.value.size, generator(case.seed, "probed", name))
        numeric = central_differences(outputs, np.append(dy, 1.0), parameter.value, positions)
        expect_gradient(f"gradient of '{name}'", numeric, parameter.grad, positions)


def added_loss_is_a_mean(case: LayerCase) -> None:
    """Check that what a layer adds to the loss, and its gradient, are shares of the whole batch.

    It adds in the forward pass of training alone.
    """
    built = case.build(case.largest)
    x, dy = case.inputs(case.largest), 0 * case.output_gradient(case.largest)
    built.evaluate(x)
    expect_equal("loss added in evaluation", 0.0, built.added_loss)
    computed: list[dict[str, Array]] = []
    for batch_size in (case.largest, 2 * case.largest):
        built.forward(x, batch_size)
        expect_number("loss added", built.added_loss)
        found: dict[str, Array] = {"loss added": np.array([built.added_loss])}
        if built.layer.context.input_grad is None:
            built.layer.backward(dy.copy())
        else:
            found["input gradient"] = built.backward(dy)
        added = np.array([built.added_loss])
        expect_close("loss added, after backward", found["loss added"], added, 0)
        computed.append({**found, **built.gradients()})
    for name, whole in computed[0].items():
        half = computed[1][name]
        expect_close(f"{name}, as part of a batch of twice the size", whole / 2, half, 1e-12)


LAYER_GRADIENT_CHECKS = (added_loss_is_a_mean, input_gradient, parameter_gradients)
