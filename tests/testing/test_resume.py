from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts.gradient_transform import (
    GradientTransform,
    GradientTransformConfig,
    GradientTransformContext,
)
from layerkit.errors import DivergedError
from layerkit.testing import check_resume
from layerkit.testing.resume import short_copy
from tests.engine.resuming import FULL, PLAIN, spec_of
from tests.helpers.specs import small_spec

IMAGES = """
seed = 2
layers = [
    {type = "random_shift", pixels = 1}, "flatten", "standardize",
    {type = "dense", units = 6}, "batch_norm", "tanh", "dropout", {type = "dense", units = 2},
]
loss = "softmax_cross_entropy"
data = {type = "npz", path = "images.npz", classes = 2, flatten = false, validation = 10}
optimizer = {type = "adam", schedule = {type = "one_cycle"}}
training = {epochs = 7, batch_size = 8, early_stopping = {patience = 1, min_delta = 0.05}}
"""


def test_every_step_and_epoch_of_a_short_copy_is_a_place_to_resume_from() -> None:
    assert check_resume(spec_of(FULL), steps=20) == 20 + 5
    assert check_resume(spec_of(PLAIN, "training.batch_size=78"), steps=3) == 3 + 3
    assert check_resume(spec_of(PLAIN, "optimizer={type='lbfgs'}"), steps=8) == 8 + 4
    assert check_resume(spec_of(PLAIN, "training.batch_size=full"), steps=4) == 4 + 4


def test_augmented_images_stop_early_in_the_same_bits(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    images = rng.normal(size=(90, 3, 3, 1)).astype(np.float32)
    labels = rng.integers(0, 2, 90)
    np.savez(
        tmp_path / "images.npz",
        train_inputs=images,
        train_targets=labels,
        test_inputs=images,
        test_targets=labels,
    )
    (tmp_path / "spec.toml").write_text(IMAGES)
    assert check_resume(tmp_path / "spec.toml", steps=20) < 20 + 5


def test_a_table_will_do() -> None:
    table: dict[str, object] = json.loads(small_spec().model_dump_json())
    assert check_resume(table, steps=4) == 4 + 2


def test_the_short_copy_of_a_large_spec_is_small_and_has_every_class() -> None:
    large = small_spec("data.train_per_class=3000", "data.validation=1003", "training.epochs=90")
    plan, splits = short_copy(large, 50)
    assert plan.spec.training.epochs == 5
    assert len(splits.train) == plan.train_examples == 9 * 16 + 7997 % 16
    assert splits.validation is not None
    assert len(splits.validation) == plan.validation_examples == 256
    for part in (splits.train, splits.validation):
        assert np.unique(part.targets).tolist() == [0, 1, 2]
    assert plan.spec.training.batch_size == 16


def test_a_time_that_a_callback_keeps_is_no_difference() -> None:
    assert check_resume(small_spec("callbacks=[{type='stop_when', minutes=9}]"), steps=4) == 6


class ForgetsConfig(GradientTransformConfig):
    """Divides the gradient by the number of steps that it has seen, which it does not save."""

    type: Literal["forgets"] = "forgets"


@final
class Forgets(GradientTransform[ForgetsConfig]):
    def __init__(self, config: ForgetsConfig, context: GradientTransformContext) -> None:
        super().__init__(config, context)
        self._seen = 0

    def apply(self, gradients: Sequence[Array], step: int) -> None:
        self._seen += 1
        for gradient in gradients:
            np.divide(gradient, self._seen, out=gradient)


def test_what_a_component_does_not_save_is_found_with_step_and_array() -> None:
    spec = small_spec().model_copy(update={"gradient_transforms": (ForgetsConfig(),)})
    with pytest.raises(
        AssertionError,
        match=r"^check_resume: resumed after step 1: dense_1\.weight: expected .*, found .* at "
        r"\(0, 0\); \d+ of 16 values differ$",
    ):
        check_resume(spec, steps=4)


class DrawsConfig(GradientTransformConfig):
    """Adds other noise in every run."""

    type: Literal["draws"] = "draws"


@final
class Draws(GradientTransform[DrawsConfig]):
    def apply(self, gradients: Sequence[Array], step: int) -> None:
        rng = np.random.default_rng()
        for gradient in gradients:
            np.add(gradient, rng.normal(), out=gradient)


def test_a_run_that_no_seed_determines_is_told_from_one_that_is_badly_resumed() -> None:
    spec = small_spec().model_copy(update={"gradient_transforms": (DrawsConfig(),)})
    with pytest.raises(AssertionError, match="two runs that nothing interrupted end alike: dense"):
        check_resume(spec, steps=4)


def test_a_run_that_diverges_says_so() -> None:
    with pytest.raises(DivergedError):
        check_resume(small_spec("optimizer.learning_rate=1e30"), steps=4)
