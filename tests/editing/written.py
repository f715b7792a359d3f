"""Documents as people write them: any layout that TOML and JSON allow, with comments."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

KEYS = ("a", "b-1", '"c d"', "'e.f'", '"\\u00fc"', "layers", '"#"', '""', "x" * 60)
SCALARS = (
    "1",
    "-0.0",
    "1_000",
    "0xff",
    "1e-3",
    "inf",
    "-nan",
    "true",
    "1979-05-27 07:32:00",
    "07:32:00",
    "'# no comment'",
    '"tab\\t [{\\"}]"',
    '"""two\n  lines \\\n   "quoted" """',
    "'''\n it's # [ \n'''",
    f'"{"long " * 20}"',
)
COMMENTS = ("#", '# a comment, [with] = "signs"  ', "#:schema ./spec.json", "#\tü", f"#{'-' * 99}")
TEXTS = ("", "a", "b", "ü", 'say "\\" it', "tab\t\n", "{[,:", "x" * 70)


class Writer:
    """Writes documents at random."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def toml(self) -> str:
        """Return a TOML document."""
        text = self._between() + self._pairs(4)
        for number in range(self._random.randrange(5)):
            header = self._random.choice(
                [
                    f"[{self._space()}t{number}{self._space()}]",
                    f"[[{self._space()}list{self._space()}]]",
                    f"[t{number}{self._space()}.{self._space()}'in side']",
                    f"[[t{number}.{self._space()}more]]",
                ]
            )
            text += f"{self._space()}{header}{self._line_end()}\n{self._between()}{self._pairs(3)}"
        text = text.rstrip("\n") if self._random.random() < 0.3 else text
        return text.replace("\n", "\r\n") if self._random.random() < 0.3 else text

    def json(self) -> str:
        """Return a JSON document."""
        dumps: Callable[..., str] = json.dumps
        return dumps(
            {text: self._json_value(4) for text in self._some(TEXTS, 5)},
            indent=self._random.choice([None, 0, 1, 7]),
            separators=self._random.choice([(",", ":"), (" ,\n", "\t: ")]),
            ensure_ascii=self._random.random() < 0.5,
        )

    def _some(self, choices: tuple[str, ...], most: int) -> list[str]:
        return self._random.sample(choices, self._random.randrange(most + 1))

    def _space(self) -> str:
        return self._random.choice(["", "", " ", "\t", "   "])

    def _break(self) -> str:
        """Return what may stand between two parts of a list."""
        comment = f" {self._random.choice(COMMENTS)}\n"
        return self._random.choice([self._space(), self._space(), "\n", "\n\n\n  ", comment])

    def _line_end(self) -> str:
        comment = f"  {self._random.choice(COMMENTS)}"
        return self._random.choice([self._space(), comment])

    def _between(self) -> str:
        return self._random.choice(["", "", "\n", " \n\t\n\n", "# own line\n", "  # a\n\n# b\n"])

    def _pairs(self, most: int) -> str:
        return "".join(
            f"{self._pair(key, 3)}{self._line_end()}\n{self._between()}"
            for key in self._some(KEYS, most)
        )

    def _pair(self, key: str, depth: int) -> str:
        dotted = f"{self._space()}.{self._space()}below" if self._random.random() < 0.3 else ""
        key = f"{self._space()}{key}{dotted}{self._space()}"
        return f"{key}={self._space()}{self._value(depth)}{self._space()}"

    def _value(self, depth: int) -> str:
        kind = self._random.random()
        if depth and kind < 0.3:
            return self._list([self._value(depth - 1) for _ in range(self._random.randrange(5))])
        if depth and kind < 0.45:
            pairs = ",".join(self._pair(key, depth - 1) for key in self._some(KEYS, 3))
            return f"{{{self._space()}{pairs}{self._space()}}}"
        if kind < 0.5:
            count = self._random.choice([1, 30, 90])
            return f"[{', '.join(str(number * 7919 % 1000 / 8) for number in range(count))}]"
        return self._random.choice(SCALARS)

    def _list(self, values: list[str]) -> str:
        text = "["
        for number, value in enumerate(values):
            text += self._break() + value + self._break()
            if number < len(values) - 1 or self._random.random() < 0.5:
                text += ","
        return text + self._break() + "]"

    def _json_value(self, depth: int) -> object:
        kind = self._random.random()
        if depth and kind < 0.3:
            return [self._json_value(depth - 1) for _ in range(self._random.randrange(5))]
        if depth and kind < 0.5:
            return {text: self._json_value(depth - 1) for text in self._some(TEXTS, 4)}
        if kind < 0.55:
            return [*range(self._random.randrange(60))]
        plain: list[object] = [None, True, 0, -(10**12), 1e-3, -0.0, *TEXTS]
        return self._random.choice(plain)
