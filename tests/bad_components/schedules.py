"""Bad schedules."""

from __future__ import annotations

from tests.bad_components.case import DIVERGED, FINE, PLUGIN, Case, Template, late
from tests.bad_components.losses import NUMBERS, NUMPY_NUMBERS

CALL = "return 0.1"

schedule = Template(
    kind="schedule",
    group="layerkit.schedules",
    config="ScheduleConfig",
    base="Schedule",
    place=lambda table: {"optimizer": {"type": "sgd", "learning_rate": 0.1, "schedule": table}},
    config_methods={"check": "check(self, figures, *, validates)"},
    methods={
        "init": "__init__(self, config, context)",
        "call": "__call__(self, step)",
        "observe": "observe(self, epoch)",
        "state": "state(self)",
    },
    right={"call": CALL},
)


def _returning() -> list[Case]:
    cases = [schedule(f"returns_{what}", call=f"return {it}") for what, it in NUMBERS.items()]
    return cases + [
        schedule(f"returns_{what}", codes=(FINE, PLUGIN), call=f"return {it}")
        for what, it in NUMPY_NUMBERS.items()
    ]


CASES = [
    *_returning(),
    schedule("returns_less_than_zero", call="return -0.1"),
    schedule("takes_no_step", found="import", members="def __call__(self): ...", call=None),
    schedule("observe_takes_nothing", found="import", members="def observe(self): ..."),
    schedule("init_without_super", init="pass", call="return self.context.start"),
    schedule("check_divides_by_zero", found="plan", check="1 / 0"),
    schedule("returns_none_late", call=late("return None", CALL)),
    schedule("returns_less_than_zero_late", call=late("return -0.1", CALL)),
    schedule("raises_late", call=late("raise ValueError('at last')", CALL)),
    schedule("nan_late", codes=(PLUGIN, DIVERGED), call=late("return float('nan')", CALL)),
]
