"""Pages on paper: the whole dashboard on one sheet, and a decision with the block that people sign."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from adr_app.app import create_app
from adr_app.config import load_config
from adr_app.services import demonstration
from tests.browsers import DESKTOP, serving
from tests.casts import quick_passwords
from tests.conftest import START, connected
from tests.databases import Databases

DECISIONS = Path(__file__).resolve().parents[2] / "decisions"
LEADERS = {"larkspur-dental": "priya@example.com", "ostara-software": "omar@example.com"}


@pytest.fixture(scope="module")
def log(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demonstration; paper looks the same whatever database is behind it."""
    url = databases.migrated("sqlite")
    data = tmp_path_factory.mktemp("printing")
    settings = {"ADR_DATABASE_URL": url, "ADR_DATA_DIR": str(data), "ADR_SECRET_KEY": "of a test, " * 4}
    app = create_app(load_config(settings), clock=lambda: START)
    with connected(url), quick_passwords():
        demonstration.seed(at=START, decisions=DECISIONS)
        with serving(app) as address:
            yield address
    databases.discard(url)


def opened(browser: Browser, log: str, company: str, path: str) -> Page:
    """Return a page of a company as its leader sees it."""
    page = browser.new_context(base_url=log, viewport=DESKTOP).new_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(LEADERS[company])
    page.get_by_label("Password").fill(demonstration.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Good day").wait_for()
    page.goto(f"/{company}/{path}" if path else "/")
    return page


def sheets(page: Page) -> int:
    """Return on how many sheets of paper a page is printed."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize("path", ["dashboard", ""])
@pytest.mark.parametrize("company", list(LEADERS))
def test_a_leaders_pages_are_one_sheet_each(browser: Browser, log: str, company: str, path: str) -> None:
    page = opened(browser, log, company, path)
    assert sheets(page) == 1
    page.context.close()


def test_the_dashboard_on_paper_keeps_its_numbers_and_drops_what_can_only_be_clicked(
    browser: Browser, log: str
) -> None:
    page = opened(browser, log, "larkspur-dental", "dashboard")
    page.emulate_media(media="print")
    for heading in ("Needs you", "Was security asked?", "What we decided, what we owe"):
        assert page.get_by_role("heading", name=heading).is_visible()
    assert page.get_by_role("img", name="Security input by month").is_visible()
    assert page.get_by_text("Decided last").is_visible()
    assert page.locator("button:visible, .button:visible, nav:visible, summary:visible").count() == 0
    page.context.close()


def test_a_decision_on_paper_ends_with_who_signed_it(browser: Browser, log: str) -> None:
    page = opened(browser, log, "larkspur-dental", "decisions/AD-0002")
    assert sheets(page) <= 2
    page.emulate_media(media="print")
    signed = page.locator(".sign-off")
    assert signed.is_visible()
    assert "Vera Lindqvist" in signed.inner_text() and "Sam Okafor" in signed.inner_text()
    assert not page.get_by_role("heading", name="Discussion").is_visible()
    assert page.locator("button:visible, .button:visible, nav:visible").count() == 0
    page.context.close()
