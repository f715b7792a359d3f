"""What other libraries call things, for messages about names that Layerkit does not have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_LOGITS = "a loss on logits does it; end in a dense layer without it"

_COMPONENTS: Mapping[str, str] = {
    "linear": "dense",
    "batchnormalization": "batch_norm",
    "batchnorm1d": "batch_norm",
    "batchnorm2d": "batch_norm",
    "layernormalization": "layer_norm",
    "maxpooling2d": "max_pool2d",
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
    "acc": "accuracy",
    "sparsecategoricalaccuracy": "accuracy",
    "auc": "roc_auc",
    "glorotuniform": "xavier_uniform",
    "glorotnormal": "xavier_normal",
    "heuniform": "he_uniform",
    "henormal": "he_normal",
    "reducelronplateau": "reduce_on_plateau",
}
"""The name of a component by what it is called elsewhere, in lower case and without ``_``."""

_WORDS: Mapping[str, str] = {
    "softmax": f"softmax is no layer: {_LOGITS}",
    "logsoftmax": f"softmax is no layer: {_LOGITS}",
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
    "kernelregularizer": "add it to the spec's 'regularizers', with a pattern for its parameters",
}


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
    word = folded(found)
    known = _KEYS.get(word)
    return f"did you mean '{known}'?" if known in set(keys) else _KEY_WORDS.get(word, "")


def folded(name: str) -> str:
    """Return a name in lower case and without what joins its words."""
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")
