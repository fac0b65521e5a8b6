"""What services are mostly tried on: Larkspur with somebody in every role, on each engine."""

import peewee
import pytest

from adr_app.services.people import Viewer
from tests.casts import Cast, cast_of, quick_passwords
from tests.conftest import START


@pytest.fixture
def cast(database: peewee.Database) -> Cast:
    """Larkspur, founded when the tests' clock begins."""
    with quick_passwords():
        return cast_of("Larkspur", START)


@pytest.fixture
def cto(cast: Cast) -> Viewer:
    """Who decides there."""
    return cast.viewer("cto", START)


@pytest.fixture
def vciso(cast: Cast) -> Viewer:
    """Who answers for security there."""
    return cast.viewer("vciso", START)
