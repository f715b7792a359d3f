"""The tables of names elsewhere: none is out of date, and they know the catalogue."""

from __future__ import annotations

import re

import pytest

from layerkit import Checkpoints, EarlyStopping, ModelSpec, Training
from layerkit.contracts.kinds import KINDS
from layerkit.elsewhere import component_hint, folded, key_hint
from layerkit.elsewhere_names import COMPONENTS, KEYS
from layerkit.registry import installed
from layerkit.strict_model import StrictModel
from tests.helpers.specs import problems

NAMES = {kind.noun: installed().names(kind) for kind in KINDS}
CONFIGS = {
    (kind.noun, name): installed().load(kind, name) for kind in KINDS for name in NAMES[kind.noun]
}

OF_KERAS = {
    "layer": """
        Activation= ActivityRegularization=activity_regularization Add=parallel
        AlphaDropout=alpha_dropout Attention=attention AveragePooling1D=average_pool1d
        AveragePooling2D=average_pool2d BatchNormalization=batch_norm Bidirectional=bidirectional
        CategoryEncoding=one_hot Concatenate=parallel Conv1D=conv1d Conv1DTranspose=conv1d_transpose
        Conv2D=conv2d Conv2DTranspose=conv2d_transpose Dense=dense DepthwiseConv1D=depthwise_conv1d
        DepthwiseConv2D=depthwise_conv2d Dropout=dropout EinsumDense=dense ELU=elu
        Embedding=embedding Flatten=flatten GaussianDropout=gaussian_dropout
        GaussianNoise=gaussian_noise GlobalAveragePooling1D=global_average_pool
        GlobalAveragePooling2D=global_average_pool GlobalMaxPooling1D=global_max_pool
        GlobalMaxPooling2D=global_max_pool GroupNormalization=group_norm GRU=gru GRUCell=gru
        Identity= Input= InputLayer= Lambda= LayerNormalization=layer_norm LeakyReLU=leaky_relu
        LSTM=lstm LSTMCell=lstm Masking=masking MaxPooling1D=max_pool1d MaxPooling2D=max_pool2d
        MultiHeadAttention=multi_head_attention Multiply=parallel Normalization=standardize
        Permute=permute PReLU=prelu RandomElasticTransform=random_elastic RandomFlip=random_flip
        RandomRotation=random_rotation RandomTranslation=random_shift ReLU=relu Reshape=reshape
        RMSNormalization=rms_norm RNN=simple_rnn SeparableConv1D=separable_conv1d
        SeparableConv2D=separable_conv2d SimpleRNN=simple_rnn Softmax=softmax
        SpatialDropout1D=spatial_dropout SpatialDropout2D=spatial_dropout TimeDistributed=
        UpSampling1D=upsample UpSampling2D=upsample ZeroPadding1D=zero_padding1d
        ZeroPadding2D=zero_padding2d swish=silu
    """,
    "loss": """
        BinaryCrossentropy=binary_cross_entropy BinaryFocalCrossentropy=focal
        CategoricalCrossentropy=softmax_cross_entropy CategoricalFocalCrossentropy=focal
        CategoricalHinge=hinge CosineSimilarity=cosine_similarity Hinge=hinge Huber=huber
        KLDivergence=kl_divergence LogCosh=log_cosh MeanAbsoluteError=mean_absolute_error
        MeanSquaredError=mean_squared_error Poisson=poisson
        SparseCategoricalCrossentropy=softmax_cross_entropy SquaredHinge=squared_hinge
    """,
    "optimizer": """
        Adadelta=adadelta Adagrad=adagrad Adam=adam AdamW=adamw Adamax=adamax Lamb=lamb Lion=lion
        Nadam=nadam RMSprop=rmsprop SGD=sgd
    """,
    "schedule": """
        CosineDecay=cosine CosineDecayRestarts=cosine ExponentialDecay=exponential
        InverseTimeDecay=inverse_time PiecewiseConstantDecay=piecewise PolynomialDecay=polynomial
        ReduceLROnPlateau=reduce_on_plateau
    """,
    "metric": """
        Accuracy=accuracy AUC=roc_auc BinaryAccuracy=accuracy CategoricalAccuracy=accuracy
        CategoricalCrossentropy=log_loss F1Score=f1 MeanAbsoluteError=mean_absolute_error
        MeanAbsolutePercentageError=mean_absolute_percentage_error Precision=precision
        R2Score=r2 Recall=recall RootMeanSquaredError=root_mean_squared_error
        SparseCategoricalAccuracy=accuracy SparseTopKCategoricalAccuracy=top_k
        TopKCategoricalAccuracy=top_k
    """,
    "initializer": """
        Constant=constant GlorotNormal=xavier_normal GlorotUniform=xavier_uniform HeNormal=he_normal
        HeUniform=he_uniform Identity=identity LecunNormal=lecun_normal LecunUniform=lecun_uniform
        Ones=ones Orthogonal=orthogonal RandomNormal=normal RandomUniform=uniform
        TruncatedNormal=truncated_normal Zeros=zeros
    """,
    "regularizer": "L1=l1 L2=l2 L1L2=elastic_net OrthogonalRegularizer=orthogonal",
    "constraint": "MaxNorm=max_norm NonNeg=non_negative UnitNorm=unit_norm",
    "callback": """
        CSVLogger=csv_history EarlyStopping=early_stopping LearningRateScheduler= ModelCheckpoint=
        ReduceLROnPlateau=
        SwapEMAWeights=average_weights TensorBoard=weight_histograms TerminateOnNaN=nan_guard
    """,
}
"""Classes of Keras 3 with our component, or nothing where the hint is a sentence."""

