from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest
from pydantic import ValidationError

from layerkit.component import Registration
from layerkit.contracts.initializer import INITIALIZERS
from layerkit.contracts.kinds import KINDS
from layerkit.contracts.layer import LAYERS, AnyLayer, LayerConfig
from layerkit.contracts.loss import LOSSES
from layerkit.errors import PluginError
from layerkit.fields import SpecContext
from layerkit.registry import (
    ACCEPTED_CONTRACTS,
    CONTRACT_GROUP,
    CONTRACT_VERSION,
    Registry,
    installed,
)
from layerkit.strict_model import StrictModel
from tests.helpers.plugins import install

RIGHT = """
from typing import Literal, final
from layerkit.plugin import Activation, ActivationConfig

class {name}Config(ActivationConfig):
    type: Literal["{type}"] = "{type}"

@final
class {name}(Activation[{name}Config]):
    def value(self, x, out): ...
    def derivative(self, x, y, out): ...
"""


def install_layers(site: Path, distribution: str, points: str, version: str = "1.0") -> None:
    install(site, distribution, f"[layerkit.layers]\n{points}\n", version=version)


def registry_of(directory: Path) -> Registry:
    found = distributions(path=[str(directory)])
    return Registry(point for distribution in found for point in distribution.entry_points)


def python(program: str, site: Path) -> str:
    """Return what a new process prints that has the directory on its path."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\nsys.path.insert(0, {str(site)!r})\n{program}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_plugin_is_found_by_its_entry_point_and_loaded(site: Path) -> None:
    install_layers(site, "layerkit-swish", "swish = right_swish:Swish", "2.1")
    (site / "right_swish.py").write_text(RIGHT.format(name="Swish", type="swish"))
    registry = registry_of(site)
    assert registry.names(LAYERS) == ["swish"]
    assert registry.names(LOSSES) == []
    assert registry.load(LAYERS, "swish").__name__ == "SwishConfig"


def test_registrations_tell_where_each_name_comes_from(site: Path) -> None:
    install_layers(site, "layerkit-swish", "swish = swish:Swish", "2.1")
    install_layers(site, "layerkit-gelu", "gelu = gelu:Gelu")
    assert list(registry_of(site).registrations(LAYERS)) == [
        Registration("layerkit.layers", "gelu", "layerkit-gelu", "1.0", "gelu:Gelu"),
        Registration("layerkit.layers", "swish", "layerkit-swish", "2.1", "swish:Swish"),
    ]


def test_a_name_that_nothing_offers_is_a_key_error(site: Path) -> None:
    with pytest.raises(KeyError):
        registry_of(site).load(LAYERS, "swish")


def test_two_distributions_with_one_name_are_both_named(site: Path) -> None:
    install_layers(site, "layerkit-swish", "swish = right_swish:Swish\nother = other:Other", "2.1")
    install_layers(site, "swish-for-layerkit", "swish = swish:Swish")
    registry = registry_of(site)
    with pytest.raises(PluginError) as caught:
        registry.load(LAYERS, "swish")
    message = str(caught.value)
    assert "layerkit-swish 2.1" in message
    assert "swish-for-layerkit 1.0" in message
    assert "uninstall one of them" in message
    assert len(list(registry.registrations(LAYERS))) == 3


def colliding(site: Path) -> Registry:
    """Install a layer ``swish`` of two distributions, and all that Layerkit has too."""
    names = "swish = {0}:Swish\n[layerkit.initializers]\nzeros = {0}:Zeros\n"
    for distribution, name in (("Layerkit_Swish", "first"), ("other", "second")):
        module = f"colliding_{name}_{site.parent.name.replace('-', '_')}_{site.name}"
        install_layers(site, distribution, names.format(module))
        (site / f"{module}.py").write_text(RIGHT.format(name="Swish", type="swish"))
    return Registry()


def test_a_name_with_its_distribution_means_that_one(site: Path) -> None:
    registry = colliding(site)
    first = registry.load(LAYERS, "layerkit-swish:swish")
    second = registry.load(LAYERS, "other:swish")
    assert first is not second
    assert [registry.name_of(each) for each in (first, second)] == [
        "layerkit-swish:swish",
        "other:swish",
    ]
    with pytest.raises(PluginError, match="write 'layerkit-swish:swish' or 'other:swish', or un"):
        registry.load(LAYERS, "swish")
    assert registry.preferring({"other"}).load(LAYERS, "swish") is second
    assert not registry.offers(LAYERS, "Layerkit_Swish:swish")
    assert not registry.offers(LAYERS, "swish:swish")


def test_a_name_of_layerkits_means_its_own_whatever_is_installed(site: Path) -> None:
    registry = colliding(site)
    zeros = registry.load(INITIALIZERS, "zeros")
    assert zeros.__module__ == "layerkit.builtin.zeros"
    assert registry.load(INITIALIZERS, "layerkit:zeros") is zeros
    assert registry.name_of(zeros) == "zeros"
    with pytest.raises(PluginError, match=r"initializer 'zeros' of other 1\.0 .*no attribute"):
        registry.load(INITIALIZERS, "other:zeros")


def test_a_class_of_another_distribution_is_no_component_of_ones_own(site: Path) -> None:
    install_layers(site, "thief", "tanh = layerkit.builtin.tanh:Tanh\ntaken = taken_by:Taken")
    install_layers(site, "owner", "taken = taken_by:Taken")
    (site / "taken_by.py").write_text(RIGHT.format(name="Taken", type="taken"))
    registry = Registry()
    with pytest.raises(PluginError, match="expected a class of its own, found Tanh of layerkit"):
        registry.load(LAYERS, "thief:tanh")
    registry.load(LAYERS, "owner:taken")
    with pytest.raises(PluginError, match=r"class of its own, found Taken of owner 1\.0"):
        registry.load(LAYERS, "thief:taken")


def test_a_collision_troubles_no_other_name(site: Path) -> None:
    points = "swish = calm_swish:Swish\ncalm = calm:Calm"
    install_layers(site, "layerkit-swish", points)
    install_layers(site, "swish-for-layerkit", "swish = swish:Swish")
    (site / "calm.py").write_text(RIGHT.format(name="Calm", type="calm"))
    assert registry_of(site).load(LAYERS, "calm").type_name() == "calm"


@pytest.mark.parametrize(
    ("module", "source", "reason"),
    [
        ("raises", "raise RuntimeError('no GPU')", "RuntimeError: no GPU"),
        ("exits", "import sys\nsys.exit(3)", "SystemExit: 3"),
        ("misspelt", "import nunpy", "ModuleNotFoundError: No module named 'nunpy'"),
        ("unparsable", "class", "SyntaxError: "),
        ("empty", "", "AttributeError: .*no attribute 'Broken'"),
        ("number", "Broken = 3", "expected a component class, found 3"),
        ("plain", "class Broken: ...", "expected a component class, found <class"),
        (
            "loss",
            "from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropy as Broken",
            "expected a layer, whose bases name a LayerConfig",
        ),
        (
            "unfinished",
            RIGHT.format(name="Broken", type="broken").replace("def derivative", "def deriv"),
            "Broken does not define derivative",
        ),
        (
            "renamed",
            RIGHT.format(name="Broken", type="other"),
            "BrokenConfig has type 'other', but is registered as 'broken'",
        ),
        (
            "base",
            "from layerkit.plugin import Layer as Broken",
            "expected a layer, whose bases name a LayerConfig with a 'type'",
        ),
    ],
)
def test_a_broken_plugin_is_an_error_only_where_it_is_used(
    site: Path, module: str, source: str, reason: str
) -> None:
    module = f"broken_{module}"
    install_layers(site, "layerkit-broken", f"broken = {module}:Broken", "0.3")
    install_layers(site, "layerkit-fine", f"fine = fine_beside_{module}:Fine")
    (site / f"{module}.py").write_text(source)
    (site / f"fine_beside_{module}.py").write_text(RIGHT.format(name="Fine", type="fine"))
    registry = registry_of(site)
    assert registry.names(LAYERS) == ["broken", "fine"]
    assert registry.load(LAYERS, "fine").type_name() == "fine"
    where = rf"^layer 'broken' of layerkit-broken 0\.3 \({module}:Broken\): .*{reason}"
    with pytest.raises(PluginError, match=where):
        registry.load(LAYERS, "broken")


def test_an_interrupt_while_a_plugin_is_imported_is_an_interrupt(site: Path) -> None:
    install_layers(site, "layerkit-slow", "slow = interrupted_slow:Slow")
    (site / "interrupted_slow.py").write_text("raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        registry_of(site).load(LAYERS, "slow")


def test_only_what_is_asked_for_is_imported(tmp_path: Path) -> None:
    install_layers(tmp_path, "layerkit-exits", "exits = exits:Exits")
    (tmp_path / "exits.py").write_text("import sys\nsys.exit(3)")
    program = """
