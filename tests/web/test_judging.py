"""The page to judge on: what is known beside the text, the four parts of a review, who is away."""

import re
from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from adr_app.models.decisions import Decision
from adr_app.models.events import happenings
from adr_app.models.review_parts import ReviewParts
from adr_app.models.reviews import Verdict
from adr_app.services import (
    away,
    controls,
    debt,
    debt_links,
    decisions,
    engagements,
    frameworks,
    links,
    reviews,
    systems,
    vendor_acts,
)
from tests.casts import cast_of, send, sign_in
from tests.services.security_company import NONE, PLAIN, RISKY, asked, assert_true, drafted
from tests.web import reading

DECISION = "/larkspur/decisions/AD-0001"
PAGE = f"{DECISION}/review"
SAID = {"exposed": "Card numbers, on the till.", "duty": "The card contract.\nAnd the law.", "ready": "Yes"}
SENT = {f"part-{code}": words for code, words in SAID.items()}


@pytest.fixture
def vera(cast, app):
    return sign_in(app.test_client(), cast.vciso)


def linked(cast, clock, made, many, begin=0):
    """Link a decision to decisions, debts and safeguards until it has `many` of each."""
    cto, vciso, at = cast.viewer("cto", clock()), cast.viewer("vciso", clock()), clock()
    codes = [one.code for one in controls.listed(cast.company.id, ["soc-2"])][:many]
    for n in range(begin, many):
        other = drafted(cast, at, NONE, title=f"Neighbour {n}")
        links.link(cto, made.number, other.number, "depends", at=at)
        noted = debt.note(cto, title=f"Shortcut {n}", at=at)
        debt_links.link(cto, noted.number, made.number, "incurred_by", at=at)
        controls.map_to(vciso, made.number, f"soc-2 {codes[n]}", "weakens" if n else "supports", at=at)


def test_everything_that_is_linked_stands_on_the_page_with_its_standing_and_costs_no_query_more(
    cast, clock, vera
):
    at, leader = clock(), cast.viewer("leader", clock())
    frameworks.follow(leader, "soc-2", at=at)
    named = {"systems": ["Till", "Web shop"], "data": ["payment"], "vendors": ["Stripe"]}
    made = asked(cast, at, {**RISKY, "q11": "hours", "q9": "unknown", "q13": "yes"}, **named)
    systems.mark_boundary(leader, "Till", True, at=at)
    vendor_acts.describe(cast.viewer("cto", at), "Stripe", does="Takes payments", data=["health"], at=at)
    linked(cast, clock, made, 1)
    with count_queries() as few:
        shown = vera.get(PAGE).text
    for words in (
        "To protect", "Card data", "Serious harm within two hours", "Nobody knows yet",
        "Till <span class=\"soft\">inside a compliance boundary", "No health-data contract recorded",
        "Belongs with 1 decision", "AD-0002 Neighbour 0", "Not asked yet", "SOC 2", "1 technical debt",
        "TD-0001 Shortcut 0", "vCISO&#39;s OK, full review is asked for by:",
    ):  # fmt: skip
        assert words in shown, words
    linked(cast, clock, made, 8, begin=1)
    with count_queries() as many:
        shown = vera.get(PAGE).text
    assert many.count == few.count <= 36
    assert "Belongs with 8 decisions" in shown and "8 technical debts" in shown
    assert "8 safeguards · 7 weakened" in shown
    for anchor in ("links", "debt", "safeguards"):
        assert f'{DECISION}?all={anchor}#{anchor}">All 8</a>' in shown
        assert f'id="{anchor}"' in vera.get(DECISION).text, "where all of them are"
    page, every = vera.get(DECISION).text, vera.get(f"{DECISION}?all=links").text
    assert (page.count("Neighbour"), page.count("It weakens")) == (6, 5), "the decision's page cuts as well"
    for anchor in ("links", "safeguards"):
        assert f'{DECISION}?all={anchor}#{anchor}">All 8</a>' in page
    assert every.count("Neighbour") == 8 and "all=links" not in every and "all=safeguards" in every
    assert "AD-0002 Neighbour 0 Draft" in reading.words(page)
    assert "Not asked yet" in reading.section(page, "Belongs with")
    assert (shown.count("Neighbour"), shown.count("Shortcut"), shown.count("It weakens")) == (6, 6, 6)


def test_where_nothing_is_said_or_linked_the_page_says_one_line_and_shows_no_empty_fold(cast, clock, vera):
    asked(cast, clock(), {})
    shown = vera.get(PAGE).text
    assert "is not said yet: nobody has answered the security questions." in shown
    for missing in ("Belongs with", "technical debt", "Duties and safeguards", "Systems, data", "To protect"):
        assert missing not in shown


