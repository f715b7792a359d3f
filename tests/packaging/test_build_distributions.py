from __future__ import annotations

import pytest
import typer

from tools.packaging.build_distributions import main, require, run


def test_a_missing_tool_is_named_with_the_way_to_get_it() -> None:
    require("pytest")
    with pytest.raises(
        SystemExit, match=r"'no-such-tool' is not installed here; install it with: .*\[release\]'"
    ):
        require("no-such-tool")


def test_a_tool_that_fails_ends_the_program_with_what_it_said() -> None:
    with pytest.raises(
        SystemExit, match=r"(?s)No module named no_such_tool.*'no_such_tool' failed"
    ):
        run("no_such_tool")


def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.packaging.build_distributions.TOOLS", ())
    with pytest.raises(typer.BadParameter, match="expected an address with https://, found 'here'"):
        main("here")
