"""Quick sorting in the browser without a screen: the page, its forms, and what stands after each answer."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from adr_app.models.decisions import Decision
from adr_app.models.people import Company
from adr_app.models.reviews import Verdict
from adr_app.services import decisions, drafts, flags, levels, older, reviews
from adr_app.services.verification import verify
from tests.casts import Cast, cast_of, quick_passwords, send, sign_in
from tests.conftest import START
from tests.services.older_company import inherited, many
from tests.services.security_company import again, standing
from tests.web.reading import links, words

OLDER = "/larkspur/older"
ANSWERS = f"{OLDER}/answers"


@pytest.fixture
def here(app: Flask) -> Iterator[Cast]:
    with quick_passwords():
        yield cast_of("Larkspur", START)


@pytest.fixture
def vera(app: Flask, here: Cast) -> FlaskClient:
    return sign_in(app.test_client(), here.vciso)


def lines(page: str) -> list[str]:
    """Return what each row of the page says."""
    return [words(part.partition("</li>")[0]) for part in page.split('<li class="sorting">')[1:]]


def chosen(page: str) -> dict[str, str]:
    """Return which answer is ticked in each row, by the field's name."""
    ticked = re.findall(r'<input type="radio"[^>]*name="(answer-\d+)" value="([^"]*)" checked>', page)
    return dict(ticked)


def answered(*rows: tuple[Decision, str, str], **more: str) -> dict[str, str]:
    """Return the fields of a form in which some rows are answered on their first version."""
    fields = dict(more)
    for made, code, reason in rows:
        fields |= {
            f"answer-{made.number}": code,
            f"reason-{made.number}": reason,
            f"base-{made.number}": "1",
        }
    return fields


def test_a_row_says_what_it_is_about_when_it_was_decided_and_what_is_sensitive(
    here: Cast, vera: FlaskClient
) -> None:
    inherited(here, START, "Servers", plain_words="Our **files** lie abroad. More of it.", undo="hard",
              data=["health"])  # fmt: skip
    inherited(here, START, "Office", context="We moved\n\n* to the park", undo="easy")
    inherited(here, START, "Long", context=" ".join(["word"] * 400), undo="easy", decided_on="2019-01-02")
    page = vera.get(OLDER).text
    assert "3 decisions in force from before this log began, or of unknown date." in words(page)
    assert "Hard to undo first, then what touches sensitive data, then the newest." in words(page)
    servers, office, long = lines(page)
    told = "AD-0001 Servers Our files lie abroad. Decided Mon 4 May 2020 · health data · hard to undo"
    assert servers.startswith(told)
    assert "AD-0002 Office We moved to the park Decided Mon 4 May 2020" in office
    assert len(long) < 450 and "word …" in long
    for row in (servers, office, long):
        assert "Leave for later OK as it is Not a security matter Needs a closer look" in row
    assert set(chosen(page).values()) == {""}, "leaving it for later is what nobody has to choose"
    assert links(page)["Servers"] == "/larkspur/decisions/AD-0001"


def test_answers_are_stored_one_by_one_and_what_they_answer_leaves_the_page(
    here: Cast, vera: FlaskClient
) -> None:
    one, two, three, four = (inherited(here, START, title) for title in ("One", "Two", "Three", "Four"))
    fields = answered(
        (one, "approve", "Read the plan"), (two, "not-relevant", "Paint"), (three, "closer", "Keys?"),
        (four, "", ""),
    )  # fmt: skip
    answer = send(vera, ANSWERS, **fields)
    assert (answer.status_code, answer.location) == (302, OLDER)
    page = vera.get(OLDER).text
    assert "3 decisions answered." in words(page) and [row[:12] for row in lines(page)] == ["AD-0004 Four"]
    closely = vera.get(links(page)["Needs a closer look"]).text
    (row,) = lines(closely)
    assert "AD-0003 Three" in row and "Closer look: Keys?" in row and "radio" not in closely
    assert links(closely)["Open"] == "/larkspur/decisions/AD-0003/review"
    assert [standing(made, START)[0] for made in (one, two, three, four)] == [
        *("cleared", "cleared", "inherited", "inherited")
    ]
    history = words(vera.get("/larkspur/decisions/AD-0003").text)
    assert "asked for a closer look: vCISO's OK, full review" in history and "Keys?" in history
    company = Company.get_by_id(here.company.id)
    checked = flags.check(company)
    assert not checked.different and not checked.stale and verify(company).broken is None


def test_what_is_refused_says_why_and_stays_typed_while_the_others_are_stored(
    here: Cast, vera: FlaskClient
) -> None:
    fine, changed, mute, gone = (
        inherited(here, START, title) for title in ("Fine", "Changed", "Mute", "Answered")
    )
    drafts.revise(here.viewer("cto", START), changed.number, {"plain_words": "More"}, base=1, at=START)
    reviews.answer(here.viewer("vciso", START), gone.number, "approve", base=1, at=START)
    answer = send(vera, ANSWERS, **answered(
        (fine, "approve", "Read it"), (changed, "not-relevant", "Only <b>paint</b>"), (mute, "approve", ""),
        (gone, "closer", "Keys?"),
    ))  # fmt: skip
    assert answer.status_code == 422
    said = words(answer.text)
    assert "1 answered, 3 not:" in said
    assert "AD-0002 Changed: The text changed since you opened this page." in said
    assert "AD-0004 Answered: Vciso answered this meanwhile: OK." in said
    led = {words.partition(":")[0]: href for words, href in links(answer.text).items()}
    assert led["AD-0002 Changed"] == "#f-answer-2"
    assert led["AD-0004 Answered"] == "/larkspur/decisions/AD-0004/review"
    assert chosen(answer.text) == {"answer-2": "not-relevant", "answer-3": "approve"}
    assert 'value="Only &lt;b&gt;paint&lt;/b&gt;"' in answer.text
    assert 'name="base-2" value="2"' in answer.text, "sent again, it is about the version shown now"
    assert standing(fine, START)[0] == "cleared" and Verdict.select().count() == 2


