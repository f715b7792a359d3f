"""Bad optimizers."""

from __future__ import annotations

from tests.bad_components.case import DIVERGED, Case, Template, late

UPDATE = "np.subtract(span.value, learning_rate * span.grad, out=span.value)"

optimizer = Template(
    kind="optimizer",
    group="layerkit.optimizers",
    config="OptimizerConfig",
    base="Optimizer",
    place=lambda table: {"optimizer": {**table, "learning_rate": 0.1}},
    config_methods={"slots": "slots(self)", "vectors": "vectors(self)"},
    methods={
        "init": "__init__(self, config, context)",
        "update": "update(self, span, learning_rate, step)",
        "schedules": "schedules(self)",
        "state": "state(self)",
    },
    right={"update": UPDATE},
)


def planning(what: str, members: str = "", **bodies: str) -> Case:
    """Return the case of an optimizer whose config says something wrong."""
    return optimizer(what, found="plan", members=members, more=bodies)


CASES = [
    optimizer("update_nan", update="span.value[...] = np.nan"),
    optimizer("update_inf", update="span.value[...] = np.inf"),
    optimizer("update_of_another_shape", update="span.value[...] = np.zeros(7)"),
    optimizer("update_replaces_values", update="span.value = span.value - learning_rate"),
    optimizer(
        "update_takes_no_step",
        found="import",
        members="def update(self, span, rate): ...",
        update=None,
    ),
    optimizer("slots_nan", slots="return ('v',)", update=f"span.slots[0][...] = np.nan\n{UPDATE}"),
    optimizer("init_without_super", init="pass", update="self.config.learning_rate"),
    planning("slots_none", slots="return None"),
    planning("slots_a_word", slots="return 'velocity'"),
    planning("slots_a_table", slots="return {'velocity': 1}"),
    planning("slots_of_numbers", slots="return (1, 2)"),
    planning("slots_with_one_name_twice", slots="return ('v', 'v')"),
    optimizer("vectors_none", found="summary", vectors="return None"),
    optimizer("vectors_below_zero", found="summary", vectors="return -1"),
    optimizer("vectors_in_words", found="summary", vectors="return 'two'"),
    planning("scope_unknown", members="scope = 'everything'"),
    optimizer("schedules_none", schedules="return None"),
    optimizer("schedules_of_numbers", schedules="return [0.1]"),
    optimizer(
        "schedule_of_a_word", init="super().__init__(config, context)\ncontext.schedule('one', 1.0)"
    ),
    optimizer("raises_late", update=late("raise ValueError('at last')", UPDATE)),
    optimizer("leaves_late", update=late("sys.exit(0)", UPDATE)),
    optimizer("nan_late", codes=DIVERGED, update=late("span.value[...] = np.nan", UPDATE)),
    optimizer(
        "nan_in_the_last_update",
        codes=DIVERGED,
        update=f"{UPDATE}\nif step == 12:\n    span.value[...] = np.nan",
    ),
]
