"""Matrix products: the work that no library gets around, which is the floor of a step's time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """``(rows, inner) @ (inner, columns)``, the forward product of a layer.

    The input gradient is ``(rows, columns) @ (columns, inner)``, the weight gradient
    ``(inner, rows) @ (rows, columns)``: each takes as many operations.
    """

    rows: int
    inner: int
    columns: int

    @property
    def operations(self) -> int:
        """Multiplications and additions."""
        return 2 * self.rows * self.inner * self.columns


def dense_product(batch: int, inputs: int, outputs: int) -> Product:
    """Return the product of a dense layer."""
    return Product(batch, inputs, outputs)


def convolution_product(batch: int, side: int, kernel: int, channels: int, filters: int) -> Product:
    """Return the product of a padded convolution, each pixel's neighbourhood laid out in a row."""
    return Product(batch * side * side, kernel * kernel * channels, filters)


def step_operations(products: tuple[Product, ...]) -> int:
    """Return the operations of a training step; the first layer needs no input gradient."""
    return sum(
        product.operations * (2 if layer == 0 else 3) for layer, product in enumerate(products)
    )
