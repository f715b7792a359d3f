from __future__ import annotations

import pytest

from layerkit.contracts.kinds import KINDS
from layerkit.elsewhere import component_hint, folded, key_hint
from layerkit.registry import installed
from tests.helpers.specs import problems


@pytest.mark.parametrize(
    ("found", "hint"),
    [
        ("Linear", "did you mean 'dense'?"),
        ("BatchNormalization", "did you mean 'batch_norm'?"),
        ("sparse_categorical_crossentropy", "did you mean 'softmax_cross_entropy'?"),
        ("CrossEntropyLoss", "did you mean 'softmax_cross_entropy'?"),
        ("mse", "did you mean 'mean_squared_error'?"),
        ("SmoothL1Loss", "did you mean 'huber'?"),
        ("BinaryFocalCrossentropy", "did you mean 'focal'?"),
        ("KLDivLoss", "did you mean 'kl_divergence'?"),
        ("matthews_corrcoef", "did you mean 'matthews'?"),
        ("GlobalAveragePooling2D", "did you mean 'global_average_pool'?"),
        ("ConvTranspose2d", "did you mean 'conv2d_transpose'?"),
        ("Dropout2d", "did you mean 'spatial_dropout'?"),
        ("RMSE", "did you mean 'root_mean_squared_error'?"),
        ("input", "leave it out: shapes come from the data"),
        ("nothing of the kind", ""),
    ],
)
def test_names_from_elsewhere_come_with_our_own(found: str, hint: str) -> None:
    names = [name for kind in KINDS for name in installed().names(kind)]
    assert component_hint(found, names) == hint


def test_a_name_is_not_suggested_where_it_is_not_installed() -> None:
    assert component_hint("Linear", ["tanh"]) == ""
    assert component_hint("Softmax", ["tanh"]).startswith("remove it: the loss ")
    assert key_hint("lr", ["units"]) == ""
    assert key_hint("lr", ["learning_rate"]) == "did you mean 'learning_rate'?"


def test_specs_in_files_get_the_same_hints() -> None:
    assert problems("loss='mse'") == [
        "loss: no loss named 'mse' is installed (did you mean 'mean_squared_error'?)"
    ]
    assert problems("layers.0.in_features=3", "optimizer.lr=1") == [
        "layers.0.in_features: unknown key 'in_features' (leave it out: shapes come from the data)",
        "optimizer.lr: unknown key 'lr' (did you mean 'learning_rate'?)",
    ]


def test_case_and_what_joins_words_do_not_count() -> None:
    assert folded("Max-Pool_2D") == folded("max pool2d") == "maxpool2d"
