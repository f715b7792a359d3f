"""A planned spec in a few words."""

from __future__ import annotations

from layerkit.component import Config
from layerkit.contracts.layer import LayerConfig
from layerkit.display.format import count
from layerkit.plan.network import NetworkPlan
from layerkit.values import is_tuple

_MAX_TYPES = 8


def size_text(plan: NetworkPlan) -> str:
    """Return ``5 layers, 669,706 parameters``."""
    return f"{count(len(plan.layers), 'layer')}, {count(plan.size, 'parameter')}"


def network_text(plan: NetworkPlan) -> str:
    """Return layers by type and the number of parameters; the middle of many is left out."""
    types = [layer.config.display_name for layer in plan.layers]
    if len(types) > _MAX_TYPES:
        types = [*types[: _MAX_TYPES // 2], "...", *types[-_MAX_TYPES // 2 + 1 :]]
    return f"{size_text(plan)}: {', '.join(types)}"


def data_text(plan: NetworkPlan) -> str:
    """Return the dataset's type and how many examples are for what."""
    counts = {
        "to train on": plan.train_examples,
        "to validate": plan.validation_examples,
        "to test": plan.test_examples,
    }
    known = [f"{examples:,} {purpose}" for purpose, examples in counts.items() if examples]
    data = plan.spec.data
    how = [f"fold {data.fold}"] if data.fold is not None else []
    how += ["stratified"] if data.stratify else []
    text = f"{data.display_name}: {', '.join(known) or 'counted when they are read'}"
    return f"{text} ({', '.join(how)})" if how else text


def options(config: Config) -> str:
    """Return the numbers among the options, and what is not at its default: ``units=512``.

    Inner layers are left out: they have rows of their own.
    """
    shown: list[str] = []
    values: dict[str, object] = dict(config)
    for name, field in type(config).model_fields.items():
        value = values[name]
        default: object = field.get_default(call_default_factory=True, validated_data={})
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if name in {"type", "name"} or _holds_layers(value):
            continue
        if is_number or value != default:
            shown.append(f"{name}={_value_text(value)}")
    return " ".join(shown)


def _holds_layers(value: object) -> bool:
    return isinstance(value, LayerConfig) or (is_tuple(value) and any(map(_holds_layers, value)))


def _value_text(value: object) -> str:
    if isinstance(value, Config):
        return value.display_name
    return str(value).lower() if isinstance(value, bool) else str(value)
