from __future__ import annotations

from benchmarks.products import (
    Product,
    convolution_product,
    dense_product,
    step_operations,
)


def test_a_product_takes_a_multiplication_and_an_addition_for_every_triple() -> None:
    assert dense_product(128, 784, 30).operations == 2 * 128 * 784 * 30


def test_a_convolution_is_a_product_of_every_pixels_neighbourhood() -> None:
    assert convolution_product(64, 14, 3, 16, 32) == Product(64 * 14 * 14, 3 * 3 * 16, 32)


def test_a_step_does_every_product_thrice_but_the_first_twice() -> None:
    first, second = dense_product(1, 5, 4), dense_product(1, 4, 3)
    assert step_operations((first, second)) == 2 * first.operations + 3 * second.operations
