from __future__ import annotations

import pytest

from layerkit.plan.limits import limit_warnings
from tests.helpers.specs import problems, small_plan


def test_more_memory_than_a_process_can_have_is_an_error_at_what_takes_it() -> None:
    (found,) = problems("layers.0.units=1000000000000")
    assert found.startswith(
        "layers.0.units: expected a network that takes at most 128 TiB of memory, found one of "
    )
    lbfgs = 'optimizer={type = "lbfgs", history = 1000000000000}'
    assert problems(lbfgs)[0].startswith("optimizer.history: expected a network that takes")


def test_more_threads_than_1024_are_an_error() -> None:
    assert problems("training.threads=1025") == [
        "training.threads: expected at most 1,024 threads, found 1,025 "
        '(threads = "auto" takes as many as the network keeps busy)'
    ]
    assert small_plan("training.threads=1024").threads.total >= 1


@pytest.mark.parametrize(
    ("override", "code", "path"),
    [
        ("layers.0.units=2000000000", "much-memory", "layers.0.units"),
        ("training.threads=129", "many-threads", "training.threads"),
    ],
)
def test_what_few_machines_have_is_warned_of(override: str, code: str, path: str) -> None:
    (found,) = limit_warnings(small_plan(override))
    assert (found.code, found.path) == (code, path)


def test_what_most_machines_have_is_not_warned_of() -> None:
    assert [*limit_warnings(small_plan("training.threads=128"))] == []
