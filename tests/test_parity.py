"""Every layer, loss, optimizer, schedule and metric is compared with another implementation.

`make test-parity` runs those tests, with PyTorch and scikit-learn; here, the files alone are read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from layerkit.contracts.kinds import KINDS
from layerkit.registry import installed

PARITY = Path(__file__).parent / "parity"
IN_BOTH_DTYPES = {"layer", "loss", "optimizer"}
"""Kinds whose tests are there for float64 and float32."""

TESTS: Mapping[str, Mapping[str, str]] = {
    "layer": {
        "test_activations.py::test_values_and_gradients": """
            celu elu gelu glu hard_sigmoid hard_swish hard_tanh leaky_relu log_softmax maxout mish
            relu relu6 selu sigmoid silu softmax softplus softsign tanh""",
        "test_activations.py::test_prelu": "prelu",
        "test_attention.py::test_attention": "attention",
        "test_attention.py::test_multi_head_attention": "multi_head_attention",
        "test_attention.py::test_positional_embedding_is_an_embedding_of_the_numbers_of_steps": (
            "positional_embedding"
        ),
        "test_attention.py::test_positional_encoding_is_that_of_the_paper": "positional_encoding",
        "test_attention.py::test_transformer_block": "transformer_block",
        "test_convolution.py::test_adaptive_pooling_of_images": """
            adaptive_average_pool adaptive_max_pool""",
        "test_convolution.py::test_average_pool1d": "average_pool1d",
        "test_convolution.py::test_average_pool2d": "average_pool2d",
        "test_convolution.py::test_conv1d": "conv1d",
        "test_convolution.py::test_conv1d_transpose": "conv1d_transpose",
        "test_convolution.py::test_conv2d": "conv2d",
        "test_convolution.py::test_conv2d_transpose": "conv2d_transpose",
        "test_convolution.py::test_depthwise_convolution_is_one_in_groups_of_one_channel": """
            depthwise_conv1d depthwise_conv2d""",
        "test_convolution.py::test_global_pooling": "global_average_pool global_max_pool",
        "test_convolution.py::test_max_pool1d": "max_pool1d",
        "test_convolution.py::test_max_pool2d": "max_pool2d",
        "test_convolution.py::test_separable_convolution_is_a_depthwise_and_a_pointwise_one": """
            separable_conv1d separable_conv2d""",
        "test_convolution.py::test_upsampling_of_images": "upsample",
        "test_convolution.py::test_zero_padding": "zero_padding1d zero_padding2d",
        "test_dense.py::test_dense": "dense",
        "test_normalization.py::test_batch_norm_over_several_steps": "batch_norm",
        "test_normalization.py::test_group_norm": "group_norm",
        "test_normalization.py::test_layer_norm": "layer_norm",
        "test_normalization.py::test_rms_norm": "rms_norm",
        "test_plain_layers.py::test_activity_regularization_adds_to_the_loss": (
            "activity_regularization"
        ),
        "test_plain_layers.py::test_alpha_dropout_with_a_shared_mask": "alpha_dropout",
        "test_plain_layers.py::test_columns": "columns",
        "test_plain_layers.py::test_dropout_with_a_shared_mask": "dropout",
        "test_plain_layers.py::test_gaussian_dropout_with_shared_noise": "gaussian_dropout",
        "test_plain_layers.py::test_gaussian_noise_with_shared_noise": "gaussian_noise",
        "test_plain_layers.py::test_masking_passes_on_what_is_no_padding": "masking",
        "test_plain_layers.py::test_parallel": "parallel",
        "test_plain_layers.py::test_reshape_flatten_and_permute": "flatten permute reshape",
        "test_plain_layers.py::test_residual": "residual",
        "test_plain_layers.py::test_scale": "scale",
        "test_plain_layers.py::test_sequential_repeated": "sequential",
        "test_plain_layers.py::test_smooth_clip": "smooth_clip",
        "test_plain_layers.py::test_spatial_dropout_with_a_shared_mask": "spatial_dropout",
        "test_preprocessing.py::test_filling_missing_values": "fill_missing",
        "test_preprocessing.py::test_min_max": "min_max",
        "test_preprocessing.py::test_one_hot": "one_hot",
        "test_preprocessing.py::test_quantile": "quantile",
        "test_preprocessing.py::test_robust_scaling_where_quartiles_differ": "robust",
        "test_preprocessing.py::test_standardize": "standardize",
        "test_random_images.py::test_random_elastic": "random_elastic",
        "test_random_images.py::test_random_flip": "random_flip",
        "test_random_images.py::test_random_rotation": "random_rotation",
        "test_random_images.py::test_random_shift": "random_shift",
        "test_recurrent.py::test_embedding_is_that_of_torch": "embedding",
        "test_recurrent.py::test_forward_and_backward_are_those_of_torch": """
            bidirectional gru lstm simple_rnn""",
        "test_rotary.py::test_rotary_embedding_and_attention": "rotary_embedding",
    },
    "loss": {
        "test_losses.py::test_binary_cross_entropy_of_labels": "binary_cross_entropy",
        "test_losses.py::test_cosine_similarity": "cosine_similarity",
        "test_losses.py::test_focal": "focal",
        "test_losses.py::test_gaussian_nll": "gaussian_nll",
        "test_losses.py::test_hinge_of_more_classes": "hinge squared_hinge",
        "test_losses.py::test_huber": "huber",
        "test_losses.py::test_kl_divergence": "kl_divergence",
        "test_losses.py::test_log_cosh": "log_cosh",
        "test_losses.py::test_mean_absolute_error": "mean_absolute_error",
        "test_losses.py::test_mean_squared_error": "mean_squared_error",
        "test_losses.py::test_perceptron": "perceptron",
        "test_losses.py::test_poisson": "poisson",
        "test_losses.py::test_quantile": "quantile",
        "test_losses.py::test_softmax_cross_entropy": "softmax_cross_entropy",
    },
    "optimizer": {
        "test_optimizers.py::test_lars_is_what_the_paper_says": "lars",
        "test_optimizers.py::test_lbfgs_iterates_as_torch_does": "lbfgs",
        "test_optimizers.py::test_lookahead_is_what_the_paper_says": "lookahead",
        "test_optimizers.py::test_rprop_steps_as_torchs_does": "rprop",
        "test_optimizers.py::test_trains_a_network_as_torch_does": """
            adadelta adagrad adam adamax adamw amsgrad nadam radam rmsprop sgd""",
        "test_optimizers.py::test_what_torch_lacks_is_what_the_paper_says": "adabelief lamb lion",
    },
    "schedule": {
        "test_schedules.py::test_decays_as_torchs_do": """
            constant cosine exponential multi_step piecewise polynomial step warmup""",
        "test_schedules.py::test_inverse_time_is_its_formula": "inverse_time",
        "test_schedules.py::test_log_cosine_is_that_of_the_paper": "log_cosine",
        "test_schedules.py::test_one_cycle": "one_cycle",
        "test_schedules.py::test_reduce_on_plateau": "reduce_on_plateau",
    },
    "metric": {
        "test_metrics.py::test_accuracy": "accuracy",
        "test_metrics.py::test_average_precision": "average_precision",
        "test_metrics.py::test_balanced_accuracy": "balanced_accuracy",
        "test_metrics.py::test_brier": "brier",
        "test_metrics.py::test_cohen_kappa": "cohen_kappa",
        "test_metrics.py::test_confusion_matrix": "confusion_matrix",
        "test_metrics.py::test_expected_calibration_error": "expected_calibration_error",
        "test_metrics.py::test_figures_of_numbers": """
            explained_variance mean_absolute_error mean_absolute_percentage_error
            mean_squared_error median_absolute_error r2 root_mean_squared_error""",
        "test_metrics.py::test_log_loss": "log_loss",
        "test_metrics.py::test_matthews": "matthews",
        "test_metrics.py::test_precision_recall_and_f1": "f1 precision recall",
        "test_metrics.py::test_roc_auc_of_more_classes": "roc_auc",
        "test_metrics.py::test_top_k": "top_k",
    },
}

TESTED: Mapping[tuple[str, str], str] = {
    (noun, name): test
    for noun, tests in TESTS.items()
    for test, names in tests.items()
    for name in names.split()
}
REGISTERED = [
    (kind.noun, name) for kind in KINDS if kind.noun in TESTS for name in installed().names(kind)
]


@cache
def definitions(file: str) -> Mapping[str, ast.stmt]:
    """Return the functions, classes and values of a module, by name."""
    found: dict[str, ast.stmt] = {}
    for statement in ast.parse((PARITY / file).read_text()).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            found[statement.name] = statement
        elif isinstance(statement, ast.Assign):
            found |= {
                each.id: statement for each in statement.targets if isinstance(each, ast.Name)
            }
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found[statement.target.id] = statement
    return found


def used_by(file: str, name: str) -> Iterator[ast.stmt]:
    """Return a test and all of its module that it refers to, directly or not."""
    known, seen, waiting = definitions(file), set[str](), [name]
    while waiting:
        current = waiting.pop()
        if current in seen or current not in known:
            continue
        seen.add(current)
        yield known[current]
        waiting += [each.id for each in ast.walk(known[current]) if isinstance(each, ast.Name)]


@pytest.mark.parametrize(("noun", "name"), REGISTERED)
def test_a_parity_test_names_every_component(noun: str, name: str) -> None:
    test = TESTED.get((noun, name))
    assert test is not None, (
        f"{noun} '{name}' has no test of parity: write one in tests/parity, and name it in TESTS"
    )
    file, function = test.split("::")
    found = definitions(file).get(function)
    assert isinstance(found, ast.FunctionDef), f"there is no test {test}"
    (kind,) = (kind for kind in KINDS if kind.noun == noun)
    config = installed().load(kind, name).__name__
    text = "\n".join(ast.unparse(each) for each in used_by(file, function))
    assert re.search(rf"\b{config}\b|[\"']{name}[\"']", text), f"{test} does not name '{name}'"
    if noun in IN_BOTH_DTYPES:
        decorators = {ast.unparse(each) for each in found.decorator_list}
        assert "DTYPES" in decorators, f"{test} is not for both dtypes"


def test_the_table_names_no_other_components() -> None:
    assert sorted(set(TESTED) - set(REGISTERED)) == []


@pytest.mark.parametrize("file", ["one_layer.py", "side_by_side.py"])
def test_both_dtypes_are_float64_and_float32(file: str) -> None:
    """What `DTYPES` goes over."""
    text = "\n".join(ast.unparse(each) for each in used_by(file, "DTYPES"))
    assert re.findall(r"'(float\d+)': ", text) == ["float64", "float32"]
