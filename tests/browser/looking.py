"""What a story's people look at: every page they come to, once in each state and at each width."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.browsers import assert_accessible

_SKELETON = """() => [...new Set([...document.querySelectorAll("body, body *")].map((element) => {
  const way = [];
  for (let one = element; one !== document.documentElement; one = one.parentElement) {
    way.unshift([one.localName, one.type, one.open && "open", ...one.classList].filter(Boolean).join("."));
  }
  return way.join(">");
}))].sort().join("\\n")"""
"""The elements of a page and where they are in it, without their words and however often each occurs."""


_found_well: set[tuple[str, int, str]] = set()
"""The pages that axe found nothing on, in any story of this process: by engine, width and elements."""


class Looks:
    """The pages that one story has looked at; without `picture` it only sees whether they fit."""

    def __init__(self, picture: Callable[[Page, str], Path] | None, engine: str) -> None:
        self.picture, self.engine = picture, engine
        self.taken = 0
        self._seen: set[tuple[int, str]] = set()

    def at(self, page: Page, name: str = "", *, scripts: bool = True) -> None:
        """Look at a whole page: nothing cut off at the side, a picture, nothing for axe to find.

        A page of the same elements was looked at already: other words in it make no other page. Axe is a
        script, so in a window without scripts it cannot run.
        """
        assert_fits(page)
        if self.picture is None:
            return
        like = page.viewport_size["width"], page.evaluate(_SKELETON)
        if like in self._seen:
            return
        self._seen.add(like)
        self.taken += 1
        self.picture(page, f"{self.taken:02}-{name or _words(page.title())}")
        if scripts and (self.engine, *like) not in _found_well:
            assert_accessible(page)
            _found_well.add((self.engine, *like))


def assert_fits(page: Page) -> None:
    """Check that a page is not wider than its window."""
    wide = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll("body *")]
          .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
          .slice(0, 5).map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert not wide, f"{page.url} is wider than its window: {wide}"


def _words(title: str) -> str:
    """Return a page's title as it can stand in the name of a file."""
    return re.sub(r"\W+", "-", title.rpartition(" – ")[0] or title).strip("-")[:40].rstrip("-")