OF_KEYS = """
    gaussian_noise: stddev=deviation std=deviation sigma=deviation
    dense: out_features=units use_bias=bias kernel_initializer=weight_initializer hidden_size=units
    dense: in_features= input_shape= activation= kernel_regularizer= kernel_constraint= dtype=
    dropout: p=rate prob=rate dropout_rate=rate inplace=
    embedding: num_embeddings=ids input_dim=ids vocab_size=ids output_dim=units embedding_dim=units
    embedding: padding_idx=padding_id mask_zero=padding_id embed_dim=units
    conv2d: out_channels=filters kernel=kernel_size strides=stride dilation_rate=dilation
    conv2d: in_channels= data_format= use_bias=bias
    depthwise_conv2d: depth_multiplier=multiplier kernel=kernel_size
    max_pool2d: pool_size=size kernel_size=size strides=stride
    average_pool2d: count_include_pad=count_padding
    adaptive_average_pool: size=output_size
    upsample: scale_factor=factor size=factor interpolation=mode
    batch_norm: eps=epsilon axis= num_features= gamma_initializer=scale_initializer
    batch_norm: beta_initializer=shift_initializer
    group_norm: num_groups=groups num_channels= eps=epsilon
    layer_norm: normalized_shape= eps=epsilon axis=
    lstm: hidden_size=units input_size= return_sequences= num_layers= batch_first= dropout=
    lstm: kernel_initializer=weight_initializer unit_forget_bias=forget_bias bidirectional=
    simple_rnn: nonlinearity=activation hidden_size=units
    bidirectional: merge_mode=combine
    multi_head_attention: num_heads=heads embed_dim= key_dim=head_units is_causal=causal
    transformer_block: nhead=heads d_model= dim_feedforward=feed_forward_units norm_first=
    leaky_relu: alpha=negative_slope
    prelu: shared_axes=shared alpha_initializer=slope_initializer
    hard_tanh: min_val=low max_val=high
    softmax: dim= axis=
    masking: mask_value=value
    reshape: target_shape=shape
    permute: dims=axes
    one_hot: num_classes=categories num_tokens=categories
    softmax_cross_entropy: weight=class_weights from_logits= reduction= class_weight=class_weights
    binary_cross_entropy: pos_weight=positive_weights
    focal: alpha=class_weights
    huber: beta=delta
    expected_calibration_error: n_bins=bins
    l2: l2=strength weight_decay=strength
    clip_by_norm: clipnorm=max_norm
    clip_by_value: clipvalue=limit
    max_norm: max_value=limit
    adam: lr=learning_rate eps=epsilon weight_decay= amsgrad= clipnorm= momentum=beta1
    adam: momentum_schedule=beta1_schedule
    sgd: lr=learning_rate lr_scheduler=schedule
    rmsprop: alpha=rho eps=epsilon
    adagrad: initial_accumulator_value=initial
    lookahead: k=steps sync_period=steps slow_step_size=alpha
    step: gamma=factor
    exponential: decay_rate=factor
    cosine: T_mult=growth alpha=last eta_min=
    inverse_time: decay_rate=decay
    one_cycle: pct_start=warmup anneal_strategy=anneal max_lr= cycle_momentum= div_factor=
    reduce_on_plateau: min_lr=minimum mode= threshold=min_delta
    truncated_normal: stddev=deviation std=deviation
    uniform: minval=low maxval=high a=low b=high
    early_stopping: restore_best_weights=restore_best mode=
    average_weights: ema_momentum=decay
    csv: sep=separator delimiter=separator label=target file=path feature_columns=columns
    csv: validation_split=validation test_size=test
"""
"""Keys of a component elsewhere with ours, or nothing where the hint is a sentence."""


