"""The configs of installed components as attributes of a module, such as ``layers.Conv2D``."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from layerkit.component import Config, Kind
from layerkit.elsewhere import component_hint, folded
from layerkit.problems import did_you_mean
from layerkit.registry import installed


def namespace(kind: Kind[Config]) -> Callable[[str], type[Config]]:
    """Return the ``__getattr__`` of a module whose attributes are the configs of a kind."""
    module = kind.group.rpartition(".")[2]

    def attribute(name: str) -> type[Config]:
        registry = installed()
        names = registry.names(kind)
        if not name.startswith("_"):
            for each in names:
                if folded(each) == folded(name):
                    return registry.load(kind, each)
        by_word = {folded(class_name(each)): class_name(each) for each in names}
        hint = component_hint(name, names) or did_you_mean(name, by_word.values())
        for each in names:
            hint = hint.replace(f"'{each}'", f"'{module}.{class_name(each)}'")
        hint = hint or f"here are {', '.join(sorted(by_word.values()))}"
        raise AttributeError(f"layerkit.{module} has no '{name}' ({hint})")

    return attribute


def names_of(kind: Kind[Config], others: Iterable[str] = ()) -> list[str]:
    """Return the names of the attributes that `namespace` finds, without those of others."""
    known = {folded(name) for name in others}
    return [class_name(name) for name in installed().names(kind) if folded(name) not in known]


def class_name(name: str) -> str:
    """Return what a component's class is called by convention: ``MaxPool2D`` for ``max_pool2d``."""
    words = [word[:1].upper() + word[1:] for word in name.split("_")]
    return "".join(words)
