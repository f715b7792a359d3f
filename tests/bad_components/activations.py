"""Bad activations, which are layers written as a function and its derivative."""

from __future__ import annotations

from tests.bad_components.case import DIVERGED, Template, late
from tests.bad_components.layers import layer

VALUE = "np.multiply(x, x, out=out)"
DERIVATIVE = "np.multiply(x, 2, out=out)"

activation = Template(
    kind="layer",
    prefix="activation",
    group="layerkit.layers",
    config="ActivationConfig",
    base="Activation",
    place=layer.place,
    config_methods={"traits": "traits(self)"},
    methods={"value": "value(self, x, out)", "derivative": "derivative(self, x, y, out)"},
    right={"value": VALUE, "derivative": DERIVATIVE},
)

CASES = [
    activation("value_nan", value="out[...] = np.nan"),
    activation("value_inf", value="np.divide(np.abs(x), 0, out=out)"),
    activation("value_returned_instead_of_written", value="return x * x"),
    activation("value_writes_its_input", value="np.multiply(x, x, out=x)\nout[...] = x"),
    activation("value_of_another_shape", value="out[...] = np.zeros((len(x), 3))"),
    activation("value_too_precise", value="np.multiply(x, np.float64(2), out=out, casting='safe')"),
    activation("derivative_nan", derivative="out[...] = np.nan"),
    activation("derivative_writes_the_input", derivative=f"x[...] = 0\n{DERIVATIVE}"),
    activation("derivative_divides_by_zero", derivative="out[...] = 1 // 0"),
    activation(
        "derivative_takes_another_argument",
        found="import",
        members="def derivative(self, x, out): ...",
        derivative=None,
    ),
    *(
        activation(
            f"traits_with_{what}_as_initializer",
            found="plan",
            says="expected the initializer of 'traits' to be one of xavier, he, lecun or None",
            traits=f"return LayerTraits(initializer={value})",
        )
        for what, value in {
            "a_longer_name": "'he_uniform'",
            "nothing_of_it": "''",
            "a_list": "['he']",
        }.items()
    ),
    activation("traits_return_a_word", found="plan", traits="return 'he'"),
    activation("traits_raise", found="plan", traits="raise ValueError('no idea')"),
    activation("value_raises_late", value=late("raise ValueError('at last')", VALUE)),
    activation("value_nan_late", codes=DIVERGED, value=late("x = x * np.float32('nan')", VALUE)),
]
