"""Bad callbacks."""

from __future__ import annotations

from tests.bad_components.case import DIVERGED, PLUGIN, Template

EVENTS = (
    "epoch_started",
    "gradient_ready",
    "step_ended",
    "validation_started",
    "epoch_ended",
    "training_ended",
)

callback = Template(
    kind="callback",
    group="layerkit.callbacks",
    config="CallbackConfig",
    base="ConfiguredCallback",
    place=lambda table: {"callbacks": [table]},
    config_methods={"check": "check(self, figures, *, validates)", "copies": "copies(self)"},
    methods={
        "init": "__init__(self, config)",
        "training_started": "training_started(self, event, run)",
        **{each: f"{each}(self, event)" for each in EVENTS},
        "state": "state(self)",
    },
    right={"training_started": "self.run = run"},
)

SAVE = "self.run.save(self.run.directory / 'saved.safetensors')"

CASES = [
    callback("copies_none", found="summary", copies="return None"),
    callback("copies_below_zero", found="summary", copies="return -1"),
    callback("copies_in_words", found="summary", copies="return 'two'"),
    callback("check_divides_by_zero", found="plan", check="1 / 0"),
    callback("event_takes_nothing", found="import", members="def epoch_ended(self): ..."),
    callback(
        "start_takes_no_run",
        found="import",
        members="def training_started(self, event): ...",
        training_started=None,
    ),
    callback("event_is_written", epoch_ended="event.epoch = 7"),
    callback("figures_are_looked_for", epoch_ended="event.validation['f1']"),
    callback(
        "parameters_nan",
        codes=(PLUGIN, DIVERGED),
        epoch_ended="for each in self.run.parameters.values():\n    each[...] = np.nan",
    ),
    callback(
        "parameters_of_another_shape",
        epoch_ended="self.run.parameters['dense_1.weight'][...] = np.zeros(7)",
    ),
    callback(
        "gradient_nan",
        codes=(PLUGIN, DIVERGED),
        gradient_ready="for each in self.run.gradients.values():\n    each[...] = np.nan",
    ),
    callback("saves_nowhere", epoch_ended="self.run.save(None)"),
    callback("stops_for_no_reason", epoch_ended="self.run.stop()"),
    callback("state_is_a_table", epoch_ended=SAVE, state="return {'best': 1.0}"),
    callback(
        "state_holds_a_set",
        epoch_ended=SAVE,
        state="return self._memory",
        top="@dataclass\nclass Memory(State):\n    seen: object",
        init="super().__init__(config)\nself._memory = Memory({1, 2})",
    ),
    callback("state_raises", epoch_ended=SAVE, state="return self.memory"),
    callback(
        "fails_at_the_last_epoch",
        epoch_ended="if event.epoch == 4:\n    raise ValueError('at last')",
    ),
    callback("leaves_at_the_last_epoch", epoch_ended="if event.epoch == 4:\n    sys.exit(0)"),
    callback(
        "fails_at_the_tenth_step",
        step_ended="if event.step == 10:\n    raise ValueError('at last')",
    ),
    callback("leaves_at_the_tenth_step", step_ended="if event.step == 10:\n    sys.exit(0)"),
    callback(
        "interrupts_at_the_tenth_step",
        step_ended="if event.step == 10:\n    raise KeyboardInterrupt",
    ),
    callback(
        "cannot_write_its_file", codes=(4, PLUGIN), epoch_ended="open('/nowhere/at/all', 'w')"
    ),
]
