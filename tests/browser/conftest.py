"""Who plays in the browser stories, each in a window of their own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.players import Log, Player, founded
from tests.browsers import PHONE, PictureTaker
from tests.casts import quick_passwords


@pytest.fixture
def larkspur(app, clock) -> Iterator[Log]:
    """A company with a leader, a CTO and a vCISO who can sign in."""
    with quick_passwords():
        yield founded("Larkspur Dental", clock())


@pytest.fixture
def player(
    visit: Callable[..., Page], picture: PictureTaker, engine: str, request: pytest.FixtureRequest
) -> Callable[..., Player]:
    """Sit somebody down at a desk, or with `phone=True` hand them a small phone.

    A page looks the same on every database: only the story of the whole product looks closely on both.
    """
    closely = engine == "sqlite" or request.module.__name__.endswith("test_story")

    def seated(*, phone: bool = False, **options) -> Player:
        settings = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if phone else {}
        return Player(visit(**settings | options), picture if closely else None)

    return seated
