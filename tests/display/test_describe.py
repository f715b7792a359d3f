from __future__ import annotations

from layerkit.display.describe import data_text, network_text, options
from layerkit.plan.network import plan_network
from layerkit.spec.loading import parse_spec
from tests.helpers.specs import TINY


def test_the_middle_of_a_deep_network_is_left_out() -> None:
    deep = '"tanh", ' * 20
    plan = plan_network(parse_spec(TINY.replace('"tanh", ', deep)))
    assert network_text(plan) == (
        "22 layers, 51 parameters: dense, tanh, tanh, tanh, ..., tanh, tanh, dense"
    )


def test_the_data_are_counted_by_purpose() -> None:
    plan = plan_network(parse_spec(TINY.replace("validation = 30", "validation = 0")))
    assert data_text(plan) == "spirals: 120 to train on, 60 to test"


def test_options_are_numbers_and_what_is_not_at_its_default() -> None:
    text = TINY.replace("units = 8", 'units = 8, bias = false, weight_initializer = "uniform"')
    dense, tanh, last = parse_spec(text.replace("units = 3", "units = 3, name = 'out'")).layers
    assert options(dense) == "units=8 bias=false weight_initializer=uniform"
    assert options(tanh) == ""
    assert options(last) == "units=3"
