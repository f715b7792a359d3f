"""Bad composite layers."""

from __future__ import annotations

from tests.bad_components.case import Table, Template, late
from tests.bad_components.layers import DENSE, LAST

FORWARD = "return self._chain.forward(x, training=training)"
BACKWARD = "return self._chain.backward(dy)"


def place(table: Table) -> Table:
    """Put a composite with a dense layer inside between two others."""
    inner = [{"type": "dense", "units": 8}]
    return {"layers": [DENSE, {**table, "layers": inner}, LAST]}


composite = Template(
    kind="layer",
    prefix="composite",
    group="layerkit.layers",
    config="LayerConfig",
    base="Composite",
    place=place,
    config_methods={"plan": "plan(self, x)"},
    methods={
        "init": "__init__(self, config, context)",
        "forward": "forward(self, x, *, training)",
        "backward": "backward(self, dy)",
    },
    right={
        "plan": "return plan_chain(self.layers, x)",
        "init": """
            super().__init__(config, context)
            self._chain = Chain(context, context.plan.layers, context.input_grad)
            self.chains = (self._chain,)
        """,
        "forward": FORWARD,
        "backward": BACKWARD,
    },
    lines="layers: Annotated[tuple[AnyLayer, ...], Strict(strict=False)]",
)

CASES = [
    composite("plan_returns_layers", found="plan", plan="return self.layers"),
    composite(
        "plan_promises_another_shape",
        plan="return LayerPlan((3,), layers=plan_chain(self.layers, x).layers)",
    ),
    composite(
        "plan_holds_configs",
        found="plan",
        plan="return LayerPlan(x, layers=self.layers)",
    ),
    composite(
        "plan_calls_two_layers_the_same",
        codes=2,
        found="plan",
        plan="return LayerPlan(x, layers=plan_chain(self.layers, x).layers * 2)",
    ),
    composite("chains_are_none", init="super().__init__(config, context)\nself.chains = None"),
    composite("forward_of_nothing", forward="self._chain.forward(x, training=training)"),
    composite("backward_of_nothing", backward="self._chain.backward(dy)"),
    composite("forward_twice_the_rows", forward=f"x = np.concatenate([x, x])\n{FORWARD}"),
    composite(
        "gradient_asked_for_without_memory",
        init="""
        super().__init__(config, context)
        self._chain = Chain(context, context.plan.layers, None)
        self.chains = (self._chain,)
    """,
    ),
    composite("backward_skips_the_chain", backward="return dy"),
    composite("backward_returns_none_late", backward=late("return None", BACKWARD)),
]
