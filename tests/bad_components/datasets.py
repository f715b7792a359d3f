"""Bad datasets."""

from __future__ import annotations

from tests.bad_components.case import DATA, PLUGIN, SPEC_IS_WRONG, Case, Template

ARRAYS = """
y = np.arange(60) % 3
x = np.random.default_rng(1).normal(size=(60, 2)).astype(np.float32) + y[:, None]
x = x.astype(np.float32)
train, test = Examples(x, y), Examples(x[:30], y[:30])
"""
INFO = {
    "input_shape": "(2,)",
    "target": "ClassTarget(3)",
    "train": "60",
    "test": "30",
    "bytes_per_value": "4",
    "validation": "0",
    "vocabulary": "None",
}

dataset = Template(
    kind="dataset",
    group="layerkit.datasets",
    config="DatasetConfig",
    base="Dataset",
    place=lambda table: {"data": {**table, "validation": 12}},
    config_methods={"info": "info(self)", "build": "build(self)"},
    methods={"init": "__init__(self, config)", "load": "load(self)"},
    right={
        "info": "return DataInfo((2,), ClassTarget(3), 60, 30, 4)",
        "load": f"{ARRAYS}return Splits(train, test)",
    },
)


def loading(
    what: str,
    statements: str,
    splits: str = "Splits(train, test)",
    codes: tuple[int, ...] = (DATA, PLUGIN),
    says: str = "",
) -> Case:
    """Return the case of a dataset whose arrays are wrong, which may be for its files' sake."""
    return dataset(what, codes=codes, says=says, load=f"{ARRAYS}{statements}\nreturn {splits}")


def returning(what: str, splits: str) -> Case:
    """Return the case of a dataset that returns something else than examples."""
    return loading(what, "", splits, codes=(PLUGIN,))


def informing(what: str, *others: int, **facts: str) -> Case:
    """Return the case of a dataset that announces something else; other codes are right too."""
    arguments = ", ".join(f"{name}={value}" for name, value in {**INFO, **facts}.items())
    return dataset(
        what, found="plan", codes=(PLUGIN, *others), info=f"return DataInfo({arguments})"
    )


