"""The pytest plugin: a fixture and a marker, to test an agent against simulated users and assert on rates with intervals.

Every run of pytest imports this module: it imports nothing of ours until a test uses the fixture.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from understudy.testing.agents import Understudy

__all__ = ["pytest_addoption", "pytest_configure", "pytest_pyfunc_call", "understudy"]

_MARKER = (
    "understudy(personas, pack, tag, goals, repeats, ...): what every run of the `understudy` fixture takes when it does not say; "
    "by name, as in `understudy.run`"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where runs are kept, and by which settings they go."""
    group = parser.getgroup("understudy", "Simulated users for an agent under test")
    group.addoption("--understudy-store", metavar="DIR", help="Keep runs and baselines here. Default: a temporary folder for each test.")
    group.addoption("--understudy-config", metavar="FILE", help="Settings. Default: understudy.yaml in the root folder or above it.")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture
def understudy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Understudy:
    """Simulated users for the agent under test: `await understudy.run(agent, pack="clinic")`, or `understudy.run_sync(...)`."""
    from understudy.testing.agents import Understudy
    from understudy.wiring import settings_from

    config = request.config
    named, kept = config.getoption("--understudy-config"), config.getoption("--understudy-store")
    here = config.invocation_params.dir
    settings = settings_from(here / named if named else None, start=config.rootpath)
    store = here / kept if kept else tmp_path_factory.mktemp("understudy", numbered=True)
    return Understudy(settings=settings, store=Path(store), given=_marked(request.node))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """A test that looked at no result is red when there was too much silence in it: it must not pass by asking nothing."""
    returned = yield
    used: Any = pyfuncitem.funcargs.get("understudy")
    for result in getattr(used, "results", ()):
        pyfuncitem.user_properties.append((f"understudy {result.campaign.spec.name}", f"{result.passed} passed; {result}"))
        if not result.asserted:
            result.assert_judged()
    return returned


def _marked(item: pytest.Item) -> dict[str, Any]:
    """What the markers say, the nearest last. Raises UsageError for what has no name."""
    found: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers("understudy"))):
        if marker.args:
            raise pytest.UsageError(f"{item.nodeid}: the marker `understudy` takes names only, such as understudy(pack='clinic')")
        found.update(marker.kwargs)
    return found
