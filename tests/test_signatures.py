from __future__ import annotations

from typing import final

import pytest

from layerkit.builtin.tanh import Tanh
from layerkit.contracts.callback import Callback, CallbackConfig
from layerkit.contracts.events import EpochStarted
from layerkit.signatures import signature_problems


class Right(Callback):
    def epoch_started(self, event: EpochStarted, extra: int = 0) -> None: ...

    def of_its_own(self) -> None: ...


def test_methods_that_take_what_the_contract_passes_are_right() -> None:
    assert signature_problems(Right) == ()


def test_a_method_that_takes_less_or_more_is_told_with_both() -> None:
    def epoch_ended(_self: object) -> None: ...

    def step_ended(_self: object, _event: object, _more: object) -> None: ...

    methods = {"epoch_ended": epoch_ended, "step_ended": step_ended}
    assert signature_problems(type("Wrong", (Callback,), methods)) == (
        "expected epoch_ended(self, event), found epoch_ended(_self)",
        "expected step_ended(self, event), found step_ended(_self, _event, _more)",
    )


def test_a_final_method_must_not_be_defined() -> None:
    def build(_self: object) -> None: ...

    config = type("Config", (CallbackConfig,), {"build": build, "__module__": __name__})
    assert signature_problems(config) == ("Config defines 'build', which is final",)


@pytest.mark.parametrize("own", [Tanh, Callback, CallbackConfig])
def test_layerkits_own_classes_are_left_to_its_tests(own: type) -> None:
    assert signature_problems(own) == ()


@final
class _Unused: ...


def test_a_class_without_a_contract_has_nothing_to_keep() -> None:
    assert signature_problems(_Unused) == ()
