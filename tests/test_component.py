from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import new_class
from typing import Generic, Literal, TypeVar, final

import pytest
from pydantic import ValidationError

from layerkit.component import Component, Config, Kind
from layerkit.errors import PluginError


class AnimalConfig(Config):
    legs: int = 4


AnimalT_co = TypeVar("AnimalT_co", bound=AnimalConfig, covariant=True)


class Animal(Component[AnimalT_co]):
    def count(self) -> int:
        return self.config.legs


class DogConfig(AnimalConfig):
    type: Literal["dog"] = "dog"


@final
class Dog(Animal[DogConfig]):
    pass


class HenConfig(AnimalConfig):
    type: Literal["hen"] = "hen"


class OrphanConfig(AnimalConfig):
    type: Literal["orphan"] = "orphan"


def test_the_type_argument_links_config_and_class_both_ways() -> None:
    assert Dog.config_type is DogConfig
    assert Animal[AnimalConfig].class_for(DogConfig()) is Dog
    assert Animal[AnimalConfig].class_for(DogConfig(legs=3))(DogConfig(legs=3)).count() == 3


def test_a_base_in_between_passes_the_link_on() -> None:
    class Bird(Animal[AnimalT_co], Generic[AnimalT_co]):
        pass

    class Hen(Bird[HenConfig]):
        pass

    assert Bird.config_type is None
    assert Animal[AnimalConfig].class_for(HenConfig()) is Hen


def test_a_base_without_a_type_is_the_config_of_no_component() -> None:
    class Beast(Animal[AnimalConfig]):
        pass

    assert Beast.config_type is None
    assert AnimalConfig.type_name() is None


def test_a_second_class_for_one_config_is_refused() -> None:
    with pytest.raises(TypeError, match=r"DogConfig is the config of .*\.Dog already; .*Wolf"):
        new_class("Wolf", (Animal[DogConfig],))
    assert Animal[AnimalConfig].class_for(DogConfig()) is Dog


def test_a_module_that_is_reloaded_may_define_its_class_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cat_config.py").write_text(
        "from typing import Literal\n"
        "from layerkit.plugin import ActivationConfig\n"
        "class CatConfig(ActivationConfig):\n"
        "    type: Literal['cat'] = 'cat'\n"
    )
    (tmp_path / "cat.py").write_text(
        "from cat_config import CatConfig\n"
        "from layerkit.plugin import Activation\n"
        "class Cat(Activation[CatConfig]):\n"
        "    pass\n"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    module = importlib.import_module("cat")
    first = module.Cat
    second = importlib.reload(module).Cat
    assert first is not second
    assert second.config_type.__component__ is second


def test_a_config_without_a_class_says_what_to_write() -> None:
    with pytest.raises(PluginError, match=r"OrphanConfig has no component: .*Animal\[OrphanConfig"):
        Animal[AnimalConfig].class_for(OrphanConfig())


def test_a_component_of_another_kind_does_not_count() -> None:
    class Plant(Component[AnimalT_co], Generic[AnimalT_co]):
        pass

    with pytest.raises(PluginError, match="DogConfig has no component"):
        Plant[AnimalConfig].class_for(DogConfig())


def test_a_config_knows_the_name_that_specs_use() -> None:
    assert DogConfig.type_name() == "dog"


def test_a_kind_is_defined_by_its_config_base() -> None:
    assert AnimalConfig.define_kind("animal", "zoo.animals") == Kind(
        "animal", "zoo.animals", AnimalConfig
    )


def test_a_config_is_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        DogConfig().__setattr__("legs", 5)


def test_a_component_has_nothing_to_save_unless_it_says_so() -> None:
    assert Dog(DogConfig()).state() is None
