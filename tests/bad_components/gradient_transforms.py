"""Bad gradient transforms."""

from __future__ import annotations

from tests.bad_components.case import DIVERGED, Template, late

APPLY = "for each in gradients:\n    np.clip(each, -1, 1, out=each)"

gradient_transform = Template(
    kind="gradient transform",
    group="layerkit.gradient_transforms",
    config="GradientTransformConfig",
    base="GradientTransform",
    place=lambda table: {"gradient_transforms": [table]},
    config_methods={"build": "build(self, context)"},
    methods={
        "init": "__init__(self, config, context)",
        "apply": "apply(self, gradients, step)",
        "state": "state(self)",
    },
    right={"apply": APPLY},
)

CASES = [
    gradient_transform("apply_nan", apply="for each in gradients:\n    each[...] = np.nan"),
    gradient_transform("apply_inf", apply="for each in gradients:\n    each[...] = np.inf"),
    gradient_transform("apply_of_another_shape", apply="gradients[0][...] = np.zeros(7)"),
    gradient_transform("apply_treats_them_as_one_array", apply="gradients *= 0.5"),
    gradient_transform("apply_puts_others_in_their_place", apply="gradients[0] = gradients[0] * 0"),
    gradient_transform(
        "apply_takes_nothing", found="import", members="def apply(self): ...", apply=None
    ),
    gradient_transform("build_returns_none", found="import", build="return None"),
    gradient_transform("raises_late", apply=late("raise ValueError('at last')", APPLY)),
    gradient_transform("leaves_late", apply=late("sys.exit(0)", APPLY)),
    gradient_transform("nan_late", codes=DIVERGED, apply=late("gradients[0][...] = np.nan", APPLY)),
]
