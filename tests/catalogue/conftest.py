"""The built-in catalogue, read once, and a matcher over it."""

from __future__ import annotations

import pytest

from bot.catalogue.match import Matcher
from bot.catalogue.model import Catalogue
from bot.catalogue.reader import load_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def matcher(catalogue: Catalogue) -> Matcher:
    return Matcher(catalogue)