def test_a_reason_without_an_answer_and_an_answer_without_a_reason_are_asked_about(
    here: Cast, vera: FlaskClient
) -> None:
    one, two = inherited(here, START, "One"), inherited(here, START, "Two")
    answer = send(vera, ANSWERS, **answered((one, "", "Read it"), (two, "closer", " ")))
    assert answer.status_code == 422 and "2 not answered:" in words(answer.text)
    assert "AD-0001 One: Choose an answer for this reason, or empty it." in words(answer.text)
    assert "AD-0002 Two: Say why, in one line." in words(answer.text)
    assert 'value="Read it"' in answer.text


def test_nothing_chosen_saves_nothing_and_says_so(here: Cast, vera: FlaskClient) -> None:
    made = inherited(here, START)
    send(vera, ANSWERS, **answered((made, "", "")))
    assert "Nothing was chosen, so nothing is saved." in words(vera.get(OLDER).text)


def test_what_waits_with_a_changed_text_is_compared_first(here: Cast, vera: FlaskClient) -> None:
    made = inherited(here, START)
    drafts.revise(here.viewer("cto", START), made.number, {"context": "Quite other"}, base=1, at=START)
    page = vera.get(OLDER).text
    (row,) = lines(page)
    assert "A changed text waits" in row and "OK as it is" not in row and "Needs a closer look" in row
    refused = send(vera, ANSWERS, **(answered((made, "approve", "Read it")) | {"base-1": "2"}))
    assert "AD-0001 Old servers: A changed text waits" in words(refused.text)
    assert chosen(refused.text) == {"answer-1": ""} and 'value="Read it"' in refused.text


@pytest.mark.parametrize("role", ["cto", "leader", "member", "reader", "admin", "delegate"])
def test_who_does_not_answer_for_security_reads_the_list_and_cannot_send(
    app: Flask, here: Cast, role: str
) -> None:
    made = inherited(here, START)
    client = sign_in(app.test_client(), getattr(here, role))
    page = client.get(OLDER)
    assert page.status_code == 200 and len(lines(page.text)) == 1
    assert "Whoever answers for security sorts them here." in words(page.text)
    assert "radio" not in page.text and "Save the answers" not in page.text
    assert send(client, ANSWERS, **answered((made, "approve", "Read it"))).status_code == 403
    assert Verdict.select().count() == 0


def test_another_companys_and_a_missing_decision_in_the_form_are_not_found(
    here: Cast, vera: FlaskClient
) -> None:
    made, other = inherited(here, START), cast_of("Ostara", START)
    theirs = [inherited(other, START, f"Theirs {n}") for n in range(2)][-1]
    constant = vera.get("/no-such-page").data
    for number in (theirs.number, 987_654, 4_000_000_000):
        fields = answered((made, "approve", "Read it"))
        fields |= {f"answer-{number}": "approve", f"reason-{number}": "x", f"base-{number}": "1"}
        answer = send(vera, ANSWERS, **fields)
        assert (answer.status_code, answer.data) == (404, constant)
    assert Verdict.select().count() == 0


@pytest.mark.parametrize("base", ["", "x", "0", "-1", "1e3", "9" * 30, "١"])
def test_a_version_that_is_none_answers_nothing(here: Cast, vera: FlaskClient, base: str) -> None:
    made = inherited(here, START)
    fields = answered((made, "approve", "Read it")) | {f"base-{made.number}": base}
    assert send(vera, ANSWERS, **fields).status_code == 422
    assert Verdict.select().count() == 0


def test_pages_lead_on_and_back_and_an_answered_page_leads_to_the_first(
    here: Cast, vera: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(older, "PAGE", 2)
    numbers = many(here, START, 3)
    first = vera.get(OLDER).text
    second = links(first)["Next"]
    page = vera.get(second).text
    assert len(lines(first)) == 2 and len(lines(page)) == 1
    assert len(lines(vera.get(links(page)["Back"]).text)) == 2
    place = second.partition("page=")[2]
    made = Decision.get(Decision.number == numbers[0])
    answer = send(vera, ANSWERS, page=place, **answered((made, "approve", "Read it")))
    assert answer.location.endswith(f"page={place}")
    assert vera.get(answer.location).location == OLDER


def test_a_page_costs_the_same_queries_for_one_row_and_for_twenty(here: Cast, vera: FlaskClient) -> None:
    def cost() -> int:
        vera.get(OLDER)  # the first request after an act notes when the session was seen
        with count_queries() as counted:
            vera.get(OLDER)
        return int(counted.count)

    many(here, START, 1)
    before = cost()
    many(here, START, 24)
    assert len(lines(vera.get(OLDER).text)) == 20
    assert cost() == before < 20


def test_an_empty_queue_says_so_and_what_is_left_for_a_closer_look_too(here: Cast, vera: FlaskClient) -> None:
    assert "Nothing here is older than this log and unchecked." in words(vera.get(OLDER).text)
    made = inherited(here, START)
    levels.raise_to(here.viewer("cto", START), made.number, 3, at=START)
    assert "Nothing is left to sort. What needs a closer look still waits." in words(vera.get(OLDER).text)
    decisions.deprecate(here.viewer("cto", START), made.number, at=START)
    assert "Nothing was set aside for a closer look." in words(vera.get(f"{OLDER}?closely=yes").text)
    assert again(made).level == 3
