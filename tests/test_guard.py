from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from layerkit.component import Config
from layerkit.contracts.callback import Callback
from layerkit.contracts.layer import LAYERS
from layerkit.errors import DataError, FileError, LayerkitError, PluginError, described
from layerkit.guard import blamed, component_errors, fault, number, plugin_errors, shown
from layerkit.interrupts import Interrupted
from tests.helpers.plugins import install_plugin

ODD = """
from typing import Literal
from layerkit.plugin import Activation, ActivationConfig

class OddConfig(ActivationConfig):
    type: Literal["odd"] = "odd"

class odd(Activation[OddConfig]):
    def value(self, x, out):
        raise x
    def derivative(self, x, y, out): ...

def work(error):
    odd.value(odd(OddConfig(), None), error, None)
"""


@pytest.fixture
def plugin(site: Path) -> type[Config]:
    """Return the config of an installed layer 'odd'."""
    return install_plugin(site, ODD, layers="odd").load(LAYERS, "odd")


def named(site: Path) -> str:
    name = f"plugin_in_{site.name}"
    return f"layer 'odd' of {name} 1.0 ({name}:odd)"


def raised_in(plugin: type[Config], error: BaseException) -> BaseException:
    """Return an exception that passed through the plugin's code."""
    component = plugin.__component__
    assert component is not None
    method: object = vars(component)["value"]
    assert callable(method)
    try:
        method(object.__new__(component), error, None)
    except BaseException as caught:  # noqa: BLE001
        return caught
    raise AssertionError("expected the plugin to raise")


@pytest.mark.parametrize("error", [ZeroDivisionError("no"), SystemExit(3), RecursionError("deep")])
def test_what_escapes_a_component_is_the_plugins_fault(
    error: BaseException, plugin: type[Config], site: Path
) -> None:
    with pytest.raises(PluginError) as caught, plugin_errors(plugin, "layers.1"):
        raise error
    expected = f"{named(site)} at layers.1: failed with {type(error).__name__}: {error}"
    assert str(caught.value) == expected
    assert caught.value.__cause__ is error


def test_a_file_that_cannot_be_read_is_no_plugins_fault(plugin: type[Config]) -> None:
    with pytest.raises(FileError, match=r"^layer 'odd': gone"), plugin_errors(plugin):
        raise FileNotFoundError("gone")


def test_errors_of_layerkit_and_interrupts_pass_as_they_are(plugin: type[Config]) -> None:
    for error in (DataError("damaged"), KeyboardInterrupt(), Interrupted(), MemoryError()):
        with pytest.raises(type(error)) as caught, plugin_errors(plugin):
            raise error
        assert caught.value is error
        assert blamed(raised_in(plugin, error)) is error


def test_an_error_without_a_kind_is_not_ours(plugin: type[Config]) -> None:
    with (
        pytest.raises(PluginError, match="failed with LayerkitError: vague"),
        plugin_errors(plugin),
    ):
        raise LayerkitError("vague")


@pytest.mark.parametrize("error", [KeyError("axis"), SystemExit(0), StopIteration()])
def test_whose_code_an_exception_passed_through_is_to_blame(
    error: BaseException, plugin: type[Config], site: Path
) -> None:
    found = blamed(raised_in(plugin, error))
    assert isinstance(found, PluginError)
    assert found.__cause__ is error
    line = 1 + ODD[: ODD.index("raise x")].count("\n")
    where = f"(plugin_in_{site.name}.py, line {line})"
    assert str(found) == f"{named(site)}: value failed with {described(error)} {where}"


def test_what_the_callers_own_class_raises_stays_as_it_is() -> None:
    class Own(Callback):
        def fail(self) -> None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), component_errors():
        Own().fail()


def test_an_error_of_ours_is_nobody_elses() -> None:
    with pytest.raises(ZeroDivisionError), component_errors():
        raise ZeroDivisionError


def test_a_class_of_no_distribution_is_named_by_its_module() -> None:
    class Own(Callback):
        pass

    found = str(fault(Own(), "it is at fault"))
    assert found.startswith(f"callback 'Own' ({__name__}:")
    assert found.endswith("Own): it is at fault")


def test_a_text_that_cannot_be_made_and_one_that_has_no_end_are_described() -> None:
    class BrokenError(Exception):
        def __str__(self) -> str:
            raise ValueError

    assert described(BrokenError()) == "BrokenError, whose text cannot be made: ValueError"
    assert len(described(ValueError("x\n" * 100_000))) < 450
    assert "\n" not in described(ValueError("two\nlines"))
    assert described(ValueError()) == "ValueError"


def test_a_number_is_a_float_whatever_kind_it_was() -> None:
    own = Callback()
    for found in (1, 1.0, np.float32(1), np.int64(1)):
        assert type(number(own, "'value' to return", found)) is float
    for wrong in (None, "1", True, 1j, np.zeros(1)):
        with pytest.raises(PluginError, match="expected 'value' to return a number, found"):
            number(own, "'value' to return", wrong)


def test_what_was_found_is_shown_short() -> None:
    assert shown("x" * 100) == f"'{'x' * 39}..."
    assert shown(ModuleType("m")) == "a module"
