"""Bad layers."""

from __future__ import annotations

from tests.bad_components.case import (
    DIVERGED,
    FINE,
    PLUGIN,
    SPEC_IS_WRONG,
    Case,
    Table,
    Template,
    late,
)

DENSE: Table = {"type": "dense", "units": 8}
LAST: Table = {"type": "dense", "units": 3}

FORWARD = """
self._x = x
y = self._y[: len(x)]
np.multiply(x, self.context.params["gain"].value, out=y)
return y
"""
ASSIGN = 'np.sum(dy * self._x, axis=0, out=self.context.params["gain"].grad)\n'
BELOW = """
if self.context.input_grad is None:
    return None
dx = self.context.input_grad[: len(dy)]
np.multiply(dy, self.context.params["gain"].value, out=dx)
return dx
"""
BACKWARD = ASSIGN + BELOW

GAIN = '{"gain": ParameterPlan(x, self.gain, Fan(1, 1))}'

layer = Template(
    kind="layer",
    group="layerkit.layers",
    config="LayerConfig",
    base="Layer",
    place=lambda table: {"layers": [DENSE, table, LAST]},
    config_methods={
        "plan": "plan(self, x)",
        "vocabulary": "vocabulary(self)",
        "id_counts": "id_counts(self)",
        "missing_values": "missing_values(self)",
        "passed_inputs": "passed_inputs(self, x)",
        "build": "build(self, context)",
    },
    methods={
        "init": "__init__(self, config, context)",
        "forward": "forward(self, x, *, training)",
        "backward": "backward(self, dy)",
        "adapt": "adapt(self, batches)",
        "recalibrate": "recalibrate(self, batches)",
        "mask": "mask(self)",
    },
    right={
        "plan": f"return LayerPlan(x, {GAIN})",
        "init": """
            super().__init__(config, context)
            self._y = context.buffer(context.output_shape)
            self._x = self._y
        """,
        "forward": FORWARD,
        "backward": BACKWARD,
    },
    lines='gain: AnyInitializer = default(INITIALIZERS, "ones")',
)

WRONG = {
    "none": "None",
    "list": "{}.tolist()",
    "number": "1.0",
    "one_more_column": "np.zeros(({}.shape[0], 9), {}.dtype)",
    "one_row_less": "{}[1:]",
    "flat": "{}.ravel()",
    "float64": "{}.astype(np.float64)",
    "integers": "{}.astype(np.int64)",
    "objects": "{}.astype(object)",
    "nan": "{} * np.float32('nan')",
    "inf": "{} + np.float32('inf')",
}
"""What to return instead of an array."""


def returns(right: str, wrong: str, body: str, when: str = "True") -> str:
    """Return a body that returns something wrong under some condition."""
    instead = WRONG[wrong].replace("{}", right)
    return body.replace(f"return {right}", f"return {instead} if {when} else {right}")


def planning(what: str, plan: str, *others: int) -> Case:
    """Return the case of a layer with another plan; other exit codes are right too."""
    return layer(
        what, plan=f"return {plan}".replace("GAIN", GAIN), found="plan", codes=(PLUGIN, *others)
    )


def parameter(what: str, arguments: str, *others: int) -> Case:
    """Return the case of a layer that plans its parameter otherwise."""
    return planning(what, f'LayerPlan(x, {{"gain": ParameterPlan({arguments})}})', *others)


SHARED = "shared = np.zeros((64, 8), np.float32)"
IN_SHARED = FORWARD.replace("self._y[", "Bad.shared[")

