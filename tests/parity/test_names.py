"""Classes of PyTorch, and their arguments, come with our names where Layerkit has the same."""

from __future__ import annotations

import inspect
import re

import pytest
import torch

from layerkit.contracts.kinds import KINDS
from layerkit.elsewhere import component_hint, key_hint
from layerkit.registry import installed

BASES: dict[str, type] = {
    "layer": torch.nn.Module,
    "optimizer": torch.optim.Optimizer,
    "schedule": torch.optim.lr_scheduler.LRScheduler,
}
MODULES = {
    "layer": torch.nn,
    "optimizer": torch.optim,
    "schedule": torch.optim.lr_scheduler,
}
LACKING = {
    "layer": """
        AdaptiveLogSoftmaxWithLoss Bilinear CTCLoss ChannelShuffle CircularPad ConstantPad Container
        CrossMapLRN2d DataParallel EmbeddingBag FeatureAlphaDropout Fold FractionalMaxPool
        Hardshrink HingeEmbeddingLoss LPPool LazyInstanceNorm LocalResponseNorm LogSigmoid
        MarginRankingLoss MaxUnpool Module ModuleDict MultiLabelMarginLoss PairwiseDistance
        ParameterDict ParameterList PixelShuffle PixelUnshuffle RNNBase RNNCellBase RReLU
        ReflectionPad ReplicationPad Softmin Softshrink Tanhshrink Threshold Transformer
        TransformerDecoder TransformerDecoderLayer TripletMarginLoss TripletMarginWithDistanceLoss
        Unfold
    """,
    "optimizer": "ASGD Adafactor Muon Optimizer SparseAdam",
    "schedule": """
        ChainedScheduler CyclicLR LRScheduler LambdaLR MultiplicativeLR SequentialLR
    """,
}
"""Classes of which Layerkit has no counterpart, without the number of dimensions."""
LACKING_ARGUMENTS = """
    _freeze _weight add_bias_kv add_zero_attn affine align_corners bias capturable ceil_mode
    cooldown decoupled_weight_decay differentiable dilation divisor_override elementwise_affine
    enable_nested_tensor encoder_layer end_factor eps factor foreach full fused ignore_index kdim
    layer_norm_eps line_search_fn log_input log_target margin mask_check max_iter max_norm maximize
    modules norm_type num_classes options out_features p padding_mode process_group
    recompute_scale_factor return_indices scale_grad_by_freq sparse three_phase threshold
    threshold_mode tolerance_change tolerance_grad track_running_stats vdim
"""
"""Arguments that some class has and our component has not, under any name."""
OF_PYTHON = {"self", "args", "kwargs", "params", "optimizer", "last_epoch"}


def classes(noun: str) -> list[type]:
    """Return the public classes of PyTorch that are of a kind."""
    return [
        each
        for name, each in vars(MODULES[noun]).items()
        if inspect.isclass(each) and issubclass(each, BASES[noun]) and not name.startswith("_")
    ]


def hint_of(noun: str, name: str) -> tuple[str, str]:
    """Return the hint for a name, and the noun of the kind in which it was found."""
    for kind in KINDS:
        if kind.noun in {noun, "loss" if noun == "layer" else noun}:
            hint = component_hint(name, installed().names(kind))
            if hint:
                return hint, kind.noun
    return "", noun


@pytest.mark.parametrize("noun", BASES)
def test_every_class_has_a_hint_or_no_counterpart(noun: str) -> None:
    without = {each.__name__ for each in classes(noun) if not hint_of(noun, each.__name__)[0]}
    assert len(classes(noun)) - len(without) >= 10
    flat = {name for name in without if not re.fullmatch(r"\w+3d|NLLLoss2d", name)}
    lacking = {f"{name}{end}" for name in LACKING[noun].split() for end in ("", "1d", "2d")}
    assert sorted(flat - lacking) == []


@pytest.mark.parametrize("noun", BASES)
def test_every_argument_is_ours_or_has_a_hint_or_no_counterpart(noun: str) -> None:
    kinds = {kind.noun: kind for kind in KINDS}
    hinted, without = 0, set[str]()
    for each in classes(noun):
        hint, found = hint_of(noun, each.__name__)
        ours = re.fullmatch(r"did you mean '(\w+)'\?", hint)
        if ours is None:
            continue
        keys = installed().load(kinds[found], ours[1]).model_fields
        for argument in {*inspect.signature(each).parameters} - OF_PYTHON - {*keys}:
            told = bool(key_hint(argument, keys))
            hinted += told
            without |= set() if told else {argument}
    assert hinted >= 15
    assert sorted(without - {*LACKING_ARGUMENTS.split()}) == []


@pytest.mark.parametrize(
    "name",
    [name for name in vars(torch.nn.init) if re.fullmatch(r"[a-z]\w*[a-z]_", name)],
)
def test_initializers_have_a_hint(name: str) -> None:
    (kind,) = (each for each in KINDS if each.noun == "initializer")
    assert component_hint(name, installed().names(kind)) or name == "dirac_"
