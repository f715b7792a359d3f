"""Bad regularizers."""

from __future__ import annotations

from tests.bad_components.case import DIVERGED, FINE, PLUGIN, Case, Template, late
from tests.bad_components.losses import NUMBERS, NUMPY_NUMBERS

PENALIZE = "grad += 0.1 * value\nreturn 0.05 * float(np.sum(value**2))"

regularizer = Template(
    kind="regularizer",
    group="layerkit.regularizers",
    config="RegularizerConfig",
    base="Regularizer",
    place=lambda table: {"regularizers": [table]},
    config_methods={},
    methods={
        "init": "__init__(self, config)",
        "penalize": "penalize(self, value, grad, scratch)",
        "state": "state(self)",
    },
    right={"penalize": PENALIZE},
)


def _returning() -> list[Case]:
    cases = [
        regularizer(f"returns_{what}", penalize=f"return {it}") for what, it in NUMBERS.items()
    ]
    return cases + [
        regularizer(f"returns_{what}", codes=(FINE, PLUGIN), penalize=f"return {it}")
        for what, it in NUMPY_NUMBERS.items()
    ]


CASES = [
    *_returning(),
    regularizer("whole_returns_none", members="elementwise = False", penalize="return None"),
    regularizer("gradient_nan", penalize="grad[...] = np.nan\nreturn 0.0"),
    regularizer("gradient_of_another_shape", penalize="grad += np.zeros(7)\nreturn 0.0"),
    regularizer("writes_parameters", penalize=f"value *= 0.5\n{PENALIZE}"),
    regularizer("raises_late", penalize=late("raise ValueError('at last')", PENALIZE)),
    regularizer("returns_none_late", penalize=late("return None", PENALIZE)),
    regularizer("nan_late", codes=DIVERGED, penalize=late("grad[...] = np.nan", PENALIZE)),
]
