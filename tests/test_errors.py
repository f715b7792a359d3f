from __future__ import annotations

from operator import methodcaller

import pytest

from layerkit.errors import DataError, LayerkitError, PluginError
from layerkit.spec.diagnostics import SpecError
from layerkit.spec.loading import spec_of


def rendered(error: LayerkitError) -> str:
    """Return what IPython prints for an error."""
    lines: list[str] = methodcaller("_render_traceback_")(error)
    return "\n".join(lines)


def test_a_notebook_shows_the_message_and_no_frames() -> None:
    with pytest.raises(SpecError) as caught:
        spec_of({"layers": ["tanh"], "loss": "mse", "optimizer": "sgd", "seed": -1})
    assert rendered(caught.value) == f"SpecError: {caught.value}"
    assert rendered(caught.value).count("\n") == 2
    error = DataError("data: expected this, found that")
    error.add_note("as in the file")
    assert rendered(error) == "DataError: data: expected this, found that\nas in the file"


def test_the_author_of_a_plugin_sees_the_frames_of_the_cause() -> None:
    def of_the_plugin() -> None:
        raise ValueError("wrong factor")

    def guarded() -> None:
        try:
            of_the_plugin()
        except ValueError as error:
            raise PluginError("layer 'mine' failed") from error

    with pytest.raises(PluginError) as caught:
        guarded()
    text = rendered(caught.value)
    assert "in of_the_plugin" in text
    assert "ValueError: wrong factor" in text
    assert text.endswith("layerkit.errors.PluginError: layer 'mine' failed")
