"""Addresses that differ by a company or a decision alone: one is made, the others are filled in.

Making an address takes as long as the rest of a row.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from flask import Flask, g, url_for
from markupsafe import Markup, escape

from adr_app.domain.decisions import reference

_SLUG, _NUMBER = "-here-", 0
KEPT = 256
"""How many menus are kept: one for each list of companies that somebody looks after, and each page."""


def page_of(endpoint: str, slug: str, number: int, anchor: str | None = None) -> str:
    """Return the address of a page of one decision, as `url_for` makes it."""
    made: dict[object, tuple[str, str, str]] = g.setdefault("addresses", {})
    if endpoint not in made:
        before, _, rest = url_for(endpoint, slug=_SLUG, number=_NUMBER).partition(_SLUG)
        between, _, after = rest.partition(reference(_NUMBER))
        made[endpoint] = (before, between, after)
    before, between, after = made[endpoint]
    return f"{before}{slug}{between}{reference(number)}{after}{f'#{anchor}' if anchor else ''}"


def company_page(endpoint: str, slug: str, **query: str) -> str:
    """Return the address of a page of one company, as `url_for` makes it."""
    made: dict[object, tuple[str, str, str]] = g.setdefault("addresses", {})
    key = (endpoint, *query.items())
    if key not in made:
        made[key] = url_for(endpoint, slug=_SLUG, **query).partition(_SLUG)  # type: ignore[arg-type]
    before, _, after = made[key]
    return f"{before}{slug}{after}"


def company_links(companies: Iterable[Any], endpoint: str, here: str = "") -> Markup:
    """Return links to a page of each of some companies, by their names; `here` is the slug of this one's.

    On every page of somebody who looks after fifty companies, so it is put together by hand and kept by what
    stands in it.
    """
    before, _, after = url_for(endpoint, slug=_SLUG).partition(_SLUG)
    return _links(before, after, tuple((one.slug, one.name) for one in companies), here)


@lru_cache(maxsize=KEPT)
def _links(before: str, after: str, companies: tuple[tuple[str, str], ...], here: str) -> Markup:
    current = ' aria-current="true"'
    return Markup(  # noqa: S704 - every part is escaped
        "\n    ".join(
            f'<a href="{escape(before)}{escape(slug)}{escape(after)}"{current if slug == here else ""}>'
            f"{escape(name)}</a>"
            for slug, name in companies
        )
    )


def company_options(companies: Iterable[tuple[str, str]], chosen: str = "") -> Markup:
    """Return the options of a choice among companies, `(slug, name)`, as a form writes them."""
    return _options(tuple(companies), chosen)


@lru_cache(maxsize=KEPT)
def _options(companies: tuple[tuple[str, str], ...], chosen: str) -> Markup:
    selected = " selected"
    return Markup(  # noqa: S704 - every part is escaped
        "".join(
            f'<option value="{escape(slug)}"{selected if slug == chosen else ""}>{escape(name)}</option>'
            for slug, name in companies
        )
    )


def init_app(app: Flask) -> None:
    """Offer links to companies to every template."""
    app.jinja_env.filters["company_links"] = company_links
    app.jinja_env.filters["company_options"] = company_options