WITH_STATE = f'return LayerPlan(x, {GAIN}, {{"seen": StatePlan((1,))}})'
CASES = [
    *(layer(f"forward_returns_{wrong}", forward=returns("y", wrong, FORWARD)) for wrong in WRONG),
    *(
        layer(f"evaluation_returns_{wrong}", forward=returns("y", wrong, FORWARD, "not training"))
        for wrong in ("none", "list", "one_more_column", "one_row_less", "float64", "nan", "inf")
    ),
    *(
        layer(f"backward_returns_{wrong}", backward=returns("dx", wrong, BACKWARD))
        for wrong in WRONG
    ),
    layer(
        "last_batch_has_too_many_rows",
        forward=FORWARD.replace("[: len(x)]", ""),
        place=lambda table: {
            "layers": ["tanh", LAST, table],
            "training": {"epochs": 2, "batch_size": 20},
        },
    ),
    layer("gradient_never_assigned", backward=BELOW),
    layer(
        "gradient_added",
        backward='self.context.params["gain"].grad[...] += np.sum(dy * self._x, axis=0)' + BELOW,
    ),
    layer(
        "gradient_partly_assigned",
        backward='self.context.params["gain"].grad[:2] = np.sum(dy * self._x, axis=0)[:2]' + BELOW,
    ),
    layer("gradient_nan", backward='self.context.params["gain"].grad[...] = np.nan' + BELOW),
    layer("gradient_replaced", backward='self.context.params["gain"].grad = dy[0]' + BELOW),
    layer("input_written_in_forward", forward="np.multiply(x, 2, out=x)\n" + FORWARD),
    layer(
        "input_written_in_evaluation",
        forward="if not training:\n    np.multiply(x, 2, out=x)\n" + FORWARD,
    ),
    layer(
        "input_written_in_backward",
        backward=BACKWARD.replace("return dx", "self._x[...] = 0\nreturn dx"),
    ),
    layer(
        "data_written_in_forward",
        forward="np.multiply(x, 2, out=x)\n" + FORWARD,
        place=lambda table: {"layers": [table, LAST]},
    ),
    layer(
        "parameter_written_in_forward",
        forward='self.context.params["gain"].value[...] += 1\n' + FORWARD,
    ),
    layer(
        "parameter_written_in_backward",
        backward='self.context.params["gain"].value[...] += 1\n' + BACKWARD,
    ),
    layer(
        "parameter_written_in_evaluation",
        forward='if not training:\n    self.context.params["gain"].value[...] += 1\n' + FORWARD,
    ),
    layer(
        "state_written_in_evaluation",
        plan=WITH_STATE,
        forward='if not training:\n    self.context.state["seen"][...] += 1\n' + FORWARD,
    ),
    layer(
        "state_nan",
        plan=WITH_STATE,
        forward='self.context.state["seen"][...] = np.nan\n' + FORWARD,
    ),
    layer(
        "buffer_shared_by_neighbours",
        members=SHARED,
        forward=IN_SHARED,
        place=lambda table: {"layers": [DENSE, table, table, LAST]},
    ),
    layer(
        "buffer_shared_further_on",
        members=SHARED,
        forward=IN_SHARED,
        place=lambda table: {"layers": [DENSE, table, DENSE, table, LAST]},
    ),
    layer(
        "buffer_shared_by_shards",
        members=SHARED.replace("8", "2"),
        forward=IN_SHARED,
        place=lambda table: {
            "layers": [table, "tanh", "tanh", LAST],
            "training": {"epochs": 4, "batch_size": 16, "threads": 2},
        },
    ),
    layer("init_without_super", init="self._y = np.zeros((64, 8), np.float32)"),
    layer("build_returns_none", build="return None"),
    layer("build_returns_its_config", build="return self"),
    layer("mask_is_a_list", mask="return [1, 2]"),
    layer(
        "vocabulary_is_a_word",
        vocabulary="return 'many'",
        found="plan",
        place=lambda table: {"layers": [table, LAST]},
    ),
    layer("id_counts_are_a_list", id_counts="return [3, 4]", found="plan"),
    layer("id_counts_are_words", id_counts="return ('many', 'few')", found="plan"),
    layer("missing_values_is_a_truth_value", missing_values="return True", found="plan"),
    layer("missing_values_is_another_word", missing_values="return 'keeps'", found="plan"),
    layer("passed_inputs_are_a_list", passed_inputs="return [0, 1]", found="plan"),
    layer("passed_inputs_too_few", passed_inputs="return PassedInputs((0,))", found="plan"),
    layer("passed_inputs_beyond", passed_inputs="return PassedInputs((8,) * 8)", found="plan"),
    layer("passed_inputs_in_words", passed_inputs="return PassedInputs(('a',) * 8)", found="plan"),
    layer(
        "passed_inputs_filled_with_a_word",
        passed_inputs="return PassedInputs((0,) * 8, 'nought')",
        found="plan",
    ),
    layer(
        "adapt_spoils_state",
        plan='return LayerPlan(x, {}, {"mean": StatePlan(x)})',
        adapt='self.context.state["mean"][...] = np.nan',
        forward='return x - self.context.state["mean"]',
        backward="return dy",
    ),
    planning("plan_returns_none", "None"),
    planning("plan_returns_a_shape", "x"),
    planning("plan_with_a_float", "LayerPlan((4.0,), GAIN)"),
    planning("plan_with_a_truth_value", "LayerPlan((True,), GAIN)"),
    planning("plan_with_a_word", 'LayerPlan(("8",), GAIN)'),
    planning("plan_with_a_numpy_integer", "LayerPlan((np.int64(8),), GAIN)", FINE),
    planning("plan_too_large", "LayerPlan((10**30,), GAIN)", SPEC_IS_WRONG),
    planning("plan_below_zero", "LayerPlan((-1,), GAIN)", SPEC_IS_WRONG),
    planning("plan_of_nothing", "LayerPlan((0,), GAIN)", SPEC_IS_WRONG),
    planning("plan_as_list", "LayerPlan([8], GAIN)"),
    planning("plan_without_output", "LayerPlan(None, GAIN)"),
    planning("plan_with_a_list_of_parameters", 'LayerPlan(x, ["gain"])'),
    planning("plan_with_a_shape_for_a_parameter", 'LayerPlan(x, {"gain": x})'),
    planning(
        "plan_with_a_number_for_a_name", "LayerPlan(x, {3: ParameterPlan(x, self.gain, Fan(1, 1))})"
    ),
    planning(
        "plan_with_one_name_twice",
        'LayerPlan(x, GAIN, {"gain": StatePlan(x)})',
    ),
    planning("plan_with_products_in_words", 'LayerPlan(x, GAIN, products="many")'),
    planning("plan_with_workspace_in_words", 'LayerPlan(x, GAIN, workspace="much")'),
    planning("plan_with_workspace_below_zero", "LayerPlan(x, GAIN, workspace=-1)"),
    planning(
        "plan_with_state_of_nothing", 'LayerPlan(x, GAIN, {"mean": StatePlan((0,))})', SPEC_IS_WRONG
    ),
    planning(
        "plan_with_state_filled_with_nan",
        'LayerPlan(x, GAIN, {"mean": StatePlan(x, float("nan"))})',
    ),
    planning("plan_with_layers_that_are_none", "LayerPlan(x, GAIN, {}, None)"),
    parameter("parameter_without_initializer", "x, None, Fan(1, 1)"),
    parameter("parameter_with_a_word_as_initializer", 'x, "ones", Fan(1, 1)'),
    parameter("parameter_without_fan", "x, self.gain, None"),
    parameter("parameter_with_a_float", "(8.0,), self.gain, Fan(1, 1)"),
    parameter("parameter_below_zero", "(-8,), self.gain, Fan(1, 1)", SPEC_IS_WRONG),
    parameter("parameter_too_large", "(10**30,), self.gain, Fan(1, 1)", SPEC_IS_WRONG),
    parameter("parameter_of_nothing", "(0,), self.gain, Fan(1, 1)", SPEC_IS_WRONG),
    layer(
        "plan_raises_a_validation_error",
        found="plan",
        plan='LAYERS.config.model_validate({"name": 3})\nreturn LayerPlan(x)',
    ),
    layer("forward_raises_late", forward=late("raise ValueError('at last')", FORWARD)),
    layer("forward_returns_none_late", forward=late("return None", FORWARD)),
    layer("forward_returns_another_shape_late", forward=late("return x[1:]", FORWARD)),
    layer("forward_leaves_late", forward=late("sys.exit(0)", FORWARD)),
    layer("backward_raises_late", backward=late("raise ValueError('at last')", BACKWARD)),
    layer("backward_returns_none_late", backward=late("return None", BACKWARD)),
    layer("backward_leaves_late", backward=late("sys.exit(0)", BACKWARD)),
    layer(
        "nan_late",
        codes=DIVERGED,
        says="at step",
        forward=late("return x * np.float32('nan')", FORWARD),
    ),
    layer(
        "gradient_nan_late",
        codes=DIVERGED,
        backward=late('self.context.params["gain"].grad[...] = np.nan\nreturn dy', BACKWARD),
    ),
]