CASES = [
    loading("fewer_targets_than_inputs", "train = Examples(x, y[:50])"),
    loading("more_targets_than_inputs", "train = Examples(x[:50], y)"),
    loading("fewer_test_targets_than_inputs", "test = Examples(x, y[:50])"),
    loading("labels_below_zero", "train = Examples(x, y - 1)"),
    loading("labels_too_large", "train = Examples(x, y + 1)"),
    loading("test_labels_below_zero", "test = Examples(x, y - 1)"),
    loading("test_labels_too_large", "test = Examples(x, y + 1)"),
    loading("labels_as_floats", "train = Examples(x, y.astype(np.float32))"),
    loading("labels_as_objects", "train = Examples(x, y.astype(object))"),
    loading("labels_as_words", "train = Examples(x, y.astype(str))"),
    loading("labels_in_a_column", "train = Examples(x, y[:, None])"),
    loading("labels_as_a_list", "train = Examples(x, y.tolist())"),
    loading("labels_none", "train = Examples(x, None)"),
    loading("inputs_as_objects", "train = Examples(x.astype(object), y)"),
    loading("inputs_as_words", "train = Examples(x.astype(str), y)"),
    loading("inputs_complex", "train = Examples(x.astype(complex), y)"),
    loading("inputs_as_a_list", "train = Examples(x.tolist(), y)"),
    loading("inputs_none", "train = Examples(None, y)"),
    loading("inputs_of_another_shape", "train = Examples(x[:, :1], y)"),
    loading("inputs_without_axes", "train = Examples(np.float32(1), y)"),
    loading("test_inputs_of_another_shape", "test = Examples(x[:, :1], y)"),
    loading("inputs_nan", "x[7, 1] = np.nan", codes=(DATA,)),
    loading("inputs_inf", "x[7, 1] = np.inf", codes=(DATA,)),
    loading("test_inputs_nan", "test = Examples(x * np.float32('nan'), y)", codes=(DATA,)),
    loading("inputs_overflow", "train = Examples(x.astype(float) * 1e300, y)", codes=(DATA,)),
    dataset(
        "inputs_overflow_once_scaled",
        codes=(DATA, PLUGIN),
        info="return DataInfo((2,), ClassTarget(3), 60, 30, 4, scale=1e300)",
    ),
    loading("inputs_overflow_as_they_are_made", "train = Examples(x * 1e300, y)"),
    informing("info_scale_nan", scale="float('nan')"),
    informing("info_scale_none", scale="None"),
    informing("info_scale_in_words", scale="'255'"),
    informing("info_scale_of_nothing", scale="0.0"),
    informing("info_scale_as_a_truth_value", scale="True"),
    loading("weights_of_another_length", "train = Examples(x, y, weights=np.ones(7))"),
    loading("weights_nan", "train = Examples(x, y, weights=np.full(60, np.nan))"),
    loading("weights_below_zero", "train = Examples(x, y, weights=np.full(60, -1.0))"),
    loading("weights_as_a_list", "train = Examples(x, y, weights=[1.0] * 60)"),
    loading("weights_as_words", "train = Examples(x, y, weights=np.full(60, 'a'))"),
    loading("rows_that_are_no_file", "train = Examples(x, y, input_rows=x)", codes=(PLUGIN,)),
    informing("info_mapped_in_words", mapped="'yes'"),
    loading("no_train_examples", "train = Examples(x[:0], y[:0])"),
    loading("no_test_examples", "test = Examples(x[:0], y[:0])"),
    loading("no_validation_examples", "none = Examples(x[:0], y[:0])", "Splits(train, test, none)"),
    loading("fewer_examples_than_announced", "train = Examples(x[:20], y[:20])"),
    loading("fewer_test_examples_than_announced", "test = Examples(x[:20], y[:20])"),
    loading("no_test_although_announced", "", "Splits(train)"),
    loading("validation_that_was_not_announced", "", "Splits(train, test, test)"),
    returning("load_returns_none", "None"),
    returning("load_returns_a_pair", "(train, test)"),
    returning("load_returns_arrays", "(x, y)"),
    returning("load_returns_examples", "train"),
    returning("load_returns_splits_of_arrays", "Splits((x, y), (x, y))"),
    returning("load_returns_splits_without_train", "Splits(None, test)"),
    returning("load_returns_the_class", "Splits"),
    dataset("build_returns_none", found="import", build="return None"),
    dataset("info_none", found="plan", info="return None"),
    dataset("info_a_table", found="plan", info="return {'input_shape': (2,)}"),
    dataset("info_with_too_few_arguments", found="plan", info="return DataInfo((2,))"),
    informing("info_shape_a_list", input_shape="[2]"),
    informing("info_shape_a_number", input_shape="2"),
    informing("info_shape_with_a_float", input_shape="(2.0,)"),
    informing("info_shape_with_a_truth_value", input_shape="(True,)"),
    informing("info_shape_below_zero", SPEC_IS_WRONG, input_shape="(-2,)"),
    informing("info_shape_too_large", SPEC_IS_WRONG, input_shape="(10**30,)"),
    informing("info_target_none", target="None"),
    informing("info_target_a_number", target="3"),
    informing("info_no_classes", SPEC_IS_WRONG, target="ClassTarget(0)"),
    informing("info_classes_as_float", target="ClassTarget(3.0)"),
    informing("info_classes_in_words", target="ClassTarget('three')"),
    informing("info_too_few_names", target="ClassTarget(3, ('a', 'b'))"),
    informing("info_names_none", target="ClassTarget(3, None)"),
    informing("info_vector_of_nothing", SPEC_IS_WRONG, target="VectorTarget((0,))"),
    informing("info_train_below_zero", SPEC_IS_WRONG, train="-60"),
    informing("info_train_as_float", train="60.0"),
    informing("info_train_in_words", train="'many'"),
    informing("info_test_below_zero", SPEC_IS_WRONG, test="-30"),
    informing("info_validation_in_words", validation="'some'"),
    informing("info_bytes_in_words", bytes_per_value="'four'"),
    informing("info_vocabulary_in_words", vocabulary="'many'"),
    informing("info_vocabulary_of_nothing", SPEC_IS_WRONG, vocabulary="0"),
]
