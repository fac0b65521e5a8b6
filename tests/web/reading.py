"""Reading a page as a person does: its parts by their headings, and its words in the order they are read."""

import re
from html import unescape

from flask.testing import FlaskClient


def words(html: str) -> str:
    """Return what a piece of a page says, on one line, what only a screen reader says left out."""
    said = re.sub(r'<span class="visually-hidden">.*?</span>', "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", said)).split())


def links(html: str) -> dict[str, str]:
    """Return the addresses of a piece of a page by the words that lead there."""
    found = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>(.*?)</a>', html, flags=re.DOTALL)
    return {words(inner): unescape(href) for href, inner in found}


def section(page: str, title: str) -> str:
    """Return the part of a page under a heading of the second rank."""
    parts = re.split(r"(?=<h2)", page)
    return next(part for part in parts[1:] if words(part.split("</h2>")[0]).startswith(title))


def count(part: str) -> int:
    """Return the number behind a section's heading."""
    found = re.search(r'<span class="count">([0-9]+)</span>', part)
    assert found is not None
    return int(found[1])


def rows(part: str) -> list[str]:
    """Return what each row of a section says, with the act at its end."""
    return [words(row.partition("</li>")[0]) for row in part.split('<li class="need">')[1:]]


def stat(page: str, label: str) -> str:
    """Return the part of a page that shows the number with this label."""
    parts = re.split(r'<div class="stat(?: stat-alert)?">', page)
    return next(part for part in parts[1:] if f">{label}</p>" in part)


def value(part: str) -> str:
    """Return the number of a part that `stat` found."""
    found = re.search(r'<p class="stat-value">([^<]*)', part)
    assert found is not None
    return found[1].strip()


def listed(client: FlaskClient, href: str) -> int:
    """Return how many decisions the list at an address shows."""
    answer = client.get(href)
    assert answer.status_code == 200
    return answer.text.count('<th scope="row" class="wide">')
