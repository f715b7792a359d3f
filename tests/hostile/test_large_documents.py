from __future__ import annotations

import time

import pytest

from layerkit.editing.formatting import formatted
from layerkit.fields import MAX_ENTRIES
from layerkit.spec.diagnostics import SpecError
from layerkit.spec.loading import parse_spec
from layerkit.spec.parsing import MAX_BYTES
from tests.helpers.specs import problems

LARGE = {
    "numbers": f"a = [{'1,' * 100_000}]",
    "numbers in lists in lists": f"a = {'[' * 30}{'1,' * 100_000}{']' * 30}",
    "lists in lists": "a = [" + f"{'[' * 25}1{']' * 25}," * 4900 + "]",
    "comments": "a = [" + "1, # x\n" * 30_000 + "]",
    "tables in braces": f"a = [{'{x={y={z=[1]}}},' * 14_000}]",
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE.keys())
def test_a_large_document_is_refused_in_a_moment_if_it_would_become_too_large(text: str) -> None:
    start = time.process_time()
    with pytest.raises(SpecError, match="at most 256 KiB, found that it would become larger"):
        formatted(text, "toml")
    assert time.process_time() - start < 4  # most often below 1


@pytest.mark.parametrize("entry", ["1,", "{},", '"a",', '{"type":"dense"},', '"dense",'])
def test_a_hundred_thousand_bad_layers_are_told_in_a_second(entry: str) -> None:
    layers = entry * ((MAX_BYTES - 100) // len(entry))
    start = time.process_time()
    with pytest.raises(SpecError) as caught:
        parse_spec(f'{{"layers":[{layers}1]}}', "json")
    assert len(str(caught.value)) < 50_000
    assert time.process_time() - start < 5


def test_thousands_of_unknown_keys_are_told_in_a_second() -> None:
    keys = "\n".join(f"k{number} = 1" for number in range(20_000))
    start = time.process_time()
    with pytest.raises(SpecError) as caught:
        parse_spec(keys)
    assert str(caught.value).endswith("and 19983 more problems")
    assert time.process_time() - start < 5


@pytest.mark.parametrize("key", ["layers", "regularizers", "metrics", "callbacks"])
def test_a_list_is_no_longer_than_can_be_told_about(key: str) -> None:
    entries = ", ".join(["3"] * (MAX_ENTRIES + 1))
    assert problems(f"{key}=[{entries}]") == [f"{key}: expected at most 4096, found 4097"]
    entries = ", ".join(["3"] * MAX_ENTRIES)
    assert len(problems(f"{key}=[{entries}]")) == MAX_ENTRIES
