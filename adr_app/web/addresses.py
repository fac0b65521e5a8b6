"""Addresses of a decision's pages, for lists: one is made and the others are filled in.

Making an address takes as long as the rest of a row.
"""

from flask import g, url_for

from adr_app.domain.decisions import reference

_SLUG, _NUMBER = "-here-", 0


def page_of(endpoint: str, slug: str, number: int, anchor: str | None = None) -> str:
    """Return the address of a page of one decision, as `url_for` makes it."""
    made: dict[str, tuple[str, str, str]] = g.setdefault("addresses", {})
    if endpoint not in made:
        before, _, rest = url_for(endpoint, slug=_SLUG, number=_NUMBER).partition(_SLUG)
        between, _, after = rest.partition(reference(_NUMBER))
        made[endpoint] = (before, between, after)
    before, between, after = made[endpoint]
    return f"{before}{slug}{between}{reference(number)}{after}{f'#{anchor}' if anchor else ''}"
