"""The people of the browser stories: they read, type and press as people do, by the words on the page."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Frame, Locator, Page, expect

from adr_app.models.people import Company, Person
from adr_app.services import companies, engagements, people
from tests.browser.looking import Looks
from tests.casts import PASSWORD, somebody

LEADS_ON = "e => !!e.closest('a[href], form button:not([type=button])')"
"""Tells in the browser whether what somebody touches leads to another page."""

NARROW = 500
"""Below this width a window is a phone's, and the company's pages are behind its menu."""

YEARS_AGO = datetime(2024, 11, 26, 9, 0, tzinfo=UTC)
"""Where a story begins that runs a command: commands read the clock of the machine, and nobody goes back."""


@dataclass
class Log:
    """A company's log: where it is, and who works in it."""

    company: Company
    sam: Person
    priya: Person
    vera: Person | None = None

    @property
    def path(self) -> str:
        """Return where the company's pages begin."""
        return f"/{self.company.slug}"


def founded(name: str, at: datetime, *, vciso: bool = True) -> Log:
    """Found a company led by Priya with Sam as CTO, and Vera as vCISO unless told otherwise."""
    priya = somebody("priya@example.com", at, "Priya Nair")
    made = companies.found(name, at=at, first=priya, roles=["leader"], zone="Europe/Berlin")
    leader = people.viewer(priya, made.slug, at)
    log = Log(made, somebody("sam@example.com", at, "Sam Okafor"), priya)
    engagements.appoint(leader, role="cto", email=log.sam.email, at=at)
    if vciso:
        log.vera = somebody("vera@example.com", at, "Vera Lindqvist")
        engagements.appoint(leader, role="vciso", email=log.vera.email, at=at)
    return log


class Player:
    """Somebody in front of a page. Every word they look for is one that the page shows.

    Whatever page they come to is looked at before they do anything on it.
    """

    def __init__(self, page: Page, looks: Looks, *, scripts: bool = True, taps: bool = False) -> None:
        self.page = page
        self.taps = taps
        self.scripts = scripts
        self.main = page.get_by_role("main")
        self._looks = looks
        self._unseen = False
        self.pages = 0
        page.on("framenavigated", self._arrives)

    def _arrives(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self._unseen = True
            self.pages += 1

    def sees(self) -> None:
        """Look at the page they came to, if they have not yet."""
        if self._unseen:
            self.page.wait_for_load_state()
            self._unseen = False
            self._looks.at(self.page, scripts=self.scripts)

    def looks(self, name: str) -> None:
        """Look again at a page that looks otherwise by now: something was opened or filled."""
        self.sees()
        self._looks.at(self.page, name, scripts=self.scripts)

    def comes_in(self, person: Person, to: str = "/") -> "Player":
        """Open an address signed out, sign in and arrive there."""
        self.goes_to(to)
        self.types("E-mail", person.email)
        self.types("Password", PASSWORD)
        self.presses("Sign in")
        return self

    def goes_to(self, path: str) -> "Player":
        """Open a page by its address."""
        self.page.goto(path)
        self.sees()
        return self

    def types(self, label: str, text: str, within: Locator | None = None) -> None:
        """Fill the field whose label begins with these words."""
        fields = (within or self.page).get_by_label(re.compile("^" + re.escape(label)))
        fields.and_(self.page.locator("input, textarea")).filter(visible=True).fill(text)

    def chooses(self, label: str, within: Locator | None = None) -> None:
        """Tick a box or take one of several choices."""
        (within or self.page).get_by_label(label, exact=True).check()

    def answers(self, question: str, key: str) -> None:
        """Answer a question that has keys."""
        self.page.get_by_role("group", name=question).get_by_label(key, exact=True).check()

    def clicks(self, what: Locator) -> None:
        """Click on something, on a phone tap it, and look at the page it leads to."""
        self.sees()
        self._touches(what)
        self.sees()

    def _touches(self, what: Locator) -> None:
        if not self.taps:
            what.click()
            return
        # Unlike a click, a tap is over before the page that it leads to has come.
        if what.evaluate(LEADS_ON):
            with self.page.expect_navigation():
                what.tap()
        else:
            what.tap()

    def presses_what_begins(self, words: str) -> None:
        """Press the button whose words begin so; what follows says of which of several things it is."""
        self.clicks(self.page.get_by_role("button", name=re.compile("^" + re.escape(words))))

    def presses(self, words: str) -> None:
        """Press the button with these words."""
        self.clicks(self.page.get_by_role("button", name=words, exact=True))

    def follows(self, words: str) -> None:
        """Follow the first link with these words."""
        self.clicks(self.page.get_by_role("link", name=words, exact=True).first)

    def turns_to(self, words: str) -> None:
        """Go to another of the company's pages by the navigation: behind a menu on a phone."""
        bar = self.page.get_by_role("navigation", name="Main")
        if self.page.viewport_size["width"] < NARROW:
            bar.get_by_text("Menu", exact=True).click()
        self.clicks(bar.get_by_role("link", name=words, exact=True))

    def opens(self, words: str) -> None:
        """Open what is folded away behind these words."""
        self._touches(self.page.locator("summary").filter(has_text=words).first)

    def reads(self, *words: str) -> None:
        """Find these words on the page, where somebody can see them."""
        for one in words:
            expect(self.main.get_by_text(one).filter(visible=True).first).to_be_visible()

    def stands(self, mark: str, *facts: str) -> None:
        """Find what a decision's page says in answer to whether security was asked."""
        box = self.main.locator(".standing").filter(has_text="Was security asked?")
        for one in (mark, *facts):
            expect(box).to_contain_text(one, ignore_case=True)

    def misses(self, *words: str) -> None:
        """Find none of these words on the page."""
        for one in words:
            expect(self.main.get_by_text(one)).to_have_count(0)

    def row(self, words: str) -> Locator:
        """Return the line of a list that speaks of something."""
        return self.main.get_by_role("row").filter(has_text=words)


def adr_app(settings: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line on the database of this test, as an operator would."""
    command = [sys.executable, "-m", "adr_app", *arguments]
    return subprocess.run(
        command, env=settings | {"PATH": os.defpath}, capture_output=True, text=True, timeout=60, check=False
    )


def reported(settings: dict[str, str], *arguments: str) -> Any:
    """Run a command that must not fail and return what it reports."""
    ended = adr_app(settings, *arguments, "--json")
    assert ended.returncode == 0, (arguments, ended.stdout, ended.stderr)
    return json.loads(ended.stdout)
