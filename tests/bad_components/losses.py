"""Bad losses."""

from __future__ import annotations

from tests.bad_components.case import DIVERGED, FINE, PLUGIN, SPEC_IS_WRONG, Case, Template, late

ONE_HOT = "wanted = np.eye(outputs.shape[1], dtype=outputs.dtype)[targets]\n"
VALUE = f"{ONE_HOT}return float(np.sum(weights[:, None] * (outputs - wanted) ** 2))"
WRITE = "np.multiply(2 * weights[:, None], outputs - wanted, out=out)\n"
LOSS = "float(np.sum(weights[:, None] * (outputs - wanted) ** 2))"
GRADIENT = f"{ONE_HOT}{WRITE}return {LOSS}"

loss = Template(
    kind="loss",
    group="layerkit.losses",
    config="LossConfig",
    base="Loss",
    place=lambda table: {"loss": table},
    config_methods={"plan": "plan(self, output, target)"},
    methods={
        "init": "__init__(self, config, context)",
        "value": "value(self, outputs, targets, weights)",
        "gradient": "gradient(self, outputs, targets, weights, out)",
        "predict": "predict(self, outputs, out)",
        "weigh": "weigh(self, targets, weights)",
    },
    right={"plan": "return LossPlan(output)", "value": VALUE, "gradient": GRADIENT},
)

NUMBERS = {
    "none": "None",
    "word": "'0.5'",
    "table": "{'loss': 0.5}",
    "complex_number": "complex(0.5, 0.5)",
    "truth_value": "True",
    "nan": "float('nan')",
    "inf": "float('inf')",
    "array": "np.zeros(3, np.float32)",
    "list": "[0.5]",
    "function": "float",
}
"""What to return instead of a number."""
NO_TEXT = ("none", "table")
"""What no figure can be printed of: the cases run with ``--quiet`` too."""
NUMPY_NUMBERS = {"float32": "np.float32(0.5)", "float64": "np.float64(0.5)", "integer": "1"}
"""What is as good as a number."""


def returning(method: str, body: str) -> list[Case]:
    """Return the cases of a method that returns something else than a loss."""
    cases = [
        loss(
            f"{method}_returns_{what}",
            quiet=what in NO_TEXT,
            more={method: body + f"return {wrong}"},
        )
        for what, wrong in NUMBERS.items()
    ]
    return cases + [
        loss(
            f"{method}_returns_{what}",
            codes=(FINE, PLUGIN),
            more={method: body + f"return {wrong}"},
        )
        for what, wrong in NUMPY_NUMBERS.items()
    ]


def planning(what: str, plan: str, *others: int) -> Case:
    """Return the case of a loss with another plan; other exit codes are right too."""
    return loss(what, plan=f"return {plan}", found="plan", codes=(PLUGIN, *others))


CASES = [
    *returning("gradient", ONE_HOT + WRITE),
    *returning("value", ONE_HOT),
    loss("gradient_not_written", gradient=f"{ONE_HOT}return {LOSS}"),
    loss("gradient_partly_written", gradient=f"{ONE_HOT}out[:, 0] = 1\nreturn {LOSS}"),
    loss("gradient_nan", gradient=f"{ONE_HOT}out[...] = np.nan\nreturn {LOSS}"),
    loss("gradient_inf", gradient=f"{ONE_HOT}out[...] = np.inf\nreturn {LOSS}"),
    loss("gradient_of_another_shape", gradient=f"out[...] = np.zeros(7)\n{ONE_HOT}return {LOSS}"),
    loss("gradient_writes_outputs", gradient=f"outputs *= 2\n{GRADIENT}"),
    loss("gradient_writes_targets", gradient=f"targets[...] = 0\n{GRADIENT}"),
    loss("gradient_writes_weights", gradient=f"weights *= 2\n{GRADIENT}"),
    loss("value_writes_outputs", value=f"outputs *= 2\n{VALUE}"),
    loss("value_writes_targets", value=f"targets[...] = 0\n{VALUE}"),
    loss("value_writes_weights", value=f"weights *= 2\n{VALUE}"),
    loss("predict_nan", predict="out[...] = np.nan"),
    loss("predict_writes_outputs", predict="outputs *= 2\nout[...] = outputs"),
    loss("predict_of_another_shape", predict="out[...] = outputs[:, :2]"),
    loss("predict_returns_instead_of_writing", predict="return outputs"),
    loss("weigh_nan", weigh="weights *= np.float32('nan')"),
    loss("weigh_below_zero", weigh="weights *= -1"),
    loss("weigh_nothing", codes=(FINE, PLUGIN), weigh="weights *= 0"),
    loss("weigh_writes_targets", weigh="targets[...] = 0"),
    loss("weigh_of_another_shape", weigh="weights *= np.ones(7)"),
    loss("init_takes_no_context", init="super().__init__(config)"),
    planning("plan_returns_none", "None"),
    planning("plan_returns_a_shape", "output"),
    planning("plan_returns_a_layer_plan", "LayerPlan(output)"),
    planning("plan_with_a_float", "LossPlan((3.0,))"),
    planning("plan_with_a_list", "LossPlan([3])"),
    planning("plan_without_prediction", "LossPlan(None)"),
    planning("plan_below_zero", "LossPlan((-3,))", SPEC_IS_WRONG),
    planning("plan_with_a_truth_value", "LossPlan((True,))"),
    planning("plan_too_large", "LossPlan((10**30,))", SPEC_IS_WRONG),
    planning("plan_with_items_below_zero", "LossPlan(output, (-1,))"),
    planning("plan_with_items_in_words", "LossPlan(output, 'each')"),
    loss("plan_with_items_that_are_not_there", plan="return LossPlan(output, (5,))"),
    loss("returns_none_late", gradient=late("return None", GRADIENT), quiet=True),
    loss("raises_late", gradient=late("raise ValueError('at last')", GRADIENT)),
    loss("leaves_late", gradient=late("sys.exit(0)", GRADIENT)),
    loss("nan_late", codes=DIVERGED, says="step", gradient=late("return np.nan", GRADIENT)),
    loss(
        "gradient_nan_late",
        codes=DIVERGED,
        says="step",
        gradient=late("out[...] = np.nan\nreturn 0.5", GRADIENT),
    ),
]
