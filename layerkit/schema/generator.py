"""The JSON Schema of single configs, as pydantic derives it from their fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema
from typing_extensions import TypeIs

from layerkit.component import Config
from layerkit.fields import COMPONENT
from layerkit.registry import installed
from layerkit.schema.docstrings import documentation
from layerkit.values import is_list, is_table

JsonSchema: TypeAlias = dict[str, object]

NOT_SAID = "Also checked: "
"""What begins the comment about rules that a schema cannot say."""
PREFIX = "#/$defs/"
_OWN = {"_name_valid_keys"}
"""Validators that add no rule."""


class _Generator(GenerateJsonSchema):
    """Takes whatever a plugin's field may be, and notes the rules that only validators know."""

    ignored_warning_kinds = {"skipped-choice", "non-serializable-default"}  # noqa: RUF012

    def field_title_should_be_set(self, schema: object) -> bool:
        """Leave out titles that only repeat the key."""
        return False

    def handle_invalid_for_json_schema(self, schema: object, error_info: str) -> JsonSchemaValue:
        """Say nothing of what JSON Schema has no word for."""
        return {"$comment": f"{NOT_SAID}{error_info}"}

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Add what the docstring says."""
        model: object = schema["cls"]
        found = super().model_schema(schema)
        return _described(found, model) if _is_model(model) else found

    def function_plain_schema(
        self, schema: core_schema.PlainValidatorFunctionSchema
    ) -> JsonSchemaValue:
        """Note the rule."""
        found = super().function_plain_schema(schema)
        return found or _noted(found, schema["function"])

    def function_after_schema(
        self, schema: core_schema.AfterValidatorFunctionSchema
    ) -> JsonSchemaValue:
        """Note the rule."""
        return _noted(super().function_after_schema(schema), schema["function"])

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        """Note the rule."""
        found = super().function_before_schema(schema)
        said = "json_schema_input_schema" in schema
        return found if said else _noted(found, schema["function"])

    def function_wrap_schema(
        self, schema: core_schema.WrapValidatorFunctionSchema
    ) -> JsonSchemaValue:
        """Note the rule."""
        found = super().function_wrap_schema(schema)
        said = "json_schema_input_schema" in schema
        return found if said else _noted(found, schema["function"])


def _is_model(found: object) -> TypeIs[type[BaseModel]]:
    return isinstance(found, type) and issubclass(found, BaseModel)


def _noted(schema: JsonSchemaValue, validator: object) -> JsonSchemaValue:
    """Return a schema with a comment about what a validator checks."""
    function: object = validator.get("function") if is_table(validator) else None
    name: object = getattr(function, "__name__", "")
    if name in _OWN:
        return schema
    rule = str(name).strip("_").replace("_", " ")
    before: object = schema.get("$comment")
    comment = f"{before}; {rule}" if isinstance(before, str) else f"{NOT_SAID}{rule}"
    return {**schema, "$comment": comment}


def definitions(models: Sequence[tuple[str, type[BaseModel]]]) -> dict[str, JsonSchema]:
    """Return the schemas of models and of all models in them, by name.

    Parameters
    ----------
    models
        Each with the name of its schema. Those that they contain are called after their class.
    """
    generator = _Generator(ref_template=f"{PREFIX}{{model}}")
    found, schemas = generator.generate_definitions(
        [(model, "validation", model.__pydantic_core_schema__) for _, model in models]
    )
    references = {
        name: str(found[model, "validation"]["$ref"]).removeprefix(PREFIX) for name, model in models
    }
    names = {reference: name for name, reference in references.items()}
    by_reference = {str(reference): schema for reference, schema in schemas.items()}
    wanted = {**references, **{old: old for old in by_reference if old not in names}}
    renamed: dict[str, JsonSchema] = {}
    for name, old in wanted.items():  # of classes that are alike, pydantic makes one schema
        whole: object = _with_references(by_reference[old], names)
        if is_table(whole):
            renamed[name] = whole
    return renamed


def _with_references(value: object, names: dict[str, str]) -> object:
    """Return a schema that refers to components by their kind, and to models by new names."""
    if is_list(value):
        return [_with_references(each, names) for each in value]
    if not is_table(value):
        return value
    table = {key: _with_references(below, names) for key, below in value.items()}
    kind, reference = table.pop(COMPONENT, None), table.get("$ref")
    if isinstance(kind, str):
        return {"$ref": f"{PREFIX}{kind}", **table}
    if isinstance(reference, str):
        old = reference.removeprefix(PREFIX)
        table["$ref"] = f"{PREFIX}{names.get(old, old)}"
    return table


def _described(schema: JsonSchemaValue, model: type[BaseModel]) -> JsonSchemaValue:
    """Return the schema of a model with what its docstring says of it and of its fields."""
    said = documentation(model)
    properties: object = schema.get("properties")
    below = {
        name: {
            **({"description": said.attributes[name]} if name in said.attributes else {}),
            **_with_default(field, model.model_fields[name]),
        }
        for name, field in (properties if is_table(properties) else {}).items()
        if is_table(field)
    }
    title = model.__name__.removesuffix("Config")
    described = {**schema, "title": title, "description": said.text, "properties": below}
    required: object = schema.get("required")
    if "type" in below and "const" in below["type"]:  # its default is for Python alone
        described["required"] = ["type", *(required if is_list(required) else [])]
    return described


def _with_default(schema: JsonSchema, field: FieldInfo) -> JsonSchema:
    """Return a field's schema with what stands for it where a spec says nothing."""
    shown = {key: value for key, value in schema.items() if (key, value) != ("default", None)}
    if field.default_factory is None:
        return shown
    value: object = field.get_default(call_default_factory=True, validated_data={})
    return {**shown, "default": short(value)} if isinstance(value, BaseModel) else shown


def short(config: BaseModel) -> object:
    """Return a config as a spec may say it: its name alone where nothing else is needed."""
    if isinstance(config, Config) and config == type(config)():
        return installed().name_of(type(config))
    table: dict[str, object] = config.model_dump(mode="json", exclude_none=True)
    return table
