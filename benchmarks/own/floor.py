"""The floor in NumPy: a step's matrix products in memory set aside before, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.mnist import Floats
from benchmarks.own.train import blas_threads
from benchmarks.products import Product
from benchmarks.turns import serve
from benchmarks.workloads import Workload


class LayerProducts:
    """Forward product and gradients of one layer, on random numbers.

    Parameters
    ----------
    product
        The forward product.
    first
        Whether no input gradient is needed.
    """

    def __init__(self, product: Product, *, first: bool) -> None:
        rng = np.random.default_rng(7)
        self._x: Floats = rng.standard_normal((product.rows, product.inner), np.float32)
        self._weight: Floats = rng.standard_normal((product.inner, product.columns), np.float32)
        self._dy: Floats = rng.standard_normal((product.rows, product.columns), np.float32)
        self._y: Floats = np.zeros_like(self._dy)
        self._weight_grad: Floats = np.zeros_like(self._weight)
        self._input_grad: Floats | None = None if first else np.zeros_like(self._x)

    def forward(self) -> None:
        """``y = x @ weight``."""
        np.matmul(self._x, self._weight, out=self._y)

    def backward(self) -> None:
        """``dW = x.T @ dy``, and unless this is the first layer ``dx = dy @ W.T``."""
        np.matmul(self._x.T, self._dy, out=self._weight_grad)
        if self._input_grad is not None:
            np.matmul(self._dy, self._weight.T, out=self._input_grad)


class Products:
    """The matrix products of a network, in their order."""

    def __init__(self, products: tuple[Product, ...]) -> None:
        self._layers = [
            LayerProducts(product, first=index == 0) for index, product in enumerate(products)
        ]

    def forward(self) -> None:
        """Do those of a prediction."""
        for layer in self._layers:
            layer.forward()

    def step(self) -> None:
        """Do those of a training step."""
        self.forward()
        for layer in reversed(self._layers):
            layer.backward()


def prepare(workload: Workload, steps: int) -> tuple[Callable[[], object], str]:
    """Return what does the products of so many steps."""
    products = Products(workload.products)
    work = products.step if workload.task == "train" else products.forward

    def turn() -> None:
        for _ in range(steps):
            work()

    return turn, blas_threads()


if __name__ == "__main__":
    serve(prepare)
