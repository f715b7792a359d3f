"""The pydantic field that takes a component: by name, as a table, or as a config."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import (
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SerializationInfo,
    ValidationInfo,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from layerkit.component import Config, Kind
from layerkit.elsewhere import component_hint, folded
from layerkit.guard import plugin_errors
from layerkit.problems import did_you_mean, problem, problem_at
from layerkit.registry import Registry, installed
from layerkit.values import is_list, is_table, is_tuple

ConfigT = TypeVar("ConfigT", bound=Config)

_LIST = "'layerkit plugins list' shows what is here"
COMPONENT = "layerkit-component"
"""The key that stands for any component of a kind in the JSON Schema of a field."""


@dataclass(frozen=True, slots=True)
class SpecContext:
    """What validation needs beside the spec: a registry, and where relative paths start."""

    registry: Registry
    directory: Path


class FromRegistry(Generic[ConfigT]):
    """Pydantic marker: the field takes a component's table, its bare name, or its config.

    Use it as ``Annotated[LayerConfig, FromRegistry(LAYERS)]``: the static type stays the kind's
    config base, and the table is validated by the config class that its ``type`` names.
    """

    def __init__(self, kind: Kind[ConfigT]) -> None:
        self.kind = kind

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return the schema that resolves on validation and keeps subclass fields on dump."""
        return core_schema.with_info_plain_validator_function(
            self._validate,
            serialization=core_schema.plain_serializer_function_ser_schema(_dump, info_arg=True),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, object]:
        """Return what `layerkit.schema` replaces by a reference to all components of the kind."""
        return {COMPONENT: self.kind.noun.replace(" ", "_")}

    def _validate(self, value: object, info: ValidationInfo) -> ConfigT:
        if isinstance(value, self.kind.config):
            if value.type_name() is None:
                reason = f"expected the config of {_one(self.kind)}, found {type(value).__name__}"
                raise problem("wrong-type", f"{reason}, which is only a base")
            return value
        context: object = info.context
        registry = context.registry if isinstance(context, SpecContext) else installed()
        table = {"type": value} if isinstance(value, str) else value
        name = self._name_in(table, registry)
        if not registry.offers(self.kind, name):
            today = registry.todays_name(self.kind, name)
            if today is not None and is_table(table):
                return self._loaded(today, {**table, "type": today}, registry, context)
            loc = () if isinstance(value, str) else ("type",)
            raise problem_at(loc, name, self._unknown(name, registry))
        return self._loaded(name, table, registry, context)

    def _loaded(self, name: str, table: object, registry: Registry, context: object) -> ConfigT:
        config_type = registry.load(self.kind, name)
        if is_table(table):
            table = {**table, "type": config_type.type_name()}  # without its distribution
        with plugin_errors(config_type):
            return config_type.model_validate(table, context=context)

    def _name_in(self, table: object, registry: Registry) -> str:
        """Return the ``type`` of a component's table."""
        names = ", ".join(registry.names(self.kind)) or "none is installed"
        choices = f"the name of {_one(self.kind)}: {names}"
        if not is_table(table):
            reason = f"expected {choices}; or a table with such a 'type'"
            raise problem("wrong-type", reason)
        if "type" not in table:
            for key in table:
                if did_you_mean(key, ["type"]):
                    unknown = problem("unknown-key", f"unknown key '{key}'", "did you mean 'type'?")
                    raise problem_at((key,), table[key], unknown)
            add = f"add type = followed by {choices}"
            raise problem("missing-type", f"{_one(self.kind)} needs a 'type'", add)
        name = table["type"]
        if not isinstance(name, str):
            raise problem_at(("type",), name, problem("wrong-type", f"expected {choices}"))
        return name

    def _unknown(self, name: str, registry: Registry) -> PydanticCustomError:
        if ":" in name:
            return self._unknown_in_full(name, registry)
        names = registry.names(self.kind)
        reason = f"no {self.kind.noun} named '{name}' is installed"
        install = f"install the plugin that provides '{name}' into this environment; {_LIST}"
        elsewhere = component_hint(name, names)
        if elsewhere:
            return problem("unknown-name", reason, elsewhere)
        nearest = did_you_mean(name, names)
        if folded(name) in map(folded, names):
            return problem("unknown-name", reason, nearest)
        if nearest:
            return problem("unknown-name", reason, f"{nearest} Or {install}")
        return problem(
            "unknown-name", f"{reason}; installed: {', '.join(names) or 'none'}", install
        )

    def _unknown_in_full(self, name: str, registry: Registry) -> PydanticCustomError:
        """Return the error for a name with a distribution in front, such as ``acme:zeros``."""
        distribution, _, bare = name.partition(":")
        found = [*registry.registrations(self.kind)]
        of_name = [each.full_name for each in found if each.name == bare]
        nearest = did_you_mean(name, of_name or [each.full_name for each in found])
        if not nearest and of_name:
            nearest = f"'{bare}' is registered as {' and '.join(map(repr, of_name))}"
        reason = (
            f"no {self.kind.noun} named '{bare}' of a distribution '{distribution}' is installed"
        )
        return problem("unknown-name", reason, nearest or _LIST)


MAX_ENTRIES = 4096
"""The most layers, and so on: as many as can be checked, with all their errors, within a second."""


@dataclass(frozen=True, slots=True)
class Entries(BeforeValidator):
    """The validator of a list's length; see `entries`."""

    least: int = 0

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, object]:
        """Return the schema of the list, with its length."""
        inner = {key: value for key, value in handler(schema).items() if key != "$comment"}
        return {**inner, "minItems": self.least, "maxItems": MAX_ENTRIES}


def entries(least: int) -> Entries:
    """Return the validator of a list's length, which comes before anything is done for each entry.

    ``Annotated[tuple[AnyLayer, ...], Strict(strict=False), entries(1)]``. Pydantic's own counts the
    entries that are valid, after it has looked at them all.
    """

    def validated(value: object) -> object:
        found = len(value) if is_list(value) or is_tuple(value) else least
        if found < least:
            raise problem("wrong-value", f"expected at least {least}, found {found or 'none'}")
        if found > MAX_ENTRIES:
            raise problem("wrong-value", f"expected at most {MAX_ENTRIES}, found {found}")
        return value

    return Entries(validated, least=least)


def default(kind: Kind[ConfigT], name: str, **options: object) -> ConfigT:
    """Return a field whose default is the component of that name, with its own defaults.

    ``weight_initializer: AnyInitializer = default(INITIALIZERS, "by_activation")``. That is
    Layerkit's own, whatever is installed; another's is safest with its distribution in front, as in
    ``default(INITIALIZERS, "layerkit-relu:he_normal")``. With options
    where its own defaults are not meant: ``default(INITIALIZERS, "constant", value=0.25)``.
    """

    def resolve() -> ConfigT:
        return installed().load(kind, name).model_validate(options)

    return Field(default_factory=resolve)


def _one(kind: Kind[ConfigT]) -> str:
    return f"{'an' if kind.noun[0] in 'aeiou' else 'a'} {kind.noun}"


def _dump(config: Config, info: SerializationInfo) -> dict[str, object]:
    table = config.model_dump(mode=info.mode, exclude_none=info.exclude_none)
    name: object = table.pop("type", None)
    return {"type": installed().name_of(type(config)) if name else None, **table}