def pairs(text: str) -> list[tuple[str, str]]:
    return [(word.partition("=")[0], word.partition("=")[2]) for word in text.split()]


def test_every_component_of_the_table_is_registered() -> None:
    known = {name for names in NAMES.values() for name in names}
    assert [name for name in COMPONENTS if name not in known] == []


def test_every_key_of_the_table_is_one_of_a_table_of_specs() -> None:
    models: list[type[StrictModel]] = [
        *CONFIGS.values(),
        ModelSpec,
        Training,
        EarlyStopping,
        Checkpoints,
    ]
    known = {key for model in models for key in model.model_fields}
    ours = {key for keys in KEYS for key in re.split(" and | or ", keys)}
    assert sorted(ours - known) == []


@pytest.mark.parametrize("table", [COMPONENTS, KEYS], ids=["components", "keys"])
def test_words_are_written_as_they_are_looked_up_and_once_for_each_name(
    table: dict[str, str],
) -> None:
    for name, text in table.items():
        words = text.split()
        assert words == [folded(word) for word in words], name
        assert len({*words}) == len(words), name
        assert folded(name) not in words, name


@pytest.mark.parametrize(
    ("noun", "theirs", "ours"),
    [(noun, *pair) for noun, text in OF_KERAS.items() for pair in pairs(text)],
)
def test_classes_of_keras_come_with_our_component(noun: str, theirs: str, ours: str) -> None:
    hint = component_hint(theirs, NAMES[noun])
    if ours:
        assert hint == f"did you mean '{ours}'?"
    else:
        assert hint
        assert not hint.startswith("did you mean")


@pytest.mark.parametrize(
    ("name", "theirs", "ours"),
    [
        (line.partition(":")[0].strip(), *pair)
        for line in OF_KEYS.strip().splitlines()
        for pair in pairs(line.partition(":")[2])
    ],
)
def test_keys_from_elsewhere_come_with_ours(name: str, theirs: str, ours: str) -> None:
    keys = next(each.model_fields for (_, one), each in CONFIGS.items() if one == name)
    hint = key_hint(theirs, keys)
    if ours:
        assert hint == f"did you mean '{ours}'?"
    else:
        assert hint
        assert not hint.startswith("did you mean")


def test_one_key_elsewhere_may_be_several_here() -> None:
    beta = problems('optimizer={type="adam", betas=[0.9, 0.999]}')
    assert beta == ["optimizer.betas: unknown key 'betas' (did you mean 'beta1' and 'beta2'?)"]
    step = problems('optimizer.schedule={type="step", step_size=10}')
    assert step == [
        "optimizer.schedule.step_size: unknown key 'step_size' (did you mean 'steps' or 'epochs'?)"
    ]


@pytest.mark.parametrize(
    "table",
    [
        '{type="gaussian_noise", stddev=0.3}',
        '{type="dense", out_features=3}',
        '{type="sequential", layers=[{type="dense", output_dim=3}]}',
        '{type="residual", layers=[{type="gaussian_noise", std=0.3}]}',
    ],
)
def test_a_required_key_under_a_foreign_name_is_one_error(table: str) -> None:
    (only,) = problems(f"layers.0={table}")
    assert "unknown key" in only


def test_a_required_key_that_is_missing_as_well_is_told() -> None:
    found = problems('layers.0={type="conv2d", out_channels=3}')
    assert [each.partition(" (")[0] for each in found] == [
        "layers.0.out_channels: unknown key 'out_channels'",
        "layers.0.kernel_size: required key 'kernel_size' is missing",
    ]
