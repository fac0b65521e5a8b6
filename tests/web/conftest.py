"""What pages are mostly tried on: Larkspur with somebody in every role, and its CTO's browser."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.casts import Cast, cast_of, quick_passwords, sign_in
from tests.conftest import START


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    """Larkspur, founded when the tests' clock begins."""
    with quick_passwords():
        yield cast_of("Larkspur", START)


@pytest.fixture
def sam(app: Flask, cast: Cast) -> FlaskClient:
    """The CTO's browser."""
    return sign_in(app.test_client(), cast.cto)