def test_what_is_hidden_from_a_reader_is_neither_shown_nor_counted_beside_a_text(cast, app, clock):
    made = asked(cast, clock(), NONE)
    other = drafted(cast, clock(), NONE, title="The secret one")
    links.link(cast.viewer("cto", clock()), made.number, other.number, "depends", at=clock())
    Decision.update(restricted=True).where(Decision.id == other.id).execute()
    for person, sees in ((cast.vciso, True), (cast.reader, False)):
        shown = sign_in(app.test_client(), person).get(PAGE).text
        assert ("The secret one" in shown, "Belongs with" in shown) == (sees, sees)


def test_the_four_parts_are_asked_first_in_a_full_review_and_no_answer_ever_waits_for_them(cast, clock, vera):
    asked(cast, clock(), RISKY)
    asked(cast, clock(), NONE)
    full, plain = vera.get(PAGE).text, vera.get(PAGE.replace("0001", "0002")).text
    assert '<details class="fold" id="parts" open>' in full and '<details class="fold" id="parts">' in plain
    assert full.index('id="parts"') < full.index('id="f-answer"') < plain.index('id="parts"')
    assert send(vera, f"{PAGE}/answer", base="1", answer="approve").status_code == 302
    assert Verdict.select().count() == 1 and not ReviewParts.select().exists()
    (act,) = [act for act in happenings(cast.company.id, 1) if act.kind == "review.verdict"]
    assert "parts" not in act.data, "an answer without any is recorded as it always was"


@pytest.mark.parametrize(
    ("answers", "code", "said", "told"),
    [
        (RISKY, "approve", {}, "None of the four parts of a full review is said."),
        (
            RISKY,
            "deny",
            {"exposed": "Cards.", "duty": "Law.", "ready": "Yes."},
            "which policy or safeguard it needs",
        ),
        (RISKY, "approve", dict.fromkeys(("exposed", "needed", "duty", "ready"), "So."), ""),
        (RISKY, "not-relevant", {}, ""),
        (PLAIN, "approve", {}, ""),
    ],
    ids=["none", "one left out", "all", "no security matter", "no full review"],
)
def test_an_answer_to_a_full_review_without_its_four_parts_is_marked(
    cast, clock, vera, answers, code, said, told
):
    made, viewer = asked(cast, clock(), answers), cast.viewer("vciso", clock())
    reviews.answer(viewer, made.number, code, base=1, text="So.", parts=said, at=clock())
    page = reading.words(vera.get(PAGE).text)
    marked = "of a full review is" in page or "Of a full review is" in page
    assert marked is bool(told) and told in page


def test_what_a_review_found_is_repeated_signed_and_read_wherever_its_answer_is(cast, app, clock, vera):
    made = asked(cast, clock(), RISKY)
    typed = {"base": "1", "answer": "question", "text-question": "Which till?", **SENT}
    refused = send(vera, f"{PAGE}/confirm", **typed | {"part-ready": "x" * 2001})
    assert refused.status_code == 422 and "Card numbers, on the till." in refused.text
    confirm = send(vera, f"{PAGE}/confirm", **typed).text
    assert "What is exposed?" in confirm and "Are we ready to respond?" in confirm
    assert "Which policy or safeguard" not in confirm, "what was left empty is not repeated"
    assert not ReviewParts.select().exists()
    assert send(vera, f"{PAGE}/answer", **typed).status_code == 302
    (row,) = ReviewParts.select()
    assert row.said == {code: SAID[code] for code in ("exposed", "duty", "ready")}
    reader = sign_in(app.test_client(), cast.reader)
    for page in (DECISION, PAGE):
        assert "Card numbers, on the till." in reader.get(page).text
    again = vera.get(PAGE).text
    assert "As you said it on" in again and ">\nCard numbers, on the till.</textarea>" in again
    reviews.reply(cast.viewer("cto", clock()), made.number, "The front one.", at=clock())
    assert send(vera, f"{PAGE}/answer", base="1", answer="deny", **{"text-deny": "No."}).status_code == 302
    assert ReviewParts.select().count() == 1, "what was cleared is not said"
    assert_true(cast)


