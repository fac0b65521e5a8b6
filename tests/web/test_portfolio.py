"""An adviser's companies side by side: each number is what its list holds, and none tells of another."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playhouse.test_utils import count_queries

from adr_app.domain.permissions import Role
from adr_app.models.decisions import Decision
from adr_app.models.people import Company, Person
from adr_app.services import (
    choices,
    decisions,
    desk_queue,
    drafts,
    engagements,
    homes,
    people,
    portfolio,
    reviews,
)
from adr_app.services.homes import Mine
from adr_app.services.people import Viewer
from tests.casts import Cast, cast_of, quick_passwords, sign_in
from tests.conftest import START
from tests.services.security_company import NONE
from tests.web.reading import links, listed, words

RISKY = {**NONE, "data": "yes"}
BEFORE = START - timedelta(days=60)


@pytest.fixture
def here(app: Flask) -> Iterator[Cast]:
    """Larkspur; its vCISO Vera is vCISO of Ostara too, CTO of Fenwick, and on the team of Hale."""
    with quick_passwords():
        made = cast_of("Larkspur", BEFORE, zone="Europe/Berlin")
        for name, role in (("Ostara", "vciso"), ("Fenwick", "cto"), ("Hale", "member")):
            engaged(cast_of(name, BEFORE, zone="Europe/Berlin"), made.vciso, role)
        yield made


def engaged(cast: Cast, person: Person, role: str) -> None:
    engagements.appoint(cast.viewer("leader", BEFORE), role=role, email=person.email, at=BEFORE)


def cto_of(slug: str, at=START) -> Viewer:
    return people.viewer(Person.get(Person.email == f"cto@{slug}.example"), slug, at)


def drafted(slug: str, title: str, at=START, **fields) -> tuple[Viewer, int]:
    viewer = cto_of(slug, at)
    return viewer, drafts.draft(viewer, {"title": title, **fields}, answers=RISKY, at=at).number


def asked(slug: str, title: str, at=START, **fields) -> int:
    viewer, number = drafted(slug, title, at, **fields)
    reviews.ask(viewer, number, at=at)
    return number


def unasked(slug: str, title: str, at=START) -> int:
    viewer, number = drafted(slug, title, at)
    decisions.propose(viewer, number, at=at)
    decisions.accept(viewer, number, base=1, reason="It could not wait.", at=at)
    return number


def mine(person: Person) -> Mine:
    return homes.mine(person, people.companies_of(person.id, START), START)


def lines(page: str) -> dict[str, list[str]]:
    """Return what each company's line says, by its name."""
    found = {}
    for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, flags=re.DOTALL):
        name, *cells = (words(cell) for cell in re.split(r"</t[hd]>", row)[:-1])
        found[name] = cells
    return found


def test_each_company_has_one_line_and_the_one_with_an_answer_that_is_late_stands_first(
    app: Flask, here: Cast
) -> None:
    asked("larkspur", "Move billing", START - timedelta(days=1))
    asked("larkspur", "Reminders", decide_by="2026-12-02")
    asked("ostara", "Backup tool", START - timedelta(days=11))
    unasked("ostara", "New login")
    page = sign_in(app.test_client(), here.vciso).get("/companies").text
    assert "2 of 3 need you; an answer that is late stands first." in page
    found = lines(page)
    assert list(found) == ["Ostara Security (vCISO)", "Larkspur Security (vCISO)", "Fenwick Fractional CTO"]
    assert found["Ostara Security (vCISO)"] == [
        "1", "1", "Fri 20 Nov, late", "–", "no estimate yet", "today"
    ]  # fmt: skip
    assert found["Larkspur Security (vCISO)"] == [
        "2", "0", "Mon 30 Nov", "Wed 2 Dec: decide by", "no estimate yet", "today"
    ]  # fmt: skip
    assert found["Fenwick Fractional CTO"] == [
        "0", "0", "none waits", "–", "no estimate yet", "nothing yet"
    ]  # fmt: skip


def test_every_number_is_what_the_list_behind_it_holds(app: Flask, here: Cast) -> None:
    for title in ("One", "Two", "Three"):
        asked("larkspur", title)
    for title in ("Four", "Five"):
        unasked("larkspur", title)
    client = sign_in(app.test_client(), here.vciso)
    page = client.get("/companies").text
    row = next(part for part in page.split("<tr>")[1:] if ">Larkspur<" in part)
    assert links(row)["3"] == "/desk?company=larkspur"
    assert client.get("/desk?company=larkspur").text.count('<li class="need">') == 3
    assert listed(client, links(row)["2"]) == 2
    (due,) = (href for name, href in links(row).items() if name.startswith("Tue 1 Dec"))
    assert listed(client, due) == 3


