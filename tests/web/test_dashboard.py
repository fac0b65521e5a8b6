"""The dashboard: every number on it is exactly as long as the list it leads to, and its words are plain."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from adr_app.models.decisions import Decision
from adr_app.services import decisions, drafts, engagements, exceptions, reviews, risks
from tests.casts import Cast, cast_of, quick_passwords, sign_in
from tests.conftest import START
from tests.services.security_company import NONE, again
from tests.web.reading import links, listed, stat, value, words

BOARD = "/larkspur/dashboard"
RISKY = {**NONE, "data": "yes"}


@pytest.fixture
def here(app: Flask) -> Iterator[Cast]:
    """Larkspur with somebody in every role, since 90 days."""
    with quick_passwords():
        yield cast_of("Larkspur", START - timedelta(days=90), zone="Europe/Berlin")


def browser(app: Flask, here: Cast, role: str) -> FlaskClient:
    return sign_in(app.test_client(), getattr(here, role))


def drafted(here: Cast, title: str, at=START, answers=RISKY, **fields) -> Decision:
    return drafts.draft(here.viewer("cto", at), {"title": title, **fields}, answers=answers, at=at)


def proposed(here: Cast, title: str, at=START, answers=RISKY, **fields) -> Decision:
    return decisions.propose(
        here.viewer("cto", at), drafted(here, title, at, answers, **fields).number, at=at
    )


def asked(here: Cast, title: str, at=START, **fields) -> Decision:
    made = drafted(here, title, at, **fields)
    reviews.ask(here.viewer("cto", at), made.number, at=at)
    return again(made)


def answered(here: Cast, made: Decision, code: str, at=START, **more) -> None:
    reviews.answer(here.viewer("vciso", at), made.number, code, base=1, at=at, **more)


def accepted(here: Cast, made: Decision, at=START, **more) -> Decision:
    return decisions.accept(
        here.viewer("cto", at), made.number, base=1, reason="It could not wait.", at=at, **more
    )


@pytest.fixture
def busy(here: Cast) -> Cast:
    """A quarter with decisions of every kind that the dashboard counts."""
    long_ago, lately = START - timedelta(days=50), START - timedelta(days=3)
    for at in (long_ago, lately):
        accepted(here, proposed(here, "Not asked", at), at)
        made = asked(here, "Asked in time", at)
        answered(here, made, "approve", at)
        accepted(here, made, at)
        accepted(here, proposed(here, "Harmless", at, NONE), at)
    late = accepted(here, proposed(here, "Checked late", lately), lately)
    answered(here, late, "approve")
    urgent = asked(here, "Urgent", kind="incident")
    accepted(here, urgent, emergency=True)
    claim = {"title": "In a meeting", "decided_on": "2026-11-23"}
    decisions.record_decided(here.viewer("cto", START), claim, took_part=True, at=START)
    gone = accepted(here, proposed(here, "No longer used", lately), lately)
    decisions.deprecate(here.viewer("cto", START), gone.number, at=START)
    drafted(here, "Only a draft")
    proposed(here, "Proposed, not asked")
    asked(here, "Waits for her")
    answered(here, asked(here, "Waits for him"), "question", text="Where are the numbers stored?")
    return here


@pytest.mark.parametrize("role", ["leader", "reader"])
@pytest.mark.parametrize(
    ("label", "link"),
    [
        ("Made without vCISO input", "See the list"),
        ("Waiting for the vCISO", "See the list"),
        ("Decided this month", "See all"),
        ("Undecided", "See all"),
    ],
)
def test_each_number_is_as_long_as_the_list_it_leads_to(
    app: Flask, busy: Cast, role: str, label: str, link: str
) -> None:
    Decision.update(restricted=True).where(Decision.title.in_(["Not asked", "Waits for her"])).execute()
    client = browser(app, busy, role)
    part = stat(client.get(BOARD).text, label)
    assert int(value(part)) == listed(client, links(part)[link])


def test_the_numbers_are_what_was_done(app: Flask, busy: Cast) -> None:
    page = browser(app, busy, "leader").get(BOARD).text
    shown = {
        label: value(stat(page, label))
        for label in ("Made without vCISO input", "Waiting for the vCISO", "Decided this month", "Undecided")
    }
    assert shown == {
        "Made without vCISO input": "3",
        "Waiting for the vCISO": "2",  # what was asked, and what is checked after an emergency
        "Decided this month": "7",
        "Undecided": "4",
    }


def test_both_numbers_of_the_share_have_their_list(app: Flask, busy: Cast) -> None:
    client = browser(app, busy, "leader")
    part = stat(client.get(BOARD).text, "Asked before we decided, in three months")
    before, all_of = value(part).split(" of ")
    to = links(part)
    assert listed(client, to[f"See the {before}"]) == int(before) == 2
    assert listed(client, to[f"See all {all_of}"]) == int(all_of) == 8


def test_a_list_behind_a_number_says_in_words_what_it_lists(app: Flask, busy: Cast) -> None:
    client = browser(app, busy, "leader")
    to = links(stat(client.get(BOARD).text, "Asked before we decided, in three months"))
    assert "Filters The last three months · In time" in words(client.get(to["See the 2"]).text)
    typed = "?status=undecided&mark=waiting-vciso&tag=money&mine=yes&made=2026-08..2026-10"
    page = words(client.get(f"/larkspur/decisions{typed}").text)
    assert (
        "Filters Waiting for the vCISO · Undecided (draft or proposed) · Aug 2026 to Oct 2026 "
        "· tag “money” · only what I wrote"
    ) in page


def test_every_reason_beneath_the_headline_has_its_list(app: Flask, busy: Cast) -> None:
    client = browser(app, busy, "leader")
    part = stat(client.get(BOARD).text, "Made without vCISO input")
    reasons = {said: href for said, href in links(part).items() if " · " in said}
    assert set(reasons) == {"2 · not asked", "1 · said to be advised, not confirmed"}
    for said, href in reasons.items():
        assert listed(client, href) == int(said.split(" · ")[0])


def test_every_other_flag_has_its_list(app: Flask, busy: Cast) -> None:
    client = browser(app, busy, "leader")
    line = client.get(BOARD).text.split("Also flagged:")[1].split("</p>")[0]
    counted = re.findall(r'\(<a href="([^"]*)">([0-9]+)</a>\)', line)
    assert "Declared harmless, not verified" in line
    for href, count in counted:
        assert listed(client, unescape(href)) == int(count)


def test_the_first_due_is_one_of_those_that_wait(app: Flask, here: Cast) -> None:
    made = asked(here, "Decided without the answer", START - timedelta(days=20))
    accepted(here, made, START - timedelta(days=3))
    part = stat(browser(app, here, "leader").get(BOARD).text, "Waiting for the vCISO")
    assert value(part) == "0"
    assert "Nobody waits for an answer." in part


def test_what_was_decided_last_stays_first_when_work_on_an_older_one_is_noted(app: Flask, here: Cast) -> None:
    for title, days in (("Older", 9), ("Newer", 2)):
        at = START - timedelta(days=days)
        accepted(here, proposed(here, title, at), at)
    older = Decision.get(Decision.title == "Older")
    decisions.set_implementation(here.viewer("cto", START), older.number, "implemented", at=START)
    last = browser(app, here, "leader").get(BOARD).text.split("Decided last")[1]
    assert last.index("Newer") < last.index("Older")


def test_a_risk_is_said_to_end_on_its_last_day(app: Flask, here: Cast) -> None:
    made = asked(here, "Keep the codes")
    answered(here, made, "deny", text="Codes can be stolen.")
    leader = here.viewer("leader", START)
    risks.take(leader, made.number, reason="The launch moves.", until=date(2026, 12, 8), at=START)
    page = browser(app, here, "leader").get(BOARD).text
    assert "We take this risk until Tue 8 Dec" in page


def test_a_risk_of_a_decision_no_longer_in_force_ends_nothing(app: Flask, here: Cast) -> None:
    made = asked(here, "Keep the codes")
    answered(here, made, "deny", text="Codes can be stolen.")
    leader = here.viewer("leader", START)
    risks.take(leader, made.number, reason="The launch moves.", until=date(2026, 12, 8), at=START)
    accepted(here, made)
    decisions.deprecate(here.viewer("cto", START), made.number, at=START)
    assert "We take this risk" not in browser(app, here, "leader").get(BOARD).text


def test_an_empty_company_is_told_so_in_plain_words(app: Flask, here: Cast) -> None:
    page = browser(app, here, "leader").get(BOARD).text
    for said in ("Nothing needs you today.", "None stands open.", "No decision in the last three months.",
                  "Nobody waits for an answer.", "No decisions yet."):  # fmt: skip
        assert said in page


def test_good_news_is_said_too(app: Flask, here: Cast) -> None:
    made = asked(here, "Asked in time")
    answered(here, made, "approve")
    accepted(here, made)
    page = browser(app, here, "leader").get(BOARD).text
    assert "The only decision since Tue 1 Sep had vCISO input." in page


def test_the_dashboard_says_to_each_reader_whose_the_open_acts_are(app: Flask, here: Cast) -> None:
    made = asked(here, "Login codes")
    answered(here, made, "deny", text="Codes can be stolen.")
    exceptions.ask(
        here.viewer("cto", START), made.number, question="May we keep them?", technology_says="Yes.",
        answer_by=date(2026, 11, 27), at=START,
    )  # fmt: skip
    led = browser(app, here, "leader").get(BOARD).text
    assert "Needs you" in words(led) and "Needs leadership" not in led
    engagements.appoint(here.viewer("leader", START), role="leader", email=here.delegate.email, at=START)
    assert "Needs you as leadership" in browser(app, here, "delegate").get(BOARD).text
    for role in ("cto", "vciso", "reader"):
        page = words(browser(app, here, role).get(BOARD).text)
        assert "Needs leadership 1" in page and "Needs you" not in page
        assert "With Leader, answer by Fri 27 Nov" in page


def test_the_picture_says_why_it_counts_others_than_the_headline(app: Flask, here: Cast) -> None:
    old, _ = (accepted(here, proposed(here, title)) for title in ("Replaced since", "Stands"))
    client = browser(app, here, "cto")
    assert "Every decision stays in its month" not in client.get(BOARD).text
    decisions.deprecate(here.viewer("cto", START), old.number, at=START)
    page = client.get(BOARD).text
    assert value(stat(page, "Made without vCISO input")) == "1"
    assert "2 still have none. Every decision stays in its month here, replaced or not: the 1 above" in page


def test_an_empty_company_is_not_told_of_lists_and_figures_it_has_not(app: Flask, here: Cast) -> None:
    page = browser(app, here, "leader").get(BOARD).text
    for nonsense in ("See the 0", "See the list", "See all", "upper figure", "0 working days"):
        assert nonsense not in words(page)
