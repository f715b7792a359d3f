"""Bad constraints."""

from __future__ import annotations

from tests.bad_components.case import DIVERGED, Template, late

APPLY = "np.clip(self.value, -1, 1, out=self.value)"

constraint = Template(
    kind="constraint",
    group="layerkit.constraints",
    config="ConstraintConfig",
    base="Constraint",
    place=lambda table: {"constraints": [table]},
    config_methods={"build": "build(self, value)"},
    methods={
        "init": "__init__(self, config, value)",
        "apply": "apply(self)",
        "state": "state(self)",
    },
    right={"apply": APPLY},
)

CASES = [
    constraint("apply_nan", apply="self.value[...] = np.nan"),
    constraint("apply_inf", apply="self.value[...] = np.inf"),
    constraint("apply_of_another_shape", apply="self.value[...] = np.zeros(7)"),
    constraint("apply_words", apply="self.value[...] = 'small'"),
    constraint(
        "apply_takes_the_value", found="import", members="def apply(self, value): ...", apply=None
    ),
    constraint("init_without_super", init="pass"),
    constraint("build_returns_none", found="import", build="return None"),
    constraint("raises_late", apply=late("raise ValueError('at last')", APPLY)),
    constraint("leaves_late", apply=late("sys.exit(0)", APPLY)),
    constraint("nan_late", codes=DIVERGED, apply=late("self.value[...] = np.nan", APPLY)),
]
