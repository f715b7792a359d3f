"""What a plugin can begin with: a kind of component, and a spec that uses one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from layerkit.component import Config, Kind
from layerkit.contracts.kinds import KINDS
from layerkit.contracts.layer import LAYERS
from layerkit.errors import UsageError
from layerkit.problems import did_you_mean

_SPEC = {
    "seed": "1",
    "data": '"blobs"',
    "layers": '[{ type = "dense", units = 16 }, "tanh", { type = "dense", units = 3 }]',
    "loss": '"softmax_cross_entropy"',
    "optimizer": '{ type = "adam", learning_rate = 0.01 }',
    "metrics": '["accuracy"]',
    "training": "{ epochs = 5, batch_size = 20 }",
}
_OF_NUMBERS = {
    "data": '"friedman"',
    "layers": '[{ type = "dense", units = 16 }, "tanh", { type = "dense", units = 1 }]',
    "loss": '"mean_squared_error"',
    "metrics": '["mean_absolute_error"]',
}
_COMPONENT = '"placeholder"'


@dataclass(frozen=True, slots=True)
class PluginKind:
    """What ``--kind`` can be.

    Attributes
    ----------
    noun
        Such as ``gradient transform``.
    kind
        In which group its component is registered. An activation is a layer.
    use
        The line of a spec that uses the component, as key and value.
    others
        Lines that the spec needs for it.
    """

    noun: str
    kind: Kind[Config]
    use: tuple[str, str]
    others: Mapping[str, str]

    @property
    def template(self) -> str:
        """The module in `layerkit.new_plugin.templates`."""
        return self.noun.replace(" ", "_")

    def spec(self) -> dict[str, str]:
        """Return a spec that uses the component: keys, and values as TOML has them."""
        return _SPEC | dict(self.others) | dict([self.use])


_USES = {
    "layer": ("layers", '["placeholder", "tanh", { type = "dense", units = 3 }]'),
    "loss": ("loss", _COMPONENT),
    "regularizer": ("regularizers", f"[{_COMPONENT}]"),
    "gradient transform": ("gradient_transforms", f"[{_COMPONENT}]"),
    "constraint": ("constraints", f"[{_COMPONENT}]"),
    "optimizer": ("optimizer", f"{{ type = {_COMPONENT}, learning_rate = 0.01 }}"),
    "schedule": (
        "optimizer",
        f'{{ type = "adam", learning_rate = 0.01, schedule = {_COMPONENT} }}',
    ),
    "initializer": (
        "layers",
        f'[{{ type = "dense", units = 3, weight_initializer = {_COMPONENT} }}]',
    ),
    "dataset": ("data", f"{{ type = {_COMPONENT}, test = 0.2 }}"),
    "metric": ("metrics", f"[{_COMPONENT}]"),
    "callback": ("callbacks", f"[{_COMPONENT}]"),
}
_OTHERS: Mapping[str, Mapping[str, str]] = {
    "loss": _OF_NUMBERS,
    "metric": _OF_NUMBERS,
    "dataset": {"layers": '[{ type = "dense", units = 2 }]'},
}
_ACTIVATION = f'[{{ type = "dense", units = 16 }}, {_COMPONENT}, {{ type = "dense", units = 3 }}]'

PLUGIN_KINDS: tuple[PluginKind, ...] = (
    PluginKind("activation", LAYERS, ("layers", _ACTIVATION), {}),
    *(PluginKind(kind.noun, kind, _USES[kind.noun], _OTHERS.get(kind.noun, {})) for kind in KINDS),
)
"""Every kind of component, and activations, the layers that plugins most often have."""


def plugin_kind(noun: str) -> PluginKind:
    """Return the kind that was typed; an underscore may stand for the space.

    Raises
    ------
    UsageError
        If there is none.
    """
    wanted = noun.replace("_", " ")
    for each in PLUGIN_KINDS:
        if each.noun == wanted:
            return each
    nouns = [each.template for each in PLUGIN_KINDS]
    hint = did_you_mean(noun, nouns) or f"kinds are {', '.join(nouns)}"
    raise UsageError(f"no kind '{noun}' ({hint})")
