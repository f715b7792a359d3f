from __future__ import annotations

import pytest

from layerkit.cli.progress_bar import ProgressBar

STATUS = ProgressBar(
    epoch=3,
    epochs=25,
    done=0.25,
    loss=0.12345,
    watched=("accuracy", 0.9731),
    examples_per_second=21_400.0,
    seconds_left=41.0,
)


def test_a_wide_terminal_shows_everything() -> None:
    text = STATUS.render(100, ascii_only=True).plain
    assert text.startswith("epoch  3/25 #####---")
    tail = "  loss 0.1235  val. accuracy 97.31 %  21,400 examples/s  0:41 left"
    assert text.endswith(tail)
    assert len(text) == 98


def test_what_does_not_fit_gives_way_and_the_time_left_goes_last() -> None:
    seen = [STATUS.render(width, ascii_only=False).plain for width in range(100, 30, -1)]
    kept = [
        [word for word in ("left", "loss", "accuracy", "examples") if word in text] for text in seen
    ]
    assert sorted(kept, key=len, reverse=True) == kept
    assert {len(words) for words in kept} == {0, 1, 2, 3, 4}
    assert ["left"] in kept
    assert ["left", "loss", "accuracy"] in kept


@pytest.mark.parametrize("width", [1, 20, 60, 100, 300])
def test_the_line_is_never_wider_than_the_terminal_but_for_the_epoch(width: int) -> None:
    text = STATUS.render(width, ascii_only=False).plain
    assert len(text) <= max(width, len("epoch  3/25 "))


def test_the_bar_is_full_at_the_end() -> None:
    status = ProgressBar(25, 25, 1.0, 0.1, None, 100.0, 0.0)
    text = status.render(100, ascii_only=False).plain
    assert text.startswith("epoch 25/25 " + "━" * 40 + "  loss")
    assert "val." not in text
