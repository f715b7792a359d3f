from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

import layerkit
from layerkit import api
from tests.helpers.specs import small_spec

NAMES = [name for name in vars(api) if not name.startswith("_")]


def test_every_name_leads_somewhere_and_there_are_at_most_sixty() -> None:
    assert 1 <= len(NAMES) <= 60
    for name in NAMES:
        assert getattr(layerkit, name) is getattr(api, name)


def test_dir_shows_every_public_name() -> None:
    assert {*NAMES} <= {*dir(layerkit)}
    assert "train" in dir(layerkit)


@pytest.mark.parametrize("name", ["nowhere", "_private", "annotations"])
def test_an_unknown_name_is_an_attribute_error_that_says_layerkit(name: str) -> None:
    with pytest.raises(AttributeError, match=f"module 'layerkit' has no attribute '{name}'"):
        getattr(layerkit, name)


def test_importing_layerkit_waits_for_nothing() -> None:
    script = "import sys, layerkit; print(sorted({'numpy', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_a_callback_from_python_is_a_plain_class() -> None:
    class Losses(layerkit.Callback):
        def __init__(self) -> None:
            self.run: layerkit.Run | None = None
            self.losses: list[float] = []

        def training_started(self, event: layerkit.TrainingStarted, run: layerkit.Run) -> None:
            self.run = run

        def step_ended(self, event: layerkit.StepEnded) -> None:
            self.losses.append(event.loss)
            if self.run is not None and event.step == 5:
                self.run.stop("seen enough")

    losses = Losses()
    result = layerkit.train(small_spec(), [losses])
    assert len(losses.losses) == 5
    assert result.stopped_early


def test_a_callback_of_another_class_is_refused() -> None:
    train: Callable[[object, list[object]], object] = vars(api)["train"]  # as without types
    reason = "expected an instance of a class derived from Callback, found "
    for wrong, found in ((object(), "object"), (layerkit.Callback, "Callback")):
        with pytest.raises(layerkit.UsageError, match=f"^{reason}{found}$"):
            train(small_spec(), [wrong])
