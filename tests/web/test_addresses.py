"""Addresses that are filled in instead of made: they are the ones that would be made."""

from types import SimpleNamespace

from flask import Flask, url_for

from adr_app.web.addresses import company_links, company_page, page_of


def test_an_address_that_is_filled_in_is_the_one_that_would_be_made(app: Flask) -> None:
    with app.test_request_context("/"):
        for endpoint in ("reviews.show", "decisions.show", "levels.agree", "risks.show"):
            for slug, number in (("larkspur", 7), ("a-2", 12345)):
                made = url_for(endpoint, slug=slug, number=number)
                assert page_of(endpoint, slug, number) == made
                assert page_of(endpoint, slug, number, "to-dos") == f"{made}#to-dos"
        for query in ({}, {"mark": "without-input", "status": "accepted"}):
            made = url_for("decisions.index", slug="larkspur", **query)
            assert company_page("decisions.index", "larkspur", **query) == made


def test_a_menu_of_companies_escapes_their_names_and_marks_the_one_that_is_open(app: Flask) -> None:
    both = [SimpleNamespace(slug="a", name="<b>A & Sons"), SimpleNamespace(slug="b", name="B")]
    with app.test_request_context("/"):
        first, second = company_links(both, "decisions.index", "b").split("\n")
    assert first.strip() == '<a href="/a/decisions">&lt;b&gt;A &amp; Sons</a>'
    assert second.strip() == '<a href="/b/decisions" aria-current="true">B</a>'
