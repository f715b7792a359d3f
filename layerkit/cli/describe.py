"""A planned spec in a few words."""

from __future__ import annotations

from layerkit.cli.figures import count
from layerkit.component import Config
from layerkit.spec.plan import SpecPlan

_MOST_TYPES = 8


def size_text(plan: SpecPlan) -> str:
    """Return ``5 layers, 669,706 parameters``."""
    return f"{count(len(plan.layers), 'layer')}, {count(plan.size, 'parameter')}"


def network_text(plan: SpecPlan) -> str:
    """Return layers by type and the number of parameters; the middle of many is left out."""
    types = [type_text(layer.config) for layer in plan.layers]
    if len(types) > _MOST_TYPES:
        types = [*types[: _MOST_TYPES // 2], "...", *types[-_MOST_TYPES // 2 + 1 :]]
    return f"{size_text(plan)}: {', '.join(types)}"


def data_text(plan: SpecPlan) -> str:
    """Return the dataset's type and how many examples are for what."""
    counts = {
        "to train on": plan.train_examples,
        "to validate": plan.validation_examples,
        "to test": plan.info.test,
    }
    known = [f"{examples:,} {purpose}" for purpose, examples in counts.items() if examples]
    return f"{type_text(plan.spec.data)}: {', '.join(known) or 'counted when they are read'}"


def options(config: Config) -> str:
    """Return the numbers among the options, and what is not at its default: ``units=512``."""
    shown: list[str] = []
    values: dict[str, object] = dict(config)
    for name, field in type(config).model_fields.items():
        value = values[name]
        default: object = field.get_default(call_default_factory=True, validated_data={})
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if name not in {"type", "name"} and (is_number or value != default):
            shown.append(f"{name}={_value_text(value)}")
    return " ".join(shown)


def type_text(config: Config) -> str:
    """Return the type of a component, as specs name it."""
    return config.type_name() or type(config).__name__


def _value_text(value: object) -> str:
    if isinstance(value, Config):
        return type_text(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
