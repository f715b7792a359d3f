"""Bad initializers."""

from __future__ import annotations

from tests.bad_components.case import Template

initializer = Template(
    kind="initializer",
    group="layerkit.initializers",
    config="InitializerConfig",
    base="Initializer",
    place=lambda table: {
        "layers": [
            {"type": "dense", "units": 8, "weight_initializer": table},
            "tanh",
            {"type": "dense", "units": 3},
        ]
    },
    config_methods={"build": "build(self)"},
    methods={"init": "__init__(self, config)", "fill": "fill(self, out, fan, rng)"},
    right={"fill": "out[...] = rng.normal(size=out.shape)"},
)

CASES = [
    initializer("fill_nan", fill="out[...] = np.nan"),
    initializer("fill_inf", fill="out[...] = np.inf"),
    initializer("fill_one_nan", fill="out[...] = 0\nout[0, 0] = np.nan"),
    initializer("fill_of_another_shape", fill="out[...] = np.zeros(7)"),
    initializer("fill_returns_instead_of_writing", fill="return rng.normal(size=out.shape)"),
    initializer("fill_writes_one_row", fill="out[0] = 1"),
    initializer("fill_words", fill="out[...] = 'zero'"),
    initializer("fill_complex", fill="out[...] = 1j"),
    initializer(
        "fill_takes_two_arguments", found="import", members="def fill(self, out): ...", fill=None
    ),
    initializer("fill_divides_by_a_fan_of_another_name", fill="out[...] = 1 / fan.inward"),
    initializer("build_returns_none", found="import", build="return None"),
    initializer("init_raises", init="raise RuntimeError('no luck')"),
]
