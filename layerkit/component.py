"""What every plugin is made of: a config that the spec fills in, and a class that does the work.

The type argument is the only link between the two. ``class Tanh(Activation[TanhConfig])`` says
that a ``TanhConfig`` in a spec becomes a ``Tanh`` in the network, to the type checkers and to
Layerkit alike.
"""

from __future__ import annotations

import re
from abc import ABC
from dataclasses import dataclass
from typing import ClassVar, Generic, Self, TypeVar, get_args, get_origin

from layerkit.errors import PluginError
from layerkit.state import State
from layerkit.strict_model import StrictModel


@dataclass(frozen=True, slots=True)
class Registration:
    """One name that a distribution offers, loaded or not."""

    group: str
    name: str
    distribution: str
    version: str
    target: str

    @property
    def origin(self) -> str:
        """The distribution with its version."""
        return f"{self.distribution} {self.version}"

    @property
    def normalized(self) -> str:
        """The distribution's name in the form in which names of distributions are compared."""
        return normalized_name(self.distribution)

    @property
    def full_name(self) -> str:
        """The name that means this registration alone, such as ``acme:zeros``."""
        return f"{self.normalized}:{self.name}"


def normalized_name(distribution: str) -> str:
    """Return the form in which names of distributions are compared.

    Source: the Python Packaging User Guide, "Names and normalization".
    """
    return re.sub("[-_.]+", "-", distribution).lower()


class Config(StrictModel):
    """What the spec says about one component.

    A concrete config adds ``type: Literal["its_name"] = "its_name"`` and the options.
    """

    __component__: ClassVar[type[Component[Config]] | None] = None
    __kind__: ClassVar[Kind[Config] | None] = None
    __registration__: ClassVar[Registration | None] = None

    @classmethod
    def type_name(cls) -> str | None:
        """Return the name that specs use, or None for a config that is only a base."""
        field = cls.model_fields.get("type")
        return field.default if field is not None and isinstance(field.default, str) else None

    @property
    def display_name(self) -> str:
        """What messages call the component: its name in specs, or its class's where it has none."""
        return self.type_name() or type(self).__name__

    @classmethod
    def define_kind(cls, noun: str, group: str) -> Kind[Self]:
        """Return the kind whose configs are subclasses of this class."""
        kind = Kind(noun, group, cls)
        cls.__kind__ = kind
        return kind


ConfigT_co = TypeVar("ConfigT_co", bound=Config, covariant=True)


class Extension:
    """Base of all whose code runs in a network or a run: components, and callbacks from Python."""


class Component(Extension, ABC, Generic[ConfigT_co]):
    """Base of what plugins implement; the kinds are in `layerkit.contracts`.

    A subclass that names a config with a ``type`` in its bases becomes that config's component.
    Mark it ``@final``: then mypy and pyright report a missing method at the class itself.
    """

    config_type: ClassVar[type[Config] | None] = None

    def __init__(self, config: ConfigT_co) -> None:
        self.config = config

    def state(self) -> State | None:
        """Return what must survive a restart, the same object at every call; None if nothing.

        Layers keep theirs in arrays that they plan, since every shard has layers of its own.
        """
        return None

    def __init_subclass__(cls) -> None:
        """Link the config named in the bases to this class."""
        super().__init_subclass__()
        config_type = _config_argument(cls)
        if config_type is not None and config_type.type_name() is not None:
            claimed = config_type.__dict__.get("__component__")
            if claimed is not None and _full_name(claimed) != _full_name(cls):
                raise TypeError(
                    f"{config_type.__name__} is the config of {_full_name(claimed)} already; "
                    f"{_full_name(cls)} needs a config class of its own"
                )
            cls.config_type = config_type
            config_type.__component__ = cls

    @classmethod
    def class_for(cls, config: Config) -> type[Self]:
        """Return the class that does the work which ``config`` asks for.

        Raises
        ------
        PluginError
            If no subclass of this class has been defined for the config's type.
        """
        found = type(config).__component__
        if found is not None and issubclass(found, cls):
            return found
        raise PluginError(
            f"{type(config).__name__} has no component: expected a class "
            f"'class X({cls.__name__}[{type(config).__name__}])' in the module that defines it"
        )


KindConfigT_co = TypeVar("KindConfigT_co", bound=Config, covariant=True)


@dataclass(frozen=True, slots=True)
class Kind(Generic[KindConfigT_co]):
    """A kind of component: what messages call it, its entry-point group, its config base."""

    noun: str
    group: str
    config: type[KindConfigT_co]


def _config_argument(component: type) -> type[Config] | None:
    """Return the config among the arguments of the class's bases, if it names one."""
    bases: tuple[object, ...] = component.__dict__.get("__orig_bases__", ())
    for base in bases:
        origin = get_origin(base)
        if isinstance(origin, type) and issubclass(origin, Component):
            for argument in get_args(base):
                if isinstance(argument, type) and issubclass(argument, Config):
                    return argument
    return None


def _full_name(component: type) -> str:
    return f"{component.__module__}.{component.__qualname__}"
