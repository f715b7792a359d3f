"""The gradient transforms of a spec, each with the gradients that it changes."""

from __future__ import annotations

from layerkit.contracts.gradient_transform import (
    GradientTransform,
    GradientTransformConfig,
    GradientTransformContext,
)
from layerkit.engine.network import Network
from layerkit.randomness import StepRandom


class GradientTransforms:
    """Changes the whole gradient of a step, in the order of the spec.

    Parameters
    ----------
    network
        Whose gradients to change.

    Attributes
    ----------
    components
        The transforms.
    """

    def __init__(self, network: Network) -> None:
        spec, storage = network.spec, network.storage
        self._random = StepRandom(spec.seed)
        self.components: list[GradientTransform[GradientTransformConfig]] = [
            config.build(GradientTransformContext(f"gradient transform {number}", self._random))
            for number, config in enumerate(spec.gradient_transforms)
        ]
        # Frozen parameters must not count in a norm: their gradient is not always computed.
        self._gradients = [
            tuple(
                storage.params[path].grad
                for path in paths
                if storage.extents[path].stop <= storage.trained.stop
            )
            for paths in network.plan.transformed
        ]

    def apply(self, step: int) -> None:
        """Change the gradient of the step with that number, from 1; again in the same way."""
        self._random.start(step)
        for component, gradients in zip(self.components, self._gradients, strict=True):
            component.apply(gradients, step)
