"""Distributions that register something else than a component."""

from __future__ import annotations

from dataclasses import replace

from tests.bad_components.case import Case
from tests.bad_components.layers import layer
from tests.bad_components.losses import loss


def module(what: str, source: str, says: str = "") -> Case:
    """Return the case of a layer whose module is something else."""
    return replace(layer(what, found="import"), source=source, says=(says,))


CASES = [
    module("module_empty", "", "Bad"),
    module("module_unparsable", "class Bad(", "SyntaxError"),
    module("module_imports_what_is_not_there", "import nunpy", "nunpy"),
    module("module_has_a_number", "Bad = 3", "3"),
    module("module_has_a_plain_class", "class Bad: ..."),
    module("module_has_a_built_in_layer", "from layerkit.builtin.tanh import Tanh as Bad"),
    module("module_has_a_loss", loss("other").source),
    module("module_has_a_layer_of_another_name", layer("other").source),
    module(
        "module_shows_itself_badly",
        "class M(type):\n    def __repr__(cls): raise ValueError\nclass Bad(metaclass=M): ...",
    ),
    module(
        "module_shows_its_object_badly",
        "class M:\n    def __repr__(self): return 'x' * 10**6\nBad = M()",
    ),
    layer("without_forward", found="import", forward=None, says="forward"),
    layer("without_init_arguments", init="pass", members="pass"),
    layer("options_of_no_type", found="import", config="size: object() = 3"),
    layer("option_without_default", codes=2, found="plan", config="size: int"),
    layer(
        "default_that_is_not_installed",
        found="plan",
        config="other: AnyInitializer = default(INITIALIZERS, 'nobody')",
    ),
]
