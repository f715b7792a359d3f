"""MNIST for Layerkit: handwritten digits that come with the package."""

from layerkit_mnist.mnist import Mnist, MnistConfig

__all__ = ["Mnist", "MnistConfig"]
