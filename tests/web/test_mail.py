"""Pages that mails lead to: opening them changes nothing, and each says what to do."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from adr_app.domain.notices import NEVER
from adr_app.models.events import Event
from adr_app.models.people import Company
from adr_app.models.reviews import RiskAcceptance, RiskQuestion
from adr_app.services import (
    drafts,
    exceptions,
    invitations,
    post,
    question_links,
    queue,
    reviews,
    risks,
    stopping,
)
from adr_app.services.verification import verify
from tests.casts import Cast, send, sign_in
from tests.conftest import START, Clock
from tests.mailbox import Mailbox, free_port, links_in, sending, text_of
from tests.tenancy import snapshot


@pytest.fixture
def mailbox(app: Flask, engine: str) -> Iterator[Mailbox]:
    with Mailbox() as kept, sending(kept):
        yield kept


def asked(cast: Cast, clock: Clock, of: int | None = None) -> None:
    cto, vciso = cast.viewer("cto", START), cast.viewer("vciso", START)
    drafts.draft(cto, {"title": "Keep the codes", "context": "Why."}, at=START)
    reviews.ask(cto, 1, at=START)
    reviews.answer(vciso, 1, "deny", base=1, text="Codes can be stolen.", at=START)
    said = {"question": "May we keep the codes?", "technology_says": "Yes: three weeks."}
    exceptions.ask(cto, 1, **said, answer_by=date(2026, 11, 27), of=of, at=START)
    queue.work_off(clock)


def question_in(mailbox: Mailbox, address: str = "leader@larkspur.example") -> str:
    letter = next(one for one in reversed(mailbox.to(address)) if "/question/" in text_of(one))
    return urlsplit(links_in(letter)[0]).path


def code_in(mailbox: Mailbox) -> str:
    return str(mailbox.letters[-1]["Subject"]).split("] ")[1].split()[0]


TAKE = {
    "choice": "take",
    "until": "2027-03-31",
    "reason-take": "The launch comes first.",
    "longer": "It is in spring.",
}


def test_a_leader_invited_and_never_here_answers_with_a_mailed_code(
    cast: Cast, client: FlaskClient, mailbox: Mailbox, clock: Clock
) -> None:
    leader = cast.viewer("leader", START)
    _, engaged = invitations.invite(leader, role="leader", email="priya@x.example", name="Priya", at=START)
    asked(cast, clock, of=engaged.person_id)
    path = question_in(mailbox, "priya@x.example")
    before = snapshot()
    for _ in range(2):
        page = client.get(path)
        assert page.status_code == 200 and "May we keep the codes?" in page.text
        assert client.head(path).status_code == 200
    assert "Codes can be stolen." in page.text and "larkspur/decisions" not in page.text
    assert snapshot() == before
    missing = send(client, f"{path}/code", choice="take", until="2027-03-31")
    assert missing.status_code == 422 and "Say why, in one line." in missing.text
    shown = send(client, f"{path}/code", **TAKE)
    assert "The launch comes first." in shown.text
    code = code_in(mailbox)
    for _ in range(4):
        wrong = send(client, f"{path}/answer", code="x", **TAKE)
        assert wrong.status_code == 422 and "not the code of the newest mail" in wrong.text
    assert RiskQuestion.get().state == "open"
    assert (
        "Your answer is saved" in send(client, f"{path}/answer", code=f"{code[:3]} {code[3:]}", **TAKE).text
    )
    found = RiskQuestion.get()
    assert (found.state, found.confirmed_by) == ("taken", "mailed-code")
    event = Event.select().order_by(Event.seq.desc()).get()
    assert (event.kind, event.actor_id, event.data["confirmed"]) == (
        "risk.accepted",
        engaged.person_id,
        "mailed-code",
    )
    assert verify(Company.get()).broken is None
    over = client.get(path)
    assert over.status_code == 409 and "answered already" in over.text
    assert client.get("/larkspur/decisions/AD-0001").status_code == 302  # she is not signed in by it
    queue.work_off(clock)
    assert mailbox.letters[-1]["Subject"] == "[Larkspur] Leadership answered: Keep the codes"


def test_a_code_ends_after_ten_minutes_and_five_tries_and_a_link_after_seven_days(
    cast: Cast, client: FlaskClient, mailbox: Mailbox, clock: Clock
) -> None:
    asked(cast, clock)
    path = question_in(mailbox)
    send(client, f"{path}/code", **TAKE)
    code = code_in(mailbox)
    for _ in range(5):
        send(client, f"{path}/answer", code="000000x", **TAKE)
    assert "typed wrongly too often" in send(client, f"{path}/answer", code=code, **TAKE).text
    send(client, f"{path}/code", **TAKE)
    clock.advance(minutes=10)
    assert "too old" in send(client, f"{path}/answer", code=code_in(mailbox), **TAKE).text
    post.set_up(mailbox.post(port=free_port()))
    assert "could not be mailed just now" in send(client, f"{path}/code", **TAKE).text
    post.set_up(mailbox.post())
    clock.advance(days=7)
    old = client.get(path)
    assert old.status_code == 409 and "older than seven days" in old.text
    assert "on its way" in client.get(send(client, f"{path}/again").location).text
    queue.work_off(clock)
    anew = question_in(mailbox)
    assert anew != path and client.get(anew).status_code == 200
    drafts.revise(cast.viewer("cto", clock()), 1, {"context": "More."}, base=1, at=clock())
    assert "changed since this link was mailed" in client.get(anew).text
    for broken in (anew[:-3], "/question/x", "/question/MQ.x"):
        assert client.get(broken).status_code == 409
    assert RiskQuestion.get().state == "open"


def test_a_link_is_over_once_several_codes_were_guessed_at_and_a_new_one_goes_to_the_mail(
    cast: Cast, client: FlaskClient, mailbox: Mailbox, clock: Clock
) -> None:
    asked(cast, clock)
    path = question_in(mailbox)
    for wrong in (3, 5, 5, 4, 0, 1):
        assert send(client, f"{path}/code", **TAKE).status_code == 200
        assert wrong or send(client, f"{path}/code", **TAKE).status_code == 200, "what nobody guesses is free"
        for _ in range(wrong):
            assert send(client, f"{path}/answer", code="x", **TAKE).status_code == 422
    code = code_in(mailbox)
    for page in ("code", "answer"):
        over = send(client, f"{path}/{page}", code=code, **TAKE)
        assert over.status_code == 409 and "typed wrongly too often" in over.text
    send(client, f"{path}/again")
    queue.work_off(clock)
    anew = question_in(mailbox)
    clock.advance(minutes=16)
    send(client, f"{anew}/code", **TAKE)
    done = send(client, f"{anew}/answer", code=code_in(mailbox), **TAKE)
    assert "Your answer is saved" in done.text


def test_a_code_sent_twice_at_once_answers_once(
    cast: Cast,
    client: FlaskClient,
    mailbox: Mailbox,
    app: Flask,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked(cast, clock)
    path = question_in(mailbox)
    send(client, f"{path}/code", **TAKE)
    code, check = code_in(mailbox), question_links._check

    def after_another(*given: Any) -> str:
        """Let another request with the same code through between this one's check and its act."""
        right = check(*given)
        monkeypatch.setattr(question_links, "_check", check)
        done = send(app.test_client(), f"{path}/answer", code=code, **TAKE | {"until": "2027-10-31"})
        assert "Your answer is saved" in done.text
        return right

    monkeypatch.setattr(question_links, "_check", after_another)
    second = send(client, f"{path}/answer", code=code, **TAKE)
    assert second.status_code == 422
    assert RiskAcceptance.select().count() == 1
    assert verify(Company.get()).broken is None


