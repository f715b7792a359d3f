from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.errors import DataError, PluginError
from layerkit.state import State, restore, saved


@dataclass
class Inner(State):
    count: int = 0
    values: Array = field(default_factory=lambda: np.zeros(2))


@dataclass
class Outer(State):
    is_on: bool = False
    steps: int = 0
    best: float = math.inf
    word: str = ""
    vector: Array = field(default_factory=lambda: np.zeros((2, 3)))
    table: dict[str, Array] = field(default_factory=lambda: {"dense_1.weight": np.zeros(4)})
    inner: Inner = field(default_factory=Inner)


def filled() -> Outer:
    return Outer(
        is_on=True,
        steps=7,
        best=0.1,
        word="nan",
        vector=np.arange(6.0).reshape(2, 3),
        table={"dense_1.weight": np.array([1.0, math.inf, math.nan, -0.0])},
        inner=Inner(3, np.array([1e-320, 5.0])),
    )


def test_all_comes_back_into_the_same_objects() -> None:
    state = Outer()
    arrays = (state.vector, state.table["dense_1.weight"], state.inner, state.inner.values)
    restore(state, *saved(filled()))
    assert (state.is_on, state.steps, state.best, state.word) == (True, 7, 0.1, "nan")
    assert state.inner.count == 3
    now = (state.vector, state.table["dense_1.weight"], state.inner, state.inner.values)
    assert all(before is after for before, after in zip(arrays, now, strict=True))
    assert state.vector.tobytes() == filled().vector.tobytes()
    assert state.table["dense_1.weight"].tobytes() == filled().table["dense_1.weight"].tobytes()
    assert state.inner.values.tobytes() == filled().inner.values.tobytes()


def test_numbers_are_what_json_has_and_arrays_have_paths() -> None:
    numbers, arrays = saved(filled())
    inner = {"count": 3}
    assert numbers == {"is_on": True, "steps": 7, "best": 0.1, "word": "nan", "inner": inner}
    assert sorted(arrays) == ["inner.values", "table.dense_1.weight", "vector"]


def test_what_is_saved_are_copies() -> None:
    state = filled()
    _, arrays = saved(state)
    state.vector.fill(-1)
    assert arrays["vector"].tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan, 0.1, -0.0, 1e-320, 3.0])
def test_every_float_survives(number: float) -> None:
    state = Outer()
    restore(state, *saved(Outer(best=number)))
    assert type(state.best) is float
    assert repr(state.best) == repr(number)


def test_a_float_of_numpy_is_saved_as_a_float() -> None:
    numbers, _ = saved(Outer(best=np.float64(0.5)))
    assert type(numbers["best"]) is float
    state = Outer(best=np.float64(1.0))
    restore(state, *saved(Outer(best=2.0)))
    assert state.best == 2.0


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("best", "word", "Outer.best: expected a float, found 'word'"),
        ("best", 3, "Outer.best: expected a float, found 3"),
        ("best", True, "Outer.best: expected a float, found True"),
        ("steps", 1.0, "Outer.steps: expected a value of type int, found 1.0"),
        ("steps", True, "Outer.steps: expected a value of type int, found True"),
        ("is_on", 1, "Outer.is_on: expected a value of type bool, found 1"),
        ("word", None, "Outer.word: expected a value of type str, found None"),
        ("inner", 3, "Outer.inner: expected a table, found 3"),
        ("inner", {}, "Inner: expected count; found none"),
        ("more", 3, "Outer: expected is_on, steps, best, word, inner; found is_on"),
    ],
)
def test_numbers_of_another_kind_are_refused_and_nothing_is_changed(
    key: str, value: object, reason: str
) -> None:
    numbers, arrays = saved(filled())
    state = Outer()
    with pytest.raises(DataError, match=f"^{reason}"):
        restore(state, {**numbers, key: value}, arrays)
    assert (state.is_on, state.steps, state.word) == (False, 0, "")
    assert not state.vector.any()


@pytest.mark.parametrize(
    ("path", "array", "reason"),
    [
        ("vector", np.zeros((3, 2)), r"Outer\.vector: expected float64 \(2, 3\), found float64"),
        ("inner.values", np.zeros(2, np.float32), r"Outer\.inner\.values: .*found float32 \(2,\)"),
        (
            "table.other",
            np.zeros(4),
            r"Outer: expected the arrays vector, .*; found .*table\.other",
        ),
        ("unknown", np.zeros(1), r"Outer: expected the arrays vector, .*found .*unknown"),
    ],
)
def test_arrays_of_another_shape_dtype_or_name_are_refused(
    path: str, array: Array, reason: str
) -> None:
    numbers, arrays = saved(filled())
    state = Outer()
    with pytest.raises(DataError, match=reason):
        restore(state, numbers, {**arrays, path: array})
    assert state.steps == 0
    assert not state.vector.any()


def test_a_missing_array_is_refused() -> None:
    numbers, arrays = saved(filled())
    del arrays["vector"]
    with pytest.raises(DataError, match="expected the arrays vector, "):
        restore(Outer(), numbers, arrays)


@dataclass
class Wrong(State):
    names: list[int] = field(default_factory=lambda: [1])


@dataclass
class Mixed(State):
    table: dict[str, object] = field(default_factory=lambda: {"a": np.zeros(1), "b": 3})


@pytest.mark.parametrize("state", [Wrong(), Mixed()])
def test_what_cannot_be_saved_is_the_plugins_fault(state: State) -> None:
    with pytest.raises(PluginError, match=r"expected a bool, int, .*, found (list|dict)"):
        saved(state)


def test_a_dict_without_arrays_is_no_number() -> None:
    @dataclass
    class Empty(State):
        table: dict[str, Array] = field(default_factory=dict[str, Array])

    assert saved(Empty()) == ({}, {})
    restore(Empty(), {}, {})
