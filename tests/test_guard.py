from __future__ import annotations

import pytest

from layerkit.errors import DataError, FileError, PluginError
from layerkit.guard import plugin_errors


@pytest.mark.parametrize("error", [ZeroDivisionError("no"), SystemExit(3), RecursionError("deep")])
def test_what_escapes_a_component_is_the_plugins_fault(error: BaseException) -> None:
    with (
        pytest.raises(PluginError, match=f"layer 'odd' failed with {type(error).__name__}: "),
        plugin_errors("layer 'odd'"),
    ):
        raise error


def test_a_file_that_cannot_be_read_is_no_plugins_fault() -> None:
    with pytest.raises(FileError, match=r"dataset 'idx': .*gone"), plugin_errors("dataset 'idx'"):
        raise FileNotFoundError("gone")


def test_errors_of_layerkit_and_interrupts_pass_as_they_are() -> None:
    damaged = DataError("damaged")
    with pytest.raises(DataError) as caught, plugin_errors("dataset 'idx'"):
        raise damaged
    assert caught.value is damaged
    with pytest.raises(KeyboardInterrupt), plugin_errors("dataset 'idx'"):
        raise KeyboardInterrupt
