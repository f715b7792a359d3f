"""What other libraries call things, for messages about names that Layerkit does not have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_LOGITS = "remove it: the loss softmax_cross_entropy makes probabilities itself"

_COMPONENTS: Mapping[str, str] = {
    "linear": "dense",
    "batchnormalization": "batch_norm",
    "batchnorm1d": "batch_norm",
    "batchnorm2d": "batch_norm",
    "layernormalization": "layer_norm",
    "groupnormalization": "group_norm",
    "rmsnormalization": "rms_norm",
    "unflatten": "reshape",
    "swish": "silu",
    "convtranspose1d": "conv1d_transpose",
    "convtranspose2d": "conv2d_transpose",
    "deconv2d": "conv2d_transpose",
    "maxpooling1d": "max_pool1d",
    "maxpooling2d": "max_pool2d",
    "avgpool1d": "average_pool1d",
    "avgpool2d": "average_pool2d",
    "averagepooling1d": "average_pool1d",
    "averagepooling2d": "average_pool2d",
    "adaptiveavgpool1d": "adaptive_average_pool",
    "adaptiveavgpool2d": "adaptive_average_pool",
    "adaptivemaxpool1d": "adaptive_max_pool",
    "adaptivemaxpool2d": "adaptive_max_pool",
    "globalaveragepooling1d": "global_average_pool",
    "globalaveragepooling2d": "global_average_pool",
    "globalmaxpooling1d": "global_max_pool",
    "globalmaxpooling2d": "global_max_pool",
    "spatialdropout1d": "spatial_dropout",
    "spatialdropout2d": "spatial_dropout",
    "dropout1d": "spatial_dropout",
    "dropout2d": "spatial_dropout",
    "zeropad1d": "zero_padding1d",
    "zeropad2d": "zero_padding2d",
    "upsampling1d": "upsample",
    "upsampling2d": "upsample",
    "crossentropy": "softmax_cross_entropy",
    "crossentropyloss": "softmax_cross_entropy",
    "categoricalcrossentropy": "softmax_cross_entropy",
    "sparsecategoricalcrossentropy": "softmax_cross_entropy",
    "nllloss": "softmax_cross_entropy",
    "binarycrossentropy": "binary_cross_entropy",
    "bceloss": "binary_cross_entropy",
    "bcewithlogitsloss": "binary_cross_entropy",
    "mse": "mean_squared_error",
    "mseloss": "mean_squared_error",
    "l1loss": "mean_absolute_error",
    "huberloss": "huber",
    "smoothl1loss": "huber",
    "logcosh": "log_cosh",
    "pinball": "quantile",
    "pinballloss": "quantile",
    "quantileloss": "quantile",
    "hingeloss": "hinge",
    "categoricalhinge": "hinge",
    "multimarginloss": "hinge",
    "squaredhinge": "squared_hinge",
    "kldiv": "kl_divergence",
    "kldivloss": "kl_divergence",
    "kldivergence": "kl_divergence",
    "poissonnllloss": "poisson",
    "gaussiannllloss": "gaussian_nll",
    "focalloss": "focal",
    "sigmoidfocalloss": "focal",
    "binaryfocalcrossentropy": "focal",
    "categoricalfocalcrossentropy": "focal",
    "cosinesimilarity": "cosine_similarity",
    "cosineembeddingloss": "cosine_similarity",
    "acc": "accuracy",
    "sparsecategoricalaccuracy": "accuracy",
    "auc": "roc_auc",
    "r2score": "r2",
    "mae": "mean_absolute_error",
    "rmse": "root_mean_squared_error",
    "mape": "mean_absolute_percentage_error",
    "matthewscorrcoef": "matthews",
    "mcc": "matthews",
    "cohenkappascore": "cohen_kappa",
    "kappa": "cohen_kappa",
    "averageprecisionscore": "average_precision",
    "brierscore": "brier",
    "brierscoreloss": "brier",
    "ece": "expected_calibration_error",
    "logloss": "log_loss",
    "balancedaccuracyscore": "balanced_accuracy",
    "explainedvariancescore": "explained_variance",
    "medae": "median_absolute_error",
    "glorotuniform": "xavier_uniform",
    "glorotnormal": "xavier_normal",
    "heuniform": "he_uniform",
    "henormal": "he_normal",
    "reducelronplateau": "reduce_on_plateau",
}
"""The name of a component by what it is called elsewhere, in lower case and without ``_``."""

_WORDS: Mapping[str, str] = {
    "softmax": _LOGITS,
    "logsoftmax": _LOGITS,
    "input": "leave it out: shapes come from the data",
    "inputlayer": "leave it out: shapes come from the data",
    "activation": "activations are layers: write layers=[..., 'tanh', ...]",
    "modelcheckpoint": "lk.run(spec, directory) saves the network; early_stopping keeps the best",
}

_KEYS: Mapping[str, str] = {
    "lr": "learning_rate",
    "outfeatures": "units",
    "outputdim": "units",
    "outchannels": "filters",
    "poolsize": "size",
    "strides": "stride",
    "dilationrate": "dilation",
    "depthmultiplier": "multiplier",
    "countincludepad": "count_padding",
    "scalefactor": "factor",
    "interpolation": "mode",
    "usebias": "bias",
    "kernelinitializer": "weight_initializer",
    "p": "rate",
    "numembeddings": "ids",
    "eps": "epsilon",
    "validationsplit": "validation",
}
"""The key of a table by what it is called elsewhere, in lower case and without ``_``."""

_KEY_WORDS: Mapping[str, str] = {
    "activation": "an activation is a layer of its own: write it after this one, such as 'tanh'",
    **dict.fromkeys(
        ("infeatures", "inchannels", "inputdim", "inputshape", "embeddingdim"),
        "leave it out: shapes come from the data",
    ),
    "dropout": 'it is a layer of its own: write { type = "dropout", rate = 0.5 } after this one',
    "weightdecay": (
        'for adam, use the optimizer "adamw"; for sgd, add an "l2" with the same strength to '
        "the spec's 'regularizers'"
    ),
    "kernelregularizer": "add it to the spec's 'regularizers', with a pattern for its parameters",
}


_SECTIONS: Mapping[str, str] = {
    **dict.fromkeys(("epochs", "batchsize", "earlystopping", "patience", "threads"), "training"),
    **dict.fromkeys(("learningrate", "lr", "momentum", "schedule", "weightdecay"), "optimizer"),
    **dict.fromkeys(("validation", "validationsplit", "dataset"), "data"),
}
"""The section of a spec that a key belongs in which stands at its top."""

_SPEC = "a network is described by lk.ModelSpec(layers=[...], loss=..., optimizer=...)"

MODULE_WORDS: Mapping[str, str] = {
    "Model": f"{_SPEC} and trained by lk.train(spec, data=(x, y))",
    "Sequential": f"{_SPEC} and trained by lk.train(spec, data=(x, y))",
    "Module": f"{_SPEC}; layers of your own are plugins, see docs/plugins.md",
    "nn": "layers are in layerkit.layers, losses in layerkit.losses",
    "optim": "optimizers are in layerkit.optimizers",
    "tensor": "arrays are NumPy's",
    "fit": "train with lk.train(spec, data=(x, y))",
    "compile": _SPEC,
}
"""What other libraries have at their top, and what to do instead."""

ATTRIBUTE_WORDS: Mapping[str, str] = {
    "accuracy": "figures on the test examples are in result.test",
    "classes_": "use class_names",
    "compile": "loss and optimizer belong to the spec: lk.ModelSpec(..., loss=..., optimizer=...)",
    "eval": "leave it out: predict and outputs evaluate, forward trains",
    "evaluate": "pass test=(x, y) to lk.train; the figures are in result.test",
    "fit": "train with lk.train(spec, data=(x, y))",
    "get_weights": "arrays by path are in network.arrays",
    "loss": "losses of every epoch are in result.history, that of the test examples in result.test",
    "metrics": "figures on the test examples are in result.test",
    "model": "use result.network",
    "network": "this is the network, as lk.load(directory) returns it",
    "predict": "use result.network.predict(x)",
    "predict_proba": "predict(x) returns probabilities",
    "save": "lk.run(spec, directory) trains and saves, lk.load(directory) brings back",
    "score": "pass test=(x, y) to lk.train; the figures are in result.test",
    "state_dict": "arrays by path are in network.arrays",
    "step": "use network.update(learning_rate=...)",
    "weights": "arrays by path are in network.parameters",
    "zero_grad": "leave it out: backward computes gradients anew",
}
"""What networks and results have in other libraries, and what to do instead."""


def no_attribute(owner: object, name: str) -> AttributeError:
    """Return the error for an attribute that an object does not have, with what to do instead."""
    reason = f"'{type(owner).__name__}' object has no attribute '{name}'"
    hint = ATTRIBUTE_WORDS.get(name)
    return AttributeError(f"{reason}: {hint}" if hint else reason, name=name, obj=owner)


def component_hint(found: str, names: Iterable[str]) -> str:
    """Return what to type in place of a component's name from elsewhere; empty if none is known.

    Parameters
    ----------
    found
        The name, in whatever case.
    names
        Those that are installed.
    """
    word = folded(found)
    known = _COMPONENTS.get(word)
    return f"did you mean '{known}'?" if known in set(names) else _WORDS.get(word, "")


def key_hint(found: str, keys: Iterable[str]) -> str:
    """Return what to type in place of a key from elsewhere; empty if none is known.

    Parameters
    ----------
    found
        The key.
    keys
        Those that the table has.
    """
    word, names = folded(found), set(keys)
    section = _SECTIONS.get(word)
    if section in names and "layers" in names:
        return f"it belongs in [{section}]"
    known = _KEYS.get(word)
    return f"did you mean '{known}'?" if known in names else _KEY_WORDS.get(word, "")


def folded(name: str) -> str:
    """Return a name in lower case and without what joins its words."""
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")