from layerkit.plugin import LAYERS
from layerkit.registry import installed
print(installed().load(LAYERS, "tanh").__name__, "exits" in installed().names(LAYERS))
print(*[name for name in sys.modules if name.startswith("layerkit.builtin.")])
"""
    assert python(program, tmp_path).splitlines() == ["TanhConfig True", "layerkit.builtin.tanh"]


def test_a_distribution_found_twice_on_the_path_counts_once(tmp_path: Path) -> None:
    install_layers(tmp_path / "first", "Layerkit_Twice", "twice = twice:Twice", "2.0")
    install_layers(tmp_path / "second", "layerkit.twice", "twice = twice:Twice", "1.0")
    program = f"""
sys.path[:0] = [{str(tmp_path / "first")!r}, {str(tmp_path / "second")!r}]
from layerkit.plugin import LAYERS
from layerkit.registry import installed
print(*[r.version for r in installed().registrations(LAYERS) if r.name == "twice"])
"""
    assert python(program, tmp_path) == "2.0"


def test_what_a_broken_installation_left_behind_is_passed_over(tmp_path: Path) -> None:
    install_layers(tmp_path, "layerkit-half", "half = half:Half")
    (tmp_path / "layerkit_half-1.0.dist-info" / "METADATA").unlink()
    program = """
