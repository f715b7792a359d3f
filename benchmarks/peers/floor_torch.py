"""The floor in PyTorch: a step's matrix products with ``torch.mm(out=)``, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import torch

from benchmarks.products import Product
from benchmarks.turns import serve
from benchmarks.workloads import Workload


class LayerProducts:
    """Forward product and gradients of one layer; weights lie as ``nn.Linear`` keeps them."""

    def __init__(self, product: Product, *, first: bool) -> None:
        self.x = torch.randn(product.rows, product.inner)
        self.weight = torch.randn(product.columns, product.inner)
        self.dy = torch.randn(product.rows, product.columns)
        self.y = torch.zeros_like(self.dy)
        self.weight_grad = torch.zeros_like(self.weight)
        self.input_grad = None if first else torch.zeros_like(self.x)

    def forward(self) -> None:
        """``y = x @ weight.T``."""
        torch.mm(self.x, self.weight.T, out=self.y)

    def backward(self) -> None:
        """``dW = dy.T @ x``, and unless this is the first layer ``dx = dy @ W``."""
        torch.mm(self.dy.T, self.x, out=self.weight_grad)
        if self.input_grad is not None:
            torch.mm(self.dy, self.weight, out=self.input_grad)


def prepare(workload: Workload, steps: int) -> tuple[Callable[[], object], str]:
    """Return what does the products of so many steps; a prediction has forward ones alone."""
    layers = [
        LayerProducts(product, first=index == 0) for index, product in enumerate(workload.products)
    ]

    def turn() -> None:
        for _ in range(steps):
            for layer in layers:
                layer.forward()
            if workload.task == "train":
                for layer in reversed(layers):
                    layer.backward()

    return turn, str(torch.get_num_threads())


if __name__ == "__main__":
    serve(prepare)
