"""What other libraries call things, for messages about names that Layerkit does not have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from layerkit.elsewhere_names import COMPONENTS, KEYS

_LOGITS = "remove it: the loss softmax_cross_entropy makes probabilities itself"

_WORDS: Mapping[str, str] = {
    "softmax": _LOGITS,
    "logsoftmax": _LOGITS,
    "identity": "leave it out: it changes nothing",
    **dict.fromkeys(
        ("instancenorm1d", "instancenorm2d"),
        'write { type = "group_norm", groups = ... } with as many groups as channels',
    ),
    "timedistributed": "leave it out: layers such as 'dense' work on every step",
    "lambda": "write a plugin: 'layerkit plugins new NAME --kind layer'",
    "learningratescheduler": "set the optimizer's schedule",
    "reducelronplateau": "it is a schedule: set the optimizer's schedule to 'reduce_on_plateau'",
    "input": "leave it out: shapes come from the data",
    "inputlayer": "leave it out: shapes come from the data",
    "activation": "activations are layers: write layers=[..., 'tanh', ...]",
    "modelcheckpoint": "lk.run(spec, directory) saves the network; early_stopping keeps the best",
}

_KEY_WORDS: Sequence[tuple[str, str, str]] = (
    ("mode", "monitor", "leave it out: every figure says whether higher is better"),
    ("returnsequences", "output", 'write output = "all" for true, "last" for false'),
    ("normfirst", "norm", 'write norm = "pre" for true, "post" for false'),
    ("keepprob", "rate", "write rate, the fraction that is dropped"),
    ("maxlr", "peak", "leave it out: it is the optimizer's learning_rate, times peak"),
    ("totalsteps epochs stepsperepoch", "peak", "leave it out: the cycle is as long as the run"),
    (
        "cyclemomentum basemomentum maxmomentum",
        "peak",
        "give the optimizer a momentum_schedule, or adam a beta1_schedule",
    ),
    ("divfactor", "first", "write first = 1 / div_factor"),
    ("finaldivfactor", "last", "write last = first / final_div_factor"),
    ("etamin endlearningrate minlr", "last", "write last, as a multiple of the learning rate"),
    ("nesterov", "beta1", 'the optimizer "nadam" has it'),
    ("amsgrad", "beta1", 'use the optimizer "amsgrad"'),
    (
        "weightdecay",
        "learning_rate",
        'for adam, use the optimizer "adamw"; for sgd, add an "l2" with the same strength to '
        "the spec's 'regularizers'",
    ),
    (
        "clipnorm globalclipnorm clipvalue gradientclip",
        "learning_rate",
        'add "clip_by_norm" or "clip_by_value" to the spec\'s \'gradient_transforms\'',
    ),
    ("useema", "learning_rate", "add \"average_weights\" to the spec's 'callbacks'"),
    (
        "activation",
        "",
        "an activation is a layer of its own: write it after this one, such as 'tanh'",
    ),
    (
        "infeatures inchannels inputdim inputsize inputshape batchinputshape embeddim embeddingdim "
        "numfeatures numchannels normalizedshape dmodel",
        "",
        "leave it out: shapes come from the data",
    ),
    (
        "dropout",
        "",
        'it is a layer of its own: write { type = "dropout", rate = 0.5 } after this one',
    ),
    ("numlayers", "", 'write the layer several times, or within a "sequential" with repeat'),
    ("bidirectional", "", 'write the layer within a "bidirectional"'),
    (
        "kernelregularizer biasregularizer regularizer",
        "",
        "add it to the spec's 'regularizers', with a pattern for its parameters",
    ),
    ("activityregularizer", "", 'write the layer "activity_regularization" after this one'),
    (
        "kernelconstraint biasconstraint constraint",
        "",
        "add it to the spec's 'constraints', with a pattern for its parameters",
    ),
    (
        "axis dim startdim enddim dimension",
        "",
        "leave it out: features, or channels, are the last axis",
    ),
    ("dataformat", "", "leave it out: channels are the last axis"),
    ("batchfirst timemajor", "", "leave it out: the batch is the first axis, time the second"),
    ("fromlogits", "", "leave it out: the loss takes logits"),
    (
        "reduction reduce sizeaverage",
        "",
        "leave it out: a loss is the mean over the examples of a batch",
    ),
    ("inplace", "", "leave it out: memory is planned before the run"),
    ("device", "", "leave it out: networks are trained on the processor"),
    ("dtype", "", "it belongs at the top of the spec, for the whole network"),
    ("seed randomstate", "", "seed belongs at the top of the spec, for the whole run"),
    ("verbose", "", "leave it out"),
    ("shuffle", "", "leave it out: examples are shuffled in every epoch"),
)
"""Words for keys elsewhere; a key that the table must have; what to do."""


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
    word, here = folded(found), [*names]
    same = [name for name in here if folded(name) == word]
    for ours in (*same, *_names_of(word, COMPONENTS)):
        if ours in here:
            return f"did you mean '{ours}'?"
    return _WORDS.get(word, "")


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
    for ours in _names_of(word, KEYS):
        if names.issuperset(re.split(" and | or ", ours)):
            quoted = re.sub(" (and|or) ", r"' \1 '", ours)
            return f"did you mean '{quoted}'?"
    for words, needed, hint in _KEY_WORDS:
        if word in words.split() and (not needed or needed in names):
            return hint
    return ""


def _names_of(word: str, table: Mapping[str, str]) -> list[str]:
    """Return our names that a word stands for elsewhere."""
    return [name for name, words in table.items() if word in words.split()]


def folded(name: str) -> str:
    """Return a name in lower case and without what joins its words."""
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")
