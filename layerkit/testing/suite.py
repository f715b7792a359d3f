"""`suite`: every check of every component of a distribution, as a pytest case of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from layerkit.component import Config, Kind, Registration, normalized_name
from layerkit.contracts.kinds import KINDS
from layerkit.errors import PluginError
from layerkit.pytest_plugin import CHECKED
from layerkit.registry import Registry, installed
from layerkit.testing.case import Case, Check
from layerkit.testing.found_cases import NoCaseError, found_cases

NO_CASE = "has_a_case"
"""The check that fails where nothing is known on which a component can be checked."""


@dataclass(frozen=True, slots=True)
class ComponentCheck:
    """A check of one component of a distribution.

    Attributes
    ----------
    kind, component
        Such as ``layer`` and ``relu``.
    what
        Where it is checked: ``layer 'relu' on (6,)``.
    check
        The check.
    """

    kind: str
    component: str
    what: str
    check: Check


def suite(
    distribution: str,
    *,
    checks: int,
    cases: Iterable[Case] = (),
    expected_failures: Mapping[str, str] | None = None,
) -> Callable[[ComponentCheck, Callable[[str, object], None]], None]:
    """Return a test of all components that a distribution registers, one pytest case per check.

    In a file of tests: ``test_components = suite("layerkit-relu", checks=84)``.

    Parameters
    ----------
    distribution
        Its name on PyPI. It must be installed.
    checks
        How many checks there are. One case of the suite compares it: a kit that runs fewer checks
        than it did must not stay green.
    cases
        With what options, and on what, components are checked; see `layerkit.testing.cases`. A
        component without one is checked with the options of its example (``layerkit plugins show``)
        on shapes that it accepts.
    expected_failures
        Why a check fails, by ``"component:check"``; such a check must fail. For known bugs.
    """
    import pytest

    reasons = dict(expected_failures or {})
    found = [*component_checks(distribution, cases)]
    counted = Check("number_of_checks", lambda: _compare_number(checks, len(found)))
    unknown = [key for key in reasons if all(key != _key(each) for each in found)]
    known = Check("expected_failures", lambda: _no_unknown(unknown))
    parameters = [
        pytest.param(
            each,
            id=f"{each.what}: {each.check.name}",
            marks=[pytest.mark.xfail(reason=reasons[_key(each)], strict=True)]
            if _key(each) in reasons
            else [],
        )
        for each in found
    ]
    parameters += [
        pytest.param(ComponentCheck("suite", distribution, distribution, each), id=each.name)
        for each in (counted, known)
    ]

    @pytest.mark.parametrize("checked", parameters)
    def test_components(
        checked: ComponentCheck, record_property: Callable[[str, object], None]
    ) -> None:
        if checked.kind != "suite":
            record_property(CHECKED, f"{distribution}\n{checked.kind} {checked.component}")
        checked.check.run()

    return test_components


def component_checks(
    distribution: str, cases: Iterable[Case] = (), registry: Registry | None = None
) -> Iterator[ComponentCheck]:
    """Yield all checks of all components of a distribution; see `suite`.

    A component without a case has one check, ``has_a_case``, which fails; so does ``loads`` of one
    that does not load, and ``installed`` of a distribution that has none.
    """
    registry = registry or installed()
    given = [*cases]
    found = [*_registered(distribution, registry)]
    strangers = given
    for kind, each in found:
        own = [case for case in given if _is_of(case, kind, each.name)]
        strangers = [case for case in strangers if case not in own]
        yield from checks_of_component(kind, registry.spelling(each), registry, own)
    for case in strangers:
        reason = f"{case.what}: expected a component of {distribution}"
        yield _failing("suite", case.component, "is_of_the_distribution", reason)
    if not found:
        reason = (
            f"expected '{distribution}' to be installed and to register components: "
            "pip install --editable ."
        )
        yield _failing("suite", distribution, "installed", reason)


def checks_of_component(
    kind: Kind[Config], name: str, registry: Registry, cases: Iterable[Case] = ()
) -> Iterator[ComponentCheck]:
    """Yield the checks of one component, on these cases, or else on those that are found."""
    try:
        chosen = [*cases] or found_cases(kind, name, registry)
    except NoCaseError as error:
        reason = f"{error}; pass one: cases=[cases.{kind.noun.replace(' ', '_')}(...)]"
        yield _failing(kind.noun, name, NO_CASE, reason)
        return
    except PluginError as error:
        yield _failing(kind.noun, name, "loads", str(error))
        return
    for case in chosen:
        for check in case.checks:
            yield ComponentCheck(kind.noun, name, case.what, check)


def is_distribution(name: str, registry: Registry) -> bool:
    """Tell whether a distribution of that name registers a component."""
    return any(True for _ in _registered(name, registry))


def _registered(
    distribution: str, registry: Registry
) -> Iterator[tuple[Kind[Config], Registration]]:
    wanted = normalized_name(distribution)
    for kind in KINDS:
        for each in registry.registrations(kind):
            if each.normalized == wanted:
                yield kind, each


def _is_of(case: Case, kind: Kind[Config], name: str) -> bool:
    return isinstance(case.config, kind.config) and case.component == name


def _key(each: ComponentCheck) -> str:
    return f"{each.component}:{each.check.name}"


def _failing(kind: str, component: str, check: str, reason: str) -> ComponentCheck:
    def fail() -> None:
        raise AssertionError(f"{check}: {kind} '{component}': {reason}")

    return ComponentCheck(kind, component, f"{kind} '{component}'", Check(check, fail))


def _compare_number(expected: int, found: int) -> None:
    if found != expected:
        raise AssertionError(
            f"number_of_checks: expected {expected}, found {found}; if that is as it should be, "
            f"write checks={found}"
        )


def _no_unknown(keys: Iterable[str]) -> None:
    for key in keys:
        raise AssertionError(
            f"expected_failures: expected 'component:check', found {key!r}, which is none of them"
        )