def test_agreed_by_telephone_is_shown_as_reported_and_opens_nothing(
    cast: Cast, sam: FlaskClient, app: Flask, mailbox: Mailbox, clock: Clock
) -> None:
    asked(cast, clock)
    page = "/larkspur/decisions/AD-0001/risk"
    assert "They agreed by telephone" in sam.get(page).text
    assert send(sam, f"{page}/report", reported_on="2026-11-25").status_code == 422
    assert send(sam, f"{page}/report", reported_on="2026-11-12").status_code == 302
    assert "Cto says that Leader agreed on Thu 12 Nov" in sam.get(page).text
    assert risks.is_uncovered(RiskQuestion.get() and risks.find(cast.viewer("cto", START), 1), clock())
    leader = sign_in(app.test_client(), cast.leader)
    assert "They agreed by telephone" not in leader.get(page).text
    assert send(leader, f"{page}/report", reported_on="2026-11-12").status_code == 403
    assert verify(Company.get()).broken is None
    send(leader, f"{page}/take", **TAKE)
    assert RiskQuestion.get().confirmed_by == "password"
    assert verify(Company.get()).broken is None


def test_mails_of_a_kind_end_by_one_press_that_no_scanner_makes(
    cast: Cast, client: FlaskClient, sam: FlaskClient, mailbox: Mailbox, clock: Clock
) -> None:
    asked(cast, clock)
    (letter,) = mailbox.to(cast.cto.email)
    stop = urlsplit(letter["List-Unsubscribe"].strip("<>")).path
    before = snapshot()
    assert "Opening this page changed nothing." in client.get(stop).text
    assert client.head(stop).status_code == 200
    assert snapshot() == before
    # as a mail reader sends it: from elsewhere, without a form of ours
    done = client.post(
        stop, data={"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.example"}
    )
    assert done.status_code == 200 and "These mails are stopped" in done.text
    assert stopping.choices(cast.cto, [cast.company.id])[cast.company.id, "answer-given"] == NEVER
    assert client.post("/mail/stop/made-up").status_code == 409
    assert "not by mail" in sam.get("/account/mail").text
    chosen = {"company": str(cast.company.id), "answer-given": "daily"}
    assert send(sam, "/account/mail", **chosen).status_code == 302
    assert stopping.choices(cast.cto, [cast.company.id])[cast.company.id, "answer-given"] == "daily"
    assert send(sam, "/account/mail", company="999", **{"answer-given": "daily"}).status_code == 404
    assert send(sam, "/account/mail", **(chosen | {"answer-given": "hourly"})).status_code == 422


def test_settings_say_whether_mail_is_sent_and_what_could_not_be(
    cast: Cast, app: Flask, mailbox: Mailbox, clock: Clock
) -> None:
    mailbox.refused_for["cto@"] = 550
    asked(cast, clock)
    page = sign_in(app.test_client(), cast.admin).get("/larkspur/settings").text
    assert "No mail is sent: no mail server is set (ADR_SMTP_URL)." in page
    assert "1 letter could not be sent." in page and "(550)" in page
