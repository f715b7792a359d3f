from __future__ import annotations

from typing import final

import pytest

from layerkit.builtin.tanh import Tanh
from layerkit.contracts.callback import Callback, CallbackConfig
from layerkit.signatures import signature_problems


class Right(Callback):
    def epoch_started(self, event: object, extra: int = 0) -> None: ...

    def epoch_ended(self, *events: object) -> None: ...

    def of_its_own(self) -> None: ...


def test_methods_that_take_what_the_contract_passes_are_right() -> None:
    assert signature_problems(Right) == ()


def test_a_method_that_takes_less_or_more_is_told_with_both() -> None:
    wrong = type(
        "Wrong",
        (Callback,),
        {"epoch_ended": lambda self: None, "step_ended": lambda self, event, more: None},
    )
    assert signature_problems(wrong) == (
        "expected epoch_ended(self, event), found <lambda>(self)",
        "expected step_ended(self, event), found <lambda>(self, event, more)",
    )


def test_a_final_method_must_not_be_defined() -> None:
    config = type("Config", (CallbackConfig,), {"build": lambda self: None})
    assert signature_problems(config) == ("Config defines 'build', which is final",)


@pytest.mark.parametrize("own", [Tanh, Callback, CallbackConfig])
def test_layerkits_own_classes_are_left_to_its_tests(own: type) -> None:
    assert signature_problems(own) == ()


@final
class _Unused: ...


def test_a_class_without_a_contract_has_nothing_to_keep() -> None:
    assert signature_problems(_Unused) == ()
