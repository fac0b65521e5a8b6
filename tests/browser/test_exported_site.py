"""The exported website is opened from disk, without a server, on a desk, on a phone and in the dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from adr_app.models.base import database
from adr_app.services import decisions, drafts, exports, links, reviews
from tests.browsers import PHONE, PictureTaker, Visitor, assert_accessible
from tests.casts import cast_of, quick_passwords
from tests.conftest import START, connected
from tests.databases import Databases

TYPED = {
    "title": "Keep patient records in one region",
    "plain_words": "All records stay in **one** data centre region.",
    "context": "Clinics asked where their records are.\n\n| Region | Cost |\n| --- | --- |\n| North | 10 |",
    "options": [
        {"title": "One region", "pros": "- Simple to explain", "cons": "", "chosen": True},
        {"title": "Follow the clinic", "pros": "", "cons": "Four set-ups"},
    ],
    "decision": "We store records in one region.\n\n```python\nprint('one')\n```",
    "consequences": "A region that is down costs us a day.",
    "decided_by": ["Sam"],
}


@pytest.fixture
def site(databases: Databases, tmp_path: Path) -> Iterator[Path]:
    """A website of three decisions, two of which replace each other."""
    url = databases.migrated("sqlite")
    with connected(url), quick_passwords():
        cast = cast_of("Larkspur", START)
        cto, vciso = cast.viewer("cto", START), cast.viewer("vciso", START)
        for title in (TYPED["title"], "Keep patient records in two regions"):
            number = drafts.draft(cto, {**TYPED, "title": title}, at=START).number
            if number > 1:
                links.link(cto, number, 1, "supersedes", at=START)
            reviews.ask(cto, number, at=START)
            reviews.answer(vciso, number, "approve", base=1, text="Right place.", at=START)
            decisions.accept(cto, number, base=1, at=START)
        drafts.draft(cto, {"title": "A word that is very long: " + "Donaudampfschiff" * 6}, at=START)
        exports.run(cto, tmp_path / "site", code="site", at=START)
        database.close()
    databases.discard(url)
    yield tmp_path / "site"


@pytest.fixture
def opened(browser: Browser) -> Iterator[list[Visitor]]:
    """Windows that no server answers."""
    visitors: list[Visitor] = []
    yield visitors
    for visitor in visitors:
        visitor.context.close()


def window(browser: Browser, visitors: list[Visitor], **options: object) -> Page:
    visitors.append(Visitor(browser.new_context(**options)))  # type: ignore[arg-type]
    return visitors[-1].page


def test_the_website_is_read_from_disk(
    site: Path, browser: Browser, opened: list[Visitor], picture: PictureTaker
) -> None:
    page = window(browser, opened, viewport={"width": 1440, "height": 900})
    page.goto((site / "index.html").as_uri())
    assert page.locator("h1").inner_text() == "Decisions"
    assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none", "its stylesheet is beside it"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, "list")
    page.get_by_role("link", name=TYPED["title"], exact=True).click()
    assert page.locator("h1").inner_text() == TYPED["title"]
    assert "Checked" in page.locator(".security").inner_text()
    picture(page, "decision")
    page.get_by_role("link", name="AD-0002").first.click()
    assert page.locator("h1").inner_text() == "Keep patient records in two regions"
    page.get_by_role("link", name="All decisions").click()
    assert page.locator("tbody tr").count() == 3
    assert opened[0].complaints == []
    for name in ("index.html", "decisions/AD-0001.html", "decisions/AD-0003.html"):
        page.goto((site / name).as_uri())
        assert_accessible(page)  # last: it asks for what the pages' own policy forbids


def test_it_is_read_on_a_phone_and_in_the_dark(
    site: Path, browser: Browser, opened: list[Visitor], picture: PictureTaker
) -> None:
    page = window(browser, opened, viewport=PHONE, color_scheme="dark", has_touch=True, is_mobile=True)
    for name in ("index.html", "decisions/AD-0001.html", "decisions/AD-0003.html"):
        page.goto((site / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        picture(page, Path(name).stem)
    assert opened[0].complaints == []
