"""The desk: every queue of a vCISO over all of their companies, as they read it."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from adr_app.models.people import Company, Person
from adr_app.models.spelled import Spelled
from adr_app.services import (
    conditions,
    decisions,
    desk_queue,
    drafts,
    engagements,
    homes,
    levels,
    people,
    reviews,
)
from adr_app.services.people import Viewer
from adr_app.services.verification import verify
from tests.casts import Cast, cast_of, quick_passwords, send, sign_in
from tests.conftest import START
from tests.services.security_company import NONE
from tests.web.reading import links, rows, words

RISKY = {**NONE, "data": "yes"}


@pytest.fixture
def here(app: Flask) -> Iterator[Cast]:
    """Larkspur with Sam and Vera in it; Vera is vCISO of Ostara too, and CTO of Fenwick."""
    with quick_passwords():
        made = cast_of("Larkspur", START - timedelta(days=60), zone="Europe/Berlin")
        for role, name in (("cto", "Sam Okafor"), ("vciso", "Vera Lindqvist")):
            person = getattr(made, role)
            person.name = name
            person.save()
        for name, role in (("Ostara", "vciso"), ("Fenwick", "cto")):
            other = cast_of(name, START - timedelta(days=60), zone="Europe/Berlin")
            engagements.appoint(other.viewer("leader", START - timedelta(days=60)), role=role,
                                email=made.vciso.email, at=START - timedelta(days=60))  # fmt: skip
        yield made


def at_company(slug: str, role: str, at=START) -> Viewer:
    return people.viewer(Person.get(Person.email == f"{role}@{slug}.example"), slug, at)


def asked(slug: str, title: str, at=START, of: int | None = None, **fields):
    cto = at_company(slug, "cto", at)
    made = drafts.draft(cto, {"title": title, **fields}, answers=RISKY, at=at)
    reviews.ask(cto, made.number, of=of, at=at)
    return made


def queue(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return rows(answer.text)


def test_the_desk_holds_every_queue_of_all_companies_in_due_order_and_only_those_of_a_vciso(
    app: Flask, here: Cast
) -> None:
    days = {n: START - timedelta(days=n) for n in range(12)}
    vera = here.vciso.id
    done = asked("larkspur", "Cloud contract", days[6])
    asked("larkspur", "Move billing", days[4])
    asked("ostara", "Backup tool", days[11], of=vera)
    question = asked("larkspur", "Reminders", days[3])
    asked("fenwick", "Not hers to answer", days[9])
    me = here.viewer("vciso", START)
    todo = [{"text": "Change the keys", "risk": "Old keys", "due_on": "2026-12-16"}]
    reviews.answer(me, done.number, "approve-with-conditions", base=1, todos=todo, at=days[2])
    decisions.accept(here.viewer("cto", days[2]), done.number, base=1, at=days[2])
    reviews.answer(me, question.number, "question", base=1, text="Where are they?", at=days[1])
    conditions.finish(here.viewer("cto", START), done.number, conditions.of(done)[0].id,
                      evidence="Ticket 12", at=START)  # fmt: skip
    harmless = drafts.draft(here.viewer("member", START), {"title": "Blue logo"}, answers=NONE, at=START)
    levels.declare_harmless(here.viewer("member", START), harmless.number, reason="A logo.", at=START)
    decisions.propose(here.viewer("cto", START), harmless.number, at=START)
    decisions.accept(here.viewer("cto", START), harmless.number, base=1, reason="A logo.", at=START)

    client = sign_in(app.test_client(), here.vciso)
    home = client.get("/").text
    assert links(home)["See all"] == "/desk"
    page = client.get("/desk").text
    assert rows(page) == [
        "Ostara · AD-0001 Backup tool 4 days late data about people, money or health · about 3 minutes Open",
        "Larkspur · AD-0002 Move billing by Fri 27 Nov"
        " data about people, money or health · about 3 minutes Open",
    ]
    assert "Fenwick" not in page.split("<main")[1], "what she decides there is not hers to answer"
    tabs = {name: href for name, href in links(page).items() if name.rpartition(" ")[2].isdigit()}
    assert list(tabs) == ["Waiting for you 2", "Waiting for the author 1", "To-dos to check off 1",
                          "Declared harmless: is it? 1", "What you answered 2"]  # fmt: skip
    (them,) = queue(client, tabs["Waiting for the author 1"])
    assert them.startswith("Larkspur · AD-0003 Reminders Sam, since yesterday Where are they? Remind")
    (check,) = queue(client, tabs["To-dos to check off 1"])
    assert check == "Larkspur · AD-0001 Cloud contract Done Tue 24 Nov by Sam Change the keys Check it"
    (quiet,) = queue(client, tabs["Declared harmless: is it? 1"])
    assert quiet.startswith("Larkspur · AD-0004 Blue logo Decided today Member answered no to all")
    assert queue(client, tabs["What you answered 2"]) == [
        "Larkspur · AD-0003 Reminders You asked a question on Mon 23 Nov"
        " Now: proposed · A question waits for the author You: Where are they? Open",
        "Larkspur · AD-0001 Cloud contract You said OK, with to-dos on Sun 22 Nov"
        " Now: accepted Sun 22 Nov · Checked, to-dos open Open",
    ]
    assert [row.split(" · ")[0] for row in queue(client, "/desk?late=yes")] == ["Ostara"]
    assert [row.split(" · ")[0] for row in queue(client, "/desk?company=larkspur&level=2")] == ["Larkspur"]
    assert queue(client, "/desk?level=0") == [] and "Nothing fits." in client.get("/desk?level=0").text


def test_the_desk_asks_the_database_as_often_for_six_companies_as_for_two(app: Flask, here: Cast) -> None:
    def asks(what: str) -> int:
        me = homes.mine(here.vciso, people.companies_of(here.vciso.id, START), START)
        wanted = desk_queue.check(me, desk_queue.Wanted(what))
        with count_queries() as counted:
            assert desk_queue.page(me, wanted).rows and desk_queue.counts(me, wanted)[what]
        return counted.count

    def work(slug: str) -> None:
        for title in ("Waits", "Was asked back"):
            made = asked(slug, title)
        vera = people.viewer(here.vciso, slug, START)
        reviews.answer(vera, made.number, "question", base=1, text="Where?", at=START)

    for slug in ("larkspur", "ostara"):
        work(slug)
    before = {what: asks(what) for what in ("waiting", "them", "answered")}
    for number in range(4):
        cast = cast_of(f"Other {number}", START - timedelta(days=60))
        leader = cast.viewer("leader", START - timedelta(days=60))
        engagements.appoint(leader, role="vciso", email=here.vciso.email, at=START - timedelta(days=60))
        work(cast.company.slug)
    assert {what: asks(what) for what in before} == before


def test_a_queue_is_counted_so_far_and_no_further_and_every_page_of_it_is_read_all_the_same(
    app: Flask, here: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_queue, "MANY", 2)
    monkeypatch.setattr(desk_queue, "PAGE", 2)
    pages = {code: Spelled(partial(desk_queue._one_page, queue)) for code, queue in desk_queue.QUEUES.items()}
    counts = {code: Spelled(partial(desk_queue._numbers, code)) for code in desk_queue.QUEUES}
    monkeypatch.setattr(desk_queue, "_PAGES", pages)
    monkeypatch.setattr(desk_queue, "_COUNTS", counts)
    for n in range(5):
        asked(
            "larkspur" if n % 2 else "ostara", f"Waits {n}", START - timedelta(days=5 - n), of=here.vciso.id
        )
    client = sign_in(app.test_client(), here.vciso)
    address, seen = "/desk?level=2", []
    while address:
        page = client.get(address).text
        assert "Waiting for you 2+" in links(page)
        seen += [row.split(" ", 4)[4] for row in rows(page)]
        address = links(page).get("Next", "")
    assert [row.partition(" ")[0] for row in seen] == ["0", "1", "2", "3", "4"]


def test_where_two_share_a_company_a_review_lies_with_both_until_one_takes_it(app: Flask, here: Cast) -> None:
    asked("ostara", "Backup tool")
    other = Person.get(Person.email == "vciso@ostara.example")
    vera, dana = (sign_in(app.test_client(), one) for one in (here.vciso, other))
    assert "asked of Vciso" in queue(vera, "/desk")[0] and len(queue(dana, "/desk")) == 1
    review = "/ostara/decisions/AD-0001/review"
    assert "It lies with Vciso and Vera Lindqvist until one takes it." in words(vera.get(review).text)
    assert send(vera, f"{review}/take").status_code == 302
    assert "you took it" in queue(vera, "/desk")[0] and queue(dana, "/desk") == []
    (taken,) = queue(dana, "/desk?what=taken")
    assert "Vera took it on Tue 24 Nov" in taken
    assert "Vera Lindqvist took it on Tue 24 Nov." in words(dana.get(review).text)
    assert "With Vera, due Tue 1 Dec" in words(sign_in(app.test_client(), Person.get(
        Person.email == "cto@ostara.example")).get("/").text)  # fmt: skip
    assert send(vera, f"{review}/take").status_code == 409, "taken twice, by the same"
    assert send(dana, f"{review}/take").status_code == 302
    assert queue(vera, "/desk") == [] and len(queue(dana, "/desk")) == 1
    vera_there = next(e for e in people.engaged(at_company("ostara", "leader").company.id, START)
                      if e.person_id == other.id)  # fmt: skip
    engagements.end(at_company("ostara", "leader"), vera_there.id, at=START)
    assert len(queue(vera, "/desk")) == 1, "who left has not taken it with them"
    assert verify(Company.get(Company.slug == "ostara")).broken is None


def test_a_long_queue_is_read_page_by_page_and_a_mistyped_address_shows_more(app: Flask, here: Cast,
                                                                           monkeypatch) -> None:  # fmt: skip
    monkeypatch.setattr(desk_queue, "PAGE", 2)
    for number in range(5):
        asked("larkspur", f"Asked {number}", START - timedelta(days=9 - number))
    client = sign_in(app.test_client(), here.vciso)
    titles, address = [], "/desk"
    for _ in range(3):
        page = client.get(address).text
        titles += [row.split(" ")[4] for row in rows(page)]
        address = links(page).get("Next", "")
    assert titles == ["0", "1", "2", "3", "4"] and address == ""
    back = links(client.get(links(page)["Back"]).text)
    assert [row.split(" ")[4] for row in queue(client, back["Back"])] == ["0", "1"]
    for wrong in ("what=everything", "company=fenwick", "level=9", "page=x.y", "page=99999999999.1"):
        answer = client.get(f"/desk?{wrong}", follow_redirects=True)
        assert answer.status_code == 200 and len(rows(answer.text)) == 2, wrong
    assert "not engaged as vCISO" in words(sign_in(app.test_client(), here.cto).get("/desk").text)