def test_both_pages_of_a_decision_say_who_is_away_and_who_answers_meanwhile(cast, app, clock, vera):
    drafted(cast, clock(), NONE)
    sam, leader = sign_in(app.test_client(), cast.cto), cast.viewer("leader", clock())
    back = clock().date() + timedelta(days=6)
    away.leave(cast.viewer("vciso", clock()), back, None, at=clock())
    for page in (DECISION, PAGE):
        assert "nobody covers" in sam.get(page).text
    engagements.appoint(leader, role="vciso", email=cast.member.email, at=clock())
    away.leave(cast.viewer("vciso", clock()), back, cast.member.id, at=clock())
    made = drafted(cast, clock(), RISKY, kind="incident")
    decisions.propose(cast.viewer("cto", clock()), made.number, at=clock())
    assert "Member is asked at once" in sam.get(DECISION.replace("1", "2") + "/accept").text
    reviews.ask(cast.viewer("cto", clock()), 1, at=clock())
    for page in (DECISION, PAGE):
        assert "Member answers meanwhile." in sam.get(page).text
        assert "answers meanwhile" not in vera.get(page).text, "she knows it"
    reviews.answer(cast.viewer("member", clock()), 1, "approve", base=1, at=clock())
    assert "answers meanwhile" not in sam.get(DECISION).text, "nobody waits"


@pytest.mark.parametrize(
    ("answers", "due", "flag_after"),
    [(RISKY, "Thu 26 Nov, 09:00", timedelta(hours=49)), (PLAIN, "Tue 1 Dec", timedelta(days=9))],
)
def test_what_is_decided_at_once_is_asked_for_with_its_hour_and_flagged_where_nobody_checks_it(
    cast, app, clock, vera, answers, due, flag_after
):
    sam, cto = sign_in(app.test_client(), cast.cto), cast.viewer("cto", clock())
    made = drafted(cast, clock(), answers, kind="incident")
    decisions.propose(cto, made.number, at=clock())
    page = sam.get(f"{DECISION}/accept").text
    assert f"Vciso is asked at once and has until {due}." in page
    refused = send(sam, f"{DECISION}/accept", base="1", emergency="yes")
    assert refused.status_code == 422 and "Say why this cannot wait." in refused.text
    assert send(sam, f"{DECISION}/accept", base="1", emergency="yes", reason="attack").status_code == 302
    assert f"Vciso is asked to check it by {due}. You can take that back" in sam.get(DECISION).text
    for page in ("/", "/desk"):
        shown = vera.get(page).text
        assert f"by {due}" in shown and "decided already, to be checked" in shown
    assert f"answer by {due}" in vera.get(PAGE).text
    assert "Decided in an emergency and not checked" not in sam.get(DECISION).text
    clock.advance(hours=flag_after / timedelta(hours=1))
    sam, vera = (sign_in(app.test_client(), person) for person in (cast.cto, cast.vciso))
    assert "Decided in an emergency and not checked" in sam.get(DECISION).text
    assert re.search(r"was due Thu 26 Nov, 09:00|2 days late", vera.get("/").text)
    reviews.answer(cast.viewer("vciso", clock()), made.number, "approve", base=1, at=clock())
    assert "Decided in an emergency, checked after" in sam.get(DECISION).text


def test_the_first_screen_leads_the_vciso_to_what_is_allowed_in_advance(cast, app, clock, vera):
    assert 'href="/larkspur/in-advance">Allowed in advance' in vera.get("/").text
    other = cast_of("Ostara", clock())
    engagements.appoint(other.viewer("leader", clock()), role="vciso", email=cast.vciso.email, at=clock())
    shown = vera.get("/").text
    assert 'id="allowed"' in shown and 'href="/ostara/in-advance"' in shown
    assert "in-advance" not in sign_in(app.test_client(), cast.cto).get("/").text


def test_an_answer_sent_twice_or_by_two_at_once_is_signed_once_and_nothing_typed_is_lost(
    cast, app, clock, vera
):
    asked(cast, clock(), NONE)
    engagements.appoint(cast.viewer("leader", clock()), role="vciso", email=cast.member.email, at=clock())
    ana = sign_in(app.test_client(), cast.member)
    first = {"base": "1", "seen": "0", "answer": "advise", "text-advise": "Rotate the keys.", **SENT}
    assert send(vera, f"{PAGE}/answer", **first).status_code == 302
    for browser, words in (
        (vera, "Nothing was signed. You gave advice already, on version 1."),
        (ana, "Nothing was signed. Vciso gave advice while this page was open."),
    ):
        for step in ("confirm", "answer"):
            refused = send(browser, f"{PAGE}/{step}", **first)
            assert refused.status_code == 409 and words in refused.text
            assert "Rotate the keys.</textarea>" in refused.text
    assert (Verdict.select().count(), ReviewParts.select().count()) == (1, 1)
    shown = re.search(r'name="seen" value="(\d+)"', refused.text)
    assert send(ana, f"{PAGE}/answer", **first | {"seen": shown[1]}).status_code == 302, "having read it"
    assert send(ana, f"{PAGE}/take-back").status_code == 302
    refused = send(ana, f"{PAGE}/answer", **first | {"seen": str(int(shown[1]) + 1)})
    assert "The last answer was taken back while this page was open." in refused.text
