from __future__ import annotations

import json
from importlib.metadata import EntryPoint, distributions
from pathlib import Path

import pytest

from layerkit.cli.plugins import ListedComponent, list_components, show_table
from layerkit.registry import Registry
from tests.helpers.commands import here, in_process
from tests.helpers.plugins import install
from tests.helpers.terminals import terminal


def test_built_ins_are_listed_like_any_plugin(capsys: pytest.CaptureFixture[str]) -> None:
    ran = here(capsys, "plugins", "list")
    assert ran.code == 0
    lines = [line.split() for line in ran.out.splitlines()]
    assert lines[0] == ["kind", "name", "distribution", "version", "loads", "summary"]
    assert any(line[:3] == ["layer", "dense", "layerkit"] and line[4] == "yes" for line in lines)


def test_what_does_not_load_is_listed_with_its_reason(tmp_path: Path) -> None:
    points = "[layerkit.layers]\nbroken = broken:Broken\n"
    module = "print('a plugin that talks')\nraise SystemExit(7)\n"
    install(tmp_path, "broken", points, module=module)
    ran = in_process("plugins", "list", "--json", cwd=tmp_path, extra={"PYTHONPATH": str(tmp_path)})
    assert ran.code == 0
    entries = json.loads(ran.out)
    (broken,) = [entry for entry in entries if entry["name"] == "broken"]
    assert broken == {
        "kind": "layer",
        "name": "broken",
        "type": "broken",
        "distribution": "broken",
        "version": "1.0",
        "target": "broken:Broken",
        "loads": False,
        "reason": "layer 'broken' of broken 1.0 (broken:Broken): SystemExit: 7",
        "summary": "",
    }
    (dense,) = [entry for entry in entries if entry["name"] == "dense"]
    assert (dense["distribution"], dense["loads"], dense["reason"]) == ("layerkit", True, None)
    assert "a plugin that talks" in ran.err


def test_both_sides_of_a_collision_are_listed_as_specs_name_them(tmp_path: Path) -> None:
    for distribution in ("acme", "Other_Kit"):
        points = "[layerkit.layers]\nhostile = nowhere:Hostile\ntanh = nowhere:Tanh\n"
        install(tmp_path, distribution, points)
    layerkit = next(each for each in distributions(name="layerkit"))
    found = [point for each in distributions(path=[str(tmp_path)]) for point in each.entry_points]
    registry = Registry([*found, *layerkit.entry_points])
    listed = [each for each in list_components(registry) if each.name in {"tanh", "hostile"}]
    assert sorted((each.type, each.loads) for each in listed if each.kind == "layer") == [
        ("acme:hostile", False),
        ("acme:tanh", False),
        ("other-kit:hostile", False),
        ("other-kit:tanh", False),
        ("tanh", True),
    ]
    assert [each.type for each in listed if each.has(["OTHER-KIT:tanh"])] == ["other-kit:tanh"]


def test_what_one_distribution_registers_twice_does_not_load() -> None:
    points = [
        EntryPoint("tanh", "layerkit.builtin.tanh:Tanh", "layerkit.layers"),
        EntryPoint("tanh", "elsewhere:Tanh", "layerkit.layers"),
        EntryPoint("l2", "layerkit.builtin.l2:L2", "layerkit.regularizers"),
    ]
    first, second, third = list_components(Registry(points))
    assert (first.name, second.name, third.name) == ("tanh", "tanh", "l2")
    assert (first.loads, second.loads, third.loads) == (False, False, True)
    assert "registered twice" in str(first.reason)
    assert first.reason == second.reason


def test_a_plugin_for_another_contract_is_listed_as_not_loading(tmp_path: Path) -> None:
    points = "[layerkit.contract]\n1 = layerkit.plugin\n[layerkit.layers]\nold = old:Old\n"
    install(tmp_path, "old", points, module="raise SystemExit(7)\n")
    found = distributions(path=[str(tmp_path)])
    (old,) = list_components(Registry(point for each in found for point in each.entry_points))
    assert (old.kind, old.name, old.loads) == ("layer", "old", False)
    assert "old 1.0 (old:Old): it was written for version 1 of" in str(old.reason)