def test_what_needs_an_adviser_is_counted_as_their_first_screen_and_their_desk_count_it(
    app: Flask, here: Cast
) -> None:
    vera = here.vciso
    with_her = asked("fenwick", "With their vCISO")
    asked("fenwick", "Asked back", START - timedelta(days=2))
    back = people.viewer(Person.get(Person.email == "vciso@fenwick.example"), "fenwick", START)
    reviews.answer(back, with_her, "question", base=1, text="Where are they kept?", at=START)
    viewer, number = drafted("fenwick", "To be decided")
    decisions.propose(viewer, number, at=START)
    unasked("fenwick", "Decided unasked")
    reviews.ask(cto_of("fenwick"), unasked("fenwick", "Asked about since"), at=START)
    for slug in ("larkspur", "ostara", "ostara"):
        asked(slug, "For her")
    me = mine(vera)
    found = {one.company.slug: one.needs for one in portfolio.portfolio(me).clients}
    assert found == {"ostara": 2, "larkspur": 1, "fenwick": 3}
    assert found["fenwick"] == choices.cto_home(me).needs_all
    for slug in ("larkspur", "ostara"):
        held = desk_queue.counts(me, desk_queue.Wanted(company=slug))
        theirs = sum(n for what, n in held.items() if what not in desk_queue.OTHERS_TURN)
        assert found[slug] == theirs


def test_only_companies_that_somebody_advises_stand_there_and_no_person_of_any_is_named(
    app: Flask, here: Cast
) -> None:
    for company in Company.select():
        cto = Person.get(Person.email == f"cto@{company.slug}.example")
        cto.name = f"Sam of {company.name}"
        cto.save()
    asked("larkspur", "A title that is Larkspur's own")
    secret = unasked("hale", "Buy the other firm")
    Decision.update(restricted=True).where(Decision.number == secret).execute()
    page = sign_in(app.test_client(), here.vciso).get("/companies").text.partition("<main")[2]
    assert [name.split(" ")[0] for name in lines(page)] == ["Larkspur", "Fenwick", "Ostara"]
    assert "Hale" not in page and "Sam of" not in page and "own" not in words(page)
    member = sign_in(app.test_client(), here.member).get("/companies").text
    assert "You advise no company as CTO or vCISO now." in member and lines(member) == {}


def test_a_company_stands_there_for_as_long_as_the_role_lasts(app: Flask, here: Cast) -> None:
    assert [one.company.slug for one in portfolio.portfolio(mine(here.vciso)).clients] == [
        *("fenwick", "larkspur", "ostara")
    ]
    leader = people.viewer(Person.get(Person.email == "leader@ostara.example"), "ostara", START)
    role = next(
        row for row in people.engagement_rows(leader.company.id, Role.VCISO) if row.person_id == here.vciso.id
    )
    engagements.end(leader, role.id, at=START)
    found = portfolio.portfolio(mine(here.vciso))
    assert [one.company.slug for one in found.clients] == ["fenwick", "larkspur"] and found.companies == 2


def test_the_menu_leads_there_for_whoever_advises_two_companies_or_more(app: Flask, here: Cast) -> None:
    page = sign_in(app.test_client(), here.vciso).get("/").text
    assert links(page)["Your companies"] == links(page)["All your companies"] == "/companies"
    inside = links(sign_in(app.test_client(), here.vciso).get("/larkspur/decisions").text)
    assert inside["All your companies"] == "/companies" and "Your companies" not in inside
    for person in (here.cto, here.leader, here.member):
        one = links(sign_in(app.test_client(), person).get("/").text)
        assert "Your companies" not in one and one["All your companies"] == "/"


def test_many_companies_are_read_page_by_page_and_a_page_that_is_none_is_the_nearest(
    app: Flask, here: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portfolio, "PAGE", 2)
    asked("ostara", "First to look at")
    client = sign_in(app.test_client(), here.vciso)
    address, seen = "/companies", []
    while address:
        page = client.get(address).text
        seen += lines(page)
        address = links(page).get("Next", "")
    assert [name.split(" ")[0] for name in seen] == ["Ostara", "Fenwick", "Larkspur"]
    last = client.get("/companies?page=2").text
    for none in ("9", "99999"):
        assert lines(client.get(f"/companies?page={none}").text) == lines(last)
    for wrong in ("0", "-1", "x", "²", "9" * 40):
        assert list(lines(client.get(f"/companies?page={wrong}").text)) == seen[:2]


def test_ten_companies_ask_the_database_as_often_as_two(app: Flask, here: Cast) -> None:
    def work(slug: str) -> None:
        asked(slug, "Waits", decide_by="2026-12-02")
        unasked(slug, "Was not asked")

    def asks() -> int:
        me = mine(here.vciso)
        with count_queries() as counted:
            assert all(one.needs and one.without_input for one in portfolio.portfolio(me).clients[:2])
        return counted.count

    for slug in ("larkspur", "fenwick"):
        work(slug)
    before = asks()
    for number in range(8):
        cast = cast_of(f"Other {number}", BEFORE)
        engaged(cast, here.vciso, "cto" if number % 2 else "vciso")
        work(cast.company.slug)
    assert asks() == before
