"""Who plays in the browser stories, each in a window of their own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.looking import Looks
from tests.browser.players import Log, Player, founded
from tests.browsers import PHONE, PictureTaker
from tests.casts import quick_passwords


@pytest.fixture
def larkspur(app, clock) -> Iterator[Log]:
    """A company with a leader, a CTO and a vCISO who can sign in."""
    with quick_passwords():
        yield founded("Larkspur Dental", clock())


PLAYED_WHOLE = ("test_story", "test_company_without_vciso", "test_mail_scanner")
"""The stories that are looked at closely on every engine; elsewhere a page looks the same on each."""


@pytest.fixture
def player(
    visit: Callable[..., Page], picture: PictureTaker, engine: str, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Player]]:
    """Sit somebody down at a desk, or with `phone=True` hand them a small phone, with `taps` used by touch.

    They look at every page they come to: a picture of it is taken, and axe finds nothing in light and dark.
    """
    closely = engine == "sqlite" or request.module.__name__.endswith(PLAYED_WHOLE)
    looks = Looks(picture if closely else None, engine)
    players: list[Player] = []

    def seated(*, phone: bool = False, taps: bool = False, **options) -> Player:
        settings = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if phone else {}
        scripts = options.get("java_script_enabled", True)
        players.append(Player(visit(**settings | options), looks, scripts=scripts, taps=taps))
        return players[-1]

    yield seated
    for one in players:
        one.sees()
