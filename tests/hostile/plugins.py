"""Distributions that are installed and wrong, each with its name and what must become of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

GROUP = "layerkit.layers"
GOOD_PLUGIN = '''
from typing import Literal, final
from layerkit.plugin import Activation, ActivationConfig

class BadConfig(ActivationConfig):
    """Returns its input."""

    type: Literal["bad"] = "bad"

@final
class Bad(Activation[BadConfig]):
    def value(self, x, out):
        out[...] = x

    def derivative(self, x, y, out):
        out.fill(1)
'''
"""The text of a module with nothing wrong."""


@dataclass(frozen=True, slots=True)
class PluginCase:
    """A hostile distribution.

    Attributes
    ----------
    name
        What is wrong.
    source
        Of its module; None if it has none.
    says
        What the message must say, beside whose fault it is.
    code
        The exit code of a spec that names its layer ``bad``.
    points
        The text of its ``entry_points.txt``, with ``{module}`` for the name of the module.
    metadata
        Of its ``METADATA`` all that follows the first line; None for name and version.
    target
        What messages show of the entry point's object; by default the class ``Bad``.
    version, distribution
        As messages show them; by default those in the metadata.
    written
        What a spec writes to use it.
    """

    name: str
    source: str | bytes | None = GOOD_PLUGIN
    says: str = ""
    code: int = 5
    points: str | bytes = f"[{GROUP}]\nbad = {{module}}:Bad\n"
    metadata: str | bytes | None = None
    target: str | None = None
    version: str = "0.3"
    distribution: str | None = None
    written: str = "bad"

    @property
    def module(self) -> str:
        """The name of its module."""
        return f"hostile_{self.name}"

    @property
    def whose(self) -> str:
        """What a message must say of whose fault it is."""
        distribution = self.distribution or f"hostile-{self.name}"
        target = f"{self.module}:Bad" if self.target is None else self.target
        return f"layer 'bad' of {distribution} {self.version} ({target})"

    def install(self, site: Path) -> None:
        """Write what an installer would."""
        info = site / f"{self.module}-0.3.dist-info"
        info.mkdir(parents=True)
        said = f"Name: hostile-{self.name}\nVersion: 0.3\n"
        metadata = said if self.metadata is None else self.metadata
        first = b"Metadata-Version: 2.1\n"
        (info / "METADATA").write_bytes(first + _bytes(metadata))
        points = _bytes(self.points).replace(b"{module}", self.module.encode())
        (info / "entry_points.txt").write_bytes(points)
        if self.source is not None:
            (site / f"{self.module}.py").write_bytes(_bytes(self.source))


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def plugin_cases() -> Iterator[PluginCase]:
    """Yield every case."""
    yield from _unreadable()
    yield from _raising()
    yield from _wrong_objects()
    yield from _metadata()
    yield from _entry_points()
    yield from _collisions()
    yield from _side_effects()


def _unreadable() -> Iterator[PluginCase]:
    for name, source, says in (
        ("empty", "", "no attribute 'Bad'"),
        ("unparsable", "class Bad(", "SyntaxError"),
        ("wrong_indentation", "if True:\nBad = 3", "IndentationError"),
        ("nul_in_the_source", b"Bad = 3\0", "null bytes"),
        ("not_utf_8", b"Bad = '\xff'", "SyntaxError"),
        ("of_an_unknown_encoding", "# coding: klingon\n", "SyntaxError"),
        ("of_deep_brackets", "(" * 5000, "too many nested parentheses"),
        ("of_deep_operators", "-" * 100_000 + "1", "Error"),
        ("in_python_2", "print 'hello'", "SyntaxError"),
    ):
        yield PluginCase(name, source, says)
    yield PluginCase("without_its_module", None, "No module named 'hostile_without_its_module'")


def _raising() -> Iterator[PluginCase]:
    for name, source, says in (
        ("imports_what_is_not_there", "import nunpy", "No module named 'nunpy'"),
        ("imports_a_name_not_there", "from numpy import nothing", "cannot import name"),
        ("imports_itself", "from {module} import Bad", "partially initialized module"),
        ("imports_layerkit_of_old", "from layerkit.plugin import Unit", "cannot import name"),
        ("raises", "raise RuntimeError('no GPU')", "RuntimeError: no GPU"),
        ("raises_no_text", "raise ValueError", "ValueError"),
        ("raises_much_text", "raise ValueError('x' * 10**7)", "ValueError: xxx"),
        ("raises_many_lines", "raise ValueError('x\\n' * 10**5)", "ValueError: x x"),
        ("raises_escapes", "raise ValueError('\\x1b[2J\\x07\\u202e')", "ValueError: "),
        ("raises_a_fake_error", "raise ValueError('\\nerror: all is well\\n')", "ValueError: "),
        ("raises_surrogates", "raise ValueError('\\ud800')", "ValueError: "),
        ("asserts", "assert False", "AssertionError"),
        ("exits", "import sys\nsys.exit(7)", "SystemExit: 7"),
        ("exits_as_if_fine", "raise SystemExit(0)", "SystemExit: 0"),
        ("exits_with_text", "raise SystemExit('bye')", "SystemExit: bye"),
        ("interrupts", "raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("ends_a_generator", "raise GeneratorExit", "GeneratorExit"),
        ("stops_an_iteration", "raise StopIteration", "StopIteration"),
        ("cancels", "import asyncio\nraise asyncio.CancelledError", "CancelledError"),
        ("raises_a_group", "raise ExceptionGroup('several', [ValueError(1)])", "ExceptionGroup"),
        ("recurses", "def deep():\n    deep()\ndeep()", "RecursionError"),
        ("has_no_memory", "raise MemoryError", "MemoryError"),
        ("has_no_file", "open('/nowhere/at/all')", "FileNotFoundError"),
        (
            "raises_like_layerkit",
            "from layerkit.errors import PluginError\nraise PluginError('well')",
            "well",
        ),
        (
            "raises_what_has_no_text",
            "class Odd(Exception):\n    def __str__(self): raise ValueError\nraise Odd",
            "Odd, whose text cannot be made: ValueError",
        ),
        (
            "raises_what_exits",
            "class Odd(Exception):\n    def __str__(self): raise SystemExit(0)\nraise Odd",
            "Odd, whose text cannot be made: SystemExit",
        ),
        ("raises_of_its_own", "class Rude(BaseException): ...\nraise Rude", "Rude"),
        (
            "warns_by_error",
            "import warnings\nwarnings.simplefilter('error')\nwarnings.warn('x')",
            "x",
        ),
        (
            "raises_when_asked",
            "def __getattr__(name): raise SystemExit(0)",
            "SystemExit: 0",
        ),
        ("replaces_itself", "import sys\nsys.modules[__name__] = 3", "no attribute 'Bad'"),
        ("forgets_itself", "import sys\ndel sys.modules[__name__]", "KeyError"),
        (
            "prints_and_raises",
            "import sys\nprint('{')\nprint('}', file=sys.stderr)\nraise OSError('x')",
            "OSError: x",
        ),
    ):
        yield PluginCase(name, source.replace("{module}", f"hostile_{name}"), says)


def _changed(old: str, new: str) -> str:
    if old not in GOOD_PLUGIN:
        raise ValueError(f"the plugin has no {old!r}")
    return GOOD_PLUGIN.replace(old, new)


def _wrong_objects() -> Iterator[PluginCase]:
    no_class = "expected a component class"
    no_layer = "expected a layer, whose bases name a LayerConfig"
    old = "@final\nclass Bad(Activation[BadConfig])"
    meta = f"class Meta(type(Activation)):\n    {{}}\n\n{old[:-1]}, metaclass=Meta)"
    for name, source, says in (
        ("a_number", "Bad = 3", no_class),
        ("nothing", "Bad = None", no_class),
        ("a_function", "def Bad(): ...", no_class),
        ("a_plain_class", "class Bad: ...", no_class),
        ("an_object", "class M: ...\nBad = M()", no_class),
        ("a_config", "from layerkit.plugin import ActivationConfig as Bad", no_class),
        ("a_large_object", "Bad = [0] * 10**6", no_class),
        ("badly_shown", "class M:\n    def __repr__(self): raise SystemExit\nBad = M()", no_class),
        ("falsely_typed", "class M:\n    __class__ = type\nBad = M()", ""),
        ("a_base", "from layerkit.plugin import Layer as Bad", no_layer),
        ("a_loss", "from layerkit.builtin.huber import Huber as Bad", no_layer),
        ("a_built_in", "from layerkit.builtin.tanh import Tanh as Bad", "has type 'tanh'"),
        ("of_another_name", _changed('"bad"', '"other"'), "has type 'other', but is registered as"),
        ("of_no_name", _changed('    type: Literal["bad"] = "bad"', "    pass"), no_layer),
        ("of_a_number_as_name", _changed('["bad"] = "bad"', "[3] = 3"), no_layer),
        ("unfinished", _changed("def derivative", "def deriv"), "does not define derivative"),
        ("of_other_arguments", _changed("def value(self, x, out)", "def value(self)"), "expected"),
        ("of_a_config_elsewhere", _changed("[BadConfig]", "[ActivationConfig]"), no_layer),
        ("without_a_config", _changed("Activation[BadConfig]", "Activation"), no_layer),
        ("of_untyped_options", _changed('"bad"\n', '"bad"\n    size = 3\n'), "PydanticUserError"),
        ("of_no_type", _changed('"bad"\n', '"bad"\n    size: object() = 3\n'), "Error"),
        ("of_an_unknown_type", _changed('"bad"\n', '"bad"\n    size: "Nowhere" = 3\n'), "Nowhere"),
        (
            "of_a_metaclass_that_exits",
            _changed(old, meta.format("__abstractmethods__ = property(lambda cls: exit(0))")),
            "",
        ),
        (
            "of_a_metaclass_that_lies",
            _changed(old, meta.format("config_type = property(lambda cls: 3)")),
            "",
        ),
        (
            "of_attributes_that_exit",
            _changed(old, meta.format("def __dir__(cls): raise SystemExit(0)")),
            "SystemExit: 0",
        ),
    ):
        yield PluginCase(name, source, says)


def _metadata() -> Iterator[PluginCase]:
    name = "Name: hostile-{}\n"
    yield PluginCase(
        "no_version", metadata=name.format("no_version"), says="no version",
        version="?", distribution="hostile-no_version",
    )  # fmt: skip
    yield PluginCase("no_name", metadata="Version: 0.3\n", says="no name", distribution="?")
    yield PluginCase(
        "no_name_or_version", metadata="", says="no name and version", distribution="?", version="?"
    )
    yield PluginCase(
        "binary_metadata", metadata=bytes(range(256)) * 9, says="METADATA is no UTF-8 text",
        distribution="?", version="?",
    )  # fmt: skip
    yield PluginCase(
        "latin_1_metadata",
        metadata=b"Name: hostile-latin_1_metadata\nVersion: 0.3\nAuthor: \xe9\n",
        says="METADATA is no UTF-8 text",
    )  # fmt: skip
    yield PluginCase(
        "escapes_in_the_version", "", metadata="Name: escapes\nVersion: 1\x1b[2J\x07\n",
        distribution="escapes", version="1?[2J?",
    )  # fmt: skip
    yield PluginCase(
        "version_of_100_kB", "", metadata=f"Name: long\nVersion: {'1' * 100_000}\n",
        distribution="long", version=f"{'1' * 80}...",
    )  # fmt: skip
    yield PluginCase(
        "name_on_two_lines", "", metadata="Name: two\n lines\nVersion: 0.3\n",
        distribution="two lines",
    )  # fmt: skip
    yield PluginCase(
        "megabytes_of_metadata", "",
        metadata=f"Name: mega\nVersion: 0.3\n\n{'x' * 99}\n" * 20_000, distribution="mega",
    )  # fmt: skip


def _entry_points() -> Iterator[PluginCase]:
    group = f"[{GROUP}]\n"
    contract = "[layerkit.contract]\n{} = layerkit.plugin\n"
    right = f"{group}bad = {{module}}:Bad\n"
    no_object = "expected 'module:Class' as the entry point's object"
    for name, points, target, says in (
        ("no_object", f"{group}bad =\n", "", no_object),
        ("no_sign", f"{group}bad\n", "", no_object),
        ("only_a_colon", f"{group}bad = :\n", ":", no_object),
        ("no_module", f"{group}bad = :Bad\n", ":Bad", no_object),
        ("two_colons", f"{group}bad = a:b:c\n", "a:b:c", no_object),
        ("a_call", f"{group}bad = os:system('ls')\n", "os:system('ls')", no_object),
        ("a_path", f"{group}bad = ../bad.py\n", "../bad.py", no_object),
        ("escapes", f"{group}bad = \x1b[2J\n", "?[2J", no_object),
        ("a_function", f"{group}bad = os:system\n", "os:system", "expected a component class"),
        ("a_module", f"{group}bad = {{module}}\n", None, "expected a component class"),
        ("other_lines", f"nonsense\n[[\n{right}= =\n]\n", None, ""),
        ("binary_lines", f"{right}\xff\n".encode("latin-1"), None, "entry_points.txt is no UTF-8"),
        ("twice", right + f"{group}bad = {{module}}:Worse\n", None, "registered twice"),
        ("old_contract", contract.format(1) + right, None, "version 1 of Layerkit's plugin"),
        ("new_contract", contract.format(99) + right, None, "version 99 of Layerkit's plugin"),
        ("contract_of_words", contract.format("latest") + right, None, "found 'latest'"),
        ("many_names", right + "".join(f"n{i} = n:N\n" for i in range(5000)), None, ""),
    ):
        module = f"hostile_points_{name}"
        shown = module if name == "a_module" else target
        yield PluginCase(f"points_{name}", "", says, points=points, target=shown)
    stray = "[layerkit.layer]\nbad = {module}:Bad\n"
    yield PluginCase("points_misspelt_group", "", "no layer named 'bad'", 2, stray)
    inside = f"{group}ba\x1bd = {{module}}:Bad\n{group}bad: = {{module}}:Bad\n"
    yield PluginCase("points_strange_names", "", "no layer named 'bad'", 2, inside)


def _collisions() -> Iterator[PluginCase]:
    group = f"[{GROUP}]\n"
    thief = f"{group}tanh = layerkit.builtin.tanh:Tanh\nbad = layerkit.builtin.tanh:Tanh\n"
    yield PluginCase(
        "takes_a_class", "", "has type 'tanh'", points=thief, target="layerkit.builtin.tanh:Tanh"
    )
    defaults = "".join(
        f"[layerkit.{kind}]\n" + "".join(f"{name} = {{module}}:Bad\n" for name in names)
        for kind, names in {
            "initializers": ["zeros", "ones", "uniform", "xavier_uniform"],
            "schedules": ["constant"],
            "layers": ["bad", "dense", "tanh", "flatten"],
            "losses": ["softmax_cross_entropy"],
            "optimizers": ["sgd"],
            "callbacks": ["early_stopping"],
            "datasets": ["arrays", "blobs"],
        }.items()
    )
    yield PluginCase("takes_names_of_defaults", "raise SystemExit(0)", points=defaults)


def _side_effects() -> Iterator[PluginCase]:
    for name, source in {
        "prints": "print('{\"ok\":')",
        "prints_much": "print('x' * 10**6)",
        "warns": "import warnings\nwarnings.warn('old')",
        "makes_warnings_errors": "import warnings\nwarnings.simplefilter('error')",
        "makes_numpy_raise": "import numpy as np\nnp.seterr(all='raise')",
        "seeds_numpy": "import numpy as np\nnp.random.seed(0)",
        "changes_directory": "import os\nos.chdir('/')",
        "limits_recursion": "import sys\nsys.setrecursionlimit(200)",
        "ignores_ctrl_c": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)",
        "takes_the_streams": "import sys\nsys.stdout = sys.stderr = None",
        "empties_the_path": "import sys\nsys.path.clear()",
        "sleeps": "import time\ntime.sleep(0.3)",
        "starts_a_thread": "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
        "logs_everything": "import logging\nlogging.basicConfig(level=0)",
    }.items():
        yield PluginCase(name, source + "\n" + GOOD_PLUGIN, code=0)
