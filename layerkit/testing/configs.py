"""Configs: finding the one to check, and what every one of them must do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from layerkit.component import Config, Kind
from layerkit.errors import PluginError
from layerkit.registry import installed
from layerkit.testing.expect import expect_equal

ConfigT = TypeVar("ConfigT", bound=Config)

UNKNOWN_KEY = "no_component_has_this_option"


def config_of(kind: Kind[ConfigT], component: str | Mapping[str, object] | ConfigT) -> ConfigT:
    """Return the config that a name, a table of a spec or a config stands for.

    Raises
    ------
    AssertionError
        If no such component is installed, or its table is not valid.
    """
    if isinstance(component, kind.config):
        return component
    table = {"type": component} if isinstance(component, str) else component
    name = table.get("type") if isinstance(table, Mapping) else None
    names = installed().names(kind)
    if not isinstance(name, str) or name not in names:
        raise AssertionError(
            f"registered: expected the name of an installed {kind.noun} ({', '.join(names)}), "
            f"found {name!r}; a plugin must be installed: pip install --editable ."
        )
    try:
        config_type = installed().load(kind, name)
    except PluginError as error:
        raise AssertionError(f"registered: {error}") from error
    try:
        return config_type.model_validate(table)
    except ValidationError as error:
        raise AssertionError(f"configured: {kind.noun} '{name}': {error}") from error


def config_has_type(config: Config) -> None:
    """Check that the config has the name that specs use for it."""
    if config.type_name() is None:
        raise AssertionError(
            'expected a field type: Literal["its_name"] = "its_name", found none in '
            f"{type(config).__name__}"
        )


def config_is_frozen(config: Config) -> None:
    """Check that a config cannot be changed once it is validated."""
    expect_equal("frozen in model_config", expected=True, found=config.model_config.get("frozen"))


def config_round_trip(config: Config) -> None:
    """Check that the config in the spec that a run writes makes the same config again."""
    expect_equal("dumped and validated", config, type(config).model_validate(config.model_dump()))
    stored = config.model_dump(mode="json", exclude_none=True)
    expect_equal("stored in a spec and validated", config, type(config).model_validate(stored))


def config_rejects_unknown_key(config: Config) -> None:
    """Check that a misspelt option is an error."""
    table = config.model_dump() | {UNKNOWN_KEY: 1}
    try:
        type(config).model_validate(table)
    except ValidationError:
        return
    raise AssertionError(f"expected an error at the key '{UNKNOWN_KEY}', found none")


CONFIG_CHECKS = (config_has_type, config_is_frozen, config_round_trip, config_rejects_unknown_key)
"""What holds for configs of every kind."""