from layerkit.plugin import LAYERS
from layerkit.registry import installed
print("half" in installed().names(LAYERS), "tanh" in installed().names(LAYERS))
"""
    assert python(program, tmp_path) == "False True"


def written_for(site: Path, *contracts: object, source: str = "raise RuntimeError") -> Registry:
    """Install a layer of a distribution that declares some contracts."""
    module = f"written_for_{'_'.join(map(str, contracts))}"
    declared = "".join(f"{each} = layerkit.plugin\n" for each in contracts)
    points = f"[{CONTRACT_GROUP}]\n{declared}[layerkit.layers]\nswish = {module}:Swish\n"
    install(site, "layerkit-swish", points, version="2.1")
    (site / f"{module}.py").write_text(source)
    return registry_of(site)


def test_the_window_of_contracts_ends_with_todays() -> None:
    oldest, newest = ACCEPTED_CONTRACTS
    assert 1 < oldest <= newest == CONTRACT_VERSION


@pytest.mark.parametrize("contracts", [(), (2,), (1, 2), (2, 3)], ids=str)
def test_a_plugin_for_todays_contract_is_loaded(site: Path, contracts: tuple[int, ...]) -> None:
    registry = written_for(site, *contracts, source=RIGHT.format(name="Swish", type="swish"))
    assert registry.load(LAYERS, "swish").type_name() == "swish"


@pytest.mark.parametrize(
    ("contracts", "reason"),
    [
        ((1,), "version 1 of .* accepts 2: install a newer layerkit-swish, or an older layerkit"),
        ((0, 1), "version 0 and 1 of .* accepts 2: install a newer layerkit-swish"),
        ((3,), "version 3 of .* accepts 2: install a newer layerkit, or an older layerkit-swish"),
        ((12,), "version 12 of .* accepts 2: install a newer layerkit"),
        (("two",), "expected the number of a contract .* such as 2; found 'two'"),
        (("-2",), "found '-2'"),
        (("2.0",), "found '2.0'"),
        (("٢",), "found '٢'"),
        (("9" * 5_000,), "found '9999"),
        ((2, "latest"), "found 'latest'"),
    ],
    ids=[
        "too old", "both too old", "too new", "far too new", "a word", "negative", "a fraction",
        "another script", "huge", "one of two",
    ],
)  # fmt: skip
def test_a_plugin_for_another_contract_is_refused_without_importing_it(
    tmp_path: Path, contracts: tuple[object, ...], reason: str
) -> None:
    points = "".join(f"{each} = layerkit.plugin\n" for each in contracts)
    layers = "[layerkit.layers]\nswish = no_such_module:Swish\n"
    install(tmp_path, "layerkit-swish", f"[{CONTRACT_GROUP}]\n{points}{layers}", version="2.1")
    where = r"^layer 'swish' of layerkit-swish 2\.1 \(no_such_module:Swish\): .*"
    registry = registry_of(tmp_path)
    assert registry.names(LAYERS) == ["swish"]
    with pytest.raises(PluginError, match=where + reason):
        registry.load(LAYERS, "swish")


def test_a_contract_is_declared_for_its_own_distribution_alone(site: Path) -> None:
    written_for(site, 1)
    install_layers(site, "layerkit-calm", "calm = calm_beside_old:Calm")
    (site / "calm_beside_old.py").write_text(RIGHT.format(name="Calm", type="calm"))
    registry = registry_of(site)
    assert registry.load(LAYERS, "calm").type_name() == "calm"
    with pytest.raises(PluginError, match="version 1"):
        registry.load(LAYERS, "swish")


def test_a_declaration_is_no_component(site: Path) -> None:
    registry = written_for(site, 2)
    assert list(registry.unmatched(KINDS)) == []
    assert [each.name for each in registry.registered_in(CONTRACT_GROUP)] == ["2"]


def test_layerkit_and_its_plugins_declare_todays_contract() -> None:
    root = Path(__file__).parents[1]
    projects = [root / "pyproject.toml", *root.glob("plugins/*/pyproject.toml")]
    for path in projects:
        points = tomllib.loads(path.read_text("utf-8"))["project"]["entry-points"]
        assert list(points[CONTRACT_GROUP]) == [str(CONTRACT_VERSION)], path


class Outer(StrictModel):
    layer: AnyLayer


def test_a_spec_is_read_with_the_registry_it_is_given(site: Path) -> None:
    install_layers(site, "layerkit-own", "own = own_layer:Own")
    (site / "own_layer.py").write_text(RIGHT.format(name="Own", type="own"))
    context = SpecContext(registry_of(site), site)
    assert Outer.model_validate({"layer": "own"}, context=context).layer.plan((7,)).output == (7,)
    with pytest.raises(ValidationError, match=r"no layer named 'tanh' .* installed: own"):
        Outer.model_validate({"layer": "tanh"}, context=context)


def test_the_installed_registry_is_read_once() -> None:
    assert installed() is installed()
    assert issubclass(installed().load(LAYERS, "dense"), LayerConfig)
