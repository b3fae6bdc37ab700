"""Starts the real servers once for all tests of this folder; says loudly when it cannot."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.real.product import Ask
from tests.real.programs import missing_programs
from tests.real.world import World, running_world

pytest.register_assert_rewrite("tests.real.expected")  # so that a failure shows both answers


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """The provider out of real servers."""
    _require_servers()
    with running_world() as started:
        yield started


@pytest.fixture
def ask(world: World) -> Ask:
    """Asks the product for settings, from outside: `ask("example.cz outlook-2007")`."""
    return Ask(world)


def _require_servers() -> None:
    """Skip where this machine cannot run them. In CI a full run is expected, so there it is a failure."""
    if os.geteuid() != 0:
        pytest.skip("TESTS AGAINST REAL SERVERS LEFT OUT: only root may bind the ports of mail and DNS")
    if missing := missing_programs():
        message = f"TESTS AGAINST REAL SERVERS LEFT OUT: missing {', '.join(missing)}; run tests/install.sh real"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
