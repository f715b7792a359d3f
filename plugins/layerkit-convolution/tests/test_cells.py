from __future__ import annotations

from itertools import pairwise, product

from layerkit_convolution.cells import as_image, cells


def test_parts_cover_an_axis_in_its_order_and_are_of_nearly_equal_length() -> None:
    for length, count in product(range(1, 12), range(1, 14)):
        parts = cells(length, count)
        assert len(parts) == count
        assert (parts[0].start, parts[-1].stop) == (0, length)
        lengths = {part.stop - part.start for part in parts}
        assert min(lengths) >= 1
        assert max(lengths) - min(lengths) <= 1
        for one, other in pairwise(parts):
            assert other.start in {one.stop, one.stop - 1}


def test_parts_are_apart_where_their_number_divides_the_length() -> None:
    assert cells(6, 3) == [slice(0, 2), slice(2, 4), slice(4, 6)]
    assert cells(5, 2) == [slice(0, 3), slice(2, 5)]


def test_a_sequence_is_an_image_of_one_row() -> None:
    assert as_image((9, 4)) == (1, 9, 4)
    assert as_image((3, 9, 4)) == (3, 9, 4)
