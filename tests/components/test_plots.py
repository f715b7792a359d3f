from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree

import pytest

from layerkit.contracts.kinds import KINDS
from layerkit.registry import Registry
from tools.components.plots import EDGE, EPOCHS, plot_of
from tools.components.registered import own_registry
from tools.components.svg import Line, plot


@pytest.fixture(scope="module")
def registry() -> Registry:
    return own_registry()


def drawn(registry: Registry, noun: str, name: str) -> ElementTree.Element | None:
    (kind,) = [kind for kind in KINDS if kind.noun == noun]
    text = plot_of(registry.load(kind, name), registry)
    return None if text is None else ElementTree.fromstring(text)  # noqa: S314  # our own


def points(svg: ElementTree.Element | None) -> list[list[tuple[float, float]]]:
    assert svg is not None
    lines = svg.findall("{http://www.w3.org/2000/svg}polyline")
    pairs = [line.attrib["points"].split() for line in lines]
    return [[(float(p.split(",")[0]), float(p.split(",")[1])) for p in line] for line in pairs]


def texts(svg: ElementTree.Element | None) -> list[str]:
    assert svg is not None
    return [str(each.text) for each in svg.findall("{http://www.w3.org/2000/svg}text")]


def test_an_activation_is_drawn_with_its_derivative(registry: Registry) -> None:
    svg = drawn(registry, "layer", "relu")
    value, derivative = points(svg)
    assert {"value", "derivative", str(EDGE), str(-EDGE)} <= set(texts(svg))
    left, zero, right = value[0], value[len(value) // 2], value[-1]
    assert left[1] == zero[1] > right[1]
    assert derivative[0][1] == left[1]
    assert len({y for _, y in derivative}) == 2


def test_a_schedule_is_drawn_over_the_epochs(registry: Registry) -> None:
    svg = drawn(registry, "schedule", "cosine")
    once, again = points(svg)
    assert {"cosine", "epochs = 5, factor = 0.7", str(EPOCHS)} <= set(texts(svg))
    assert all(y <= after for (_, y), (_, after) in itertools.pairwise(once))
    assert not all(y <= after for (_, y), (_, after) in itertools.pairwise(again))


def test_a_schedule_that_watches_the_loss_is_drawn_while_it_stalls(registry: Registry) -> None:
    (line,) = points(drawn(registry, "schedule", "reduce_on_plateau"))
    assert len({y for _, y in line}) > 3


def test_other_components_are_not_drawn(registry: Registry) -> None:
    assert drawn(registry, "layer", "dense") is None
    assert drawn(registry, "initializer", "constant") is None


def test_lengths_have_one_decimal_whatever_the_last_bit_is() -> None:
    ys = [0.0, 0.1 + 0.2, 0.55, 1.0]
    nudged = [y * (1 + 1e-15) for y in ys]
    here, elsewhere = (plot("a", [Line("b", [0.0, 1.0, 2.0, 3.0], y)]) for y in (ys, nudged))
    assert here == elsewhere
    assert not re.search(r"\d\.\d\d", here.replace("0.25", "").replace("0.9", ""))


def test_a_name_is_escaped() -> None:
    svg = ElementTree.fromstring(plot("<&>", [Line("a < b", [0.0, 1.0], [0.0, 1.0])]))  # noqa: S314
    assert "a < b" in texts(svg)