def test_a_misspelt_group_is_listed_with_the_right_one() -> None:
    (stray,) = list_components(Registry([EntryPoint("swish", "swish:Swish", "layerkit.layer")]))
    assert (stray.kind, stray.name, stray.loads) == ("layerkit.layer", "swish", False)
    assert "no group 'layerkit.layer'; did you mean 'layerkit.layers'?" in str(stray.reason)


@pytest.mark.parametrize("group", ["layerkit.contract", "layerkit.kernels"])
def test_groups_of_no_component_can_be_misspelt_too(group: str) -> None:
    (stray,) = list_components(Registry([EntryPoint("2", "swish:Swish", f"{group}_")]))
    assert f"did you mean '{group}'?" in str(stray.reason)


def test_reasons_wrap_at_words_in_a_terminal() -> None:
    reason = "layer 'broken' of broken 1.0 (broken:Broken): SystemExit: 7"
    entry = ListedComponent(
        "layer", "broken", "broken", "broken", "1.0", "broken:Broken", loads=False, reason=reason
    )
    with terminal(40) as screen:
        show_table([entry])
    assert screen.lines[-3:] == [
        "",
        "layer 'broken' of broken 1.0",
        "(broken:Broken): SystemExit: 7",
    ]


def listed_component(kind: str, name: str, distribution: str, summary: str) -> ListedComponent:
    return ListedComponent(kind, name, name, distribution, "1.0", "a:B", True, None, summary)


def test_in_a_terminal_entries_are_grouped_by_kind_and_distribution() -> None:
    entries = [
        listed_component("layer", "dense", "layerkit", "Weights and a bias, as in a linear layer."),
        listed_component("layer", "gelu", "layerkit-more", "A smooth relu."),
        listed_component("layer", "tanh", "layerkit", "Hyperbolic tangent."),
        listed_component("loss", "hinge", "layerkit", "Loss of support vector machines."),
        listed_component("loss", "that_of_support_vectors", "layerkit", "The same."),
    ]
    with terminal(40) as screen:
        show_table(entries)
    assert screen.lines == [
        "layer, from layerkit 1.0 (2)",
        "  dense  Weights and a bias, as in a",
        "         linear layer.",
        "  tanh   Hyperbolic tangent.",
        "",
        "layer, from layerkit-more 1.0 (1)",
        "  gelu  A smooth relu.",
        "",
        "loss, from layerkit 1.0 (2)",
        "  hinge                 Loss of support",
        "                        vector machines.",
        "  that_of_support_vectors",
        "                        The same.",
        "",
        "5 components; words, --kind and --from",
        "list fewer; 'layerkit plugins show NAME'",
        "shows one",
    ]


@pytest.mark.parametrize("columns", [80, 120])
def test_in_a_terminal_components_take_about_two_lines_and_none_is_too_wide(columns: int) -> None:
    entries = list_components()
    with terminal(columns) as screen:
        show_table(entries)
    assert max(map(len, screen.lines)) <= columns
    assert len(screen.lines) < 2.2 * len(entries)


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> set[tuple[str, str]]:
    ran = here(capsys, "plugins", "list", "--json", *arguments)
    assert ran.code == 0
    return {(entry["kind"], entry["name"]) for entry in json.loads(ran.out)}


def test_the_list_is_filtered_by_kind_package_and_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert listed(capsys, "--kind", "constraint") == {
        ("constraint", name) for name in ("max_norm", "non_negative", "unit_norm")
    }
    assert ("gradient transform", "clip_by_norm") in listed(capsys, "--kind", "gradient_transform")
    assert listed(capsys, "--from", "layerkit-relu") == {
        ("layer", "relu"),
        ("initializer", "he_normal"),
        ("initializer", "he_uniform"),
    }
    assert listed(capsys, "--kind", "initializer", "NORMAL", "he_") == {
        ("initializer", "he_normal"),
        ("initializer", "he_uniform"),
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--kind", "laer"], "no component of kind 'laer' is installed (did you mean 'layer'?)"),
        (["--from", "layerkit-rely"], "(did you mean 'layerkit-relu'?)"),
        (["zzz"], "no component has 'zzz' in its name, kind or summary"),
    ],
)
def test_a_filter_that_leaves_nothing_is_a_wrong_call(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    ran = here(capsys, "plugins", "list", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
