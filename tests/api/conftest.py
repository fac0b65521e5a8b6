"""What programs are tried on: Larkspur with somebody in every role."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.casts import Cast, cast_of, quick_passwords
from tests.conftest import START


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    """Larkspur, founded when the tests' clock begins."""
    with quick_passwords():
        yield cast_of("Larkspur", START)
