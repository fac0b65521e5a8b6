"""A vCISO is away: each company reads until when and who answers meanwhile, and nothing of the others."""

from flask import Flask

from adr_app.models.people import Company, Engagement, Person
from adr_app.models.reviews import Review
from adr_app.services import drafts, engagements, people, reviews
from adr_app.services.verification import verify
from tests.casts import Cast, cast_of, send, sign_in
from tests.conftest import START, Clock
from tests.web.reading import rows, section, words


def asked(cast: Cast, title: str, at=START) -> Review:
    cto = cast.viewer("cto", at)
    return reviews.ask(cto, drafts.draft(cto, {"title": title}, at=at).number, at=at)


def test_who_is_away_is_said_at_each_company_with_a_deputy_of_its_own_and_no_clock_stops(
    app: Flask, cast: Cast, clock: Clock
) -> None:
    before = asked(cast, "Asked before")
    ostara = cast_of("Ostara", START)
    vera, dana = cast.vciso, Person.get(Person.email == cast.admin.email)
    engagements.appoint(cast.viewer("leader", START), role="vciso", email=dana.email, at=START)
    engagements.appoint(ostara.viewer("leader", START), role="vciso", email=vera.email, at=START)
    there = people.viewer(vera, "ostara", START)
    alone = next(e for e in people.engaged(there.company.id, START) if e.person_id == ostara.vciso.id)
    engagements.end(ostara.viewer("leader", START), alone.id, at=START)
    vera_sees, sam, olga = (sign_in(app.test_client(), one) for one in (vera, cast.cto, ostara.cto))

    page = vera_sees.get("/away").text
    assert "Larkspur: who answers meanwhile?" in page and "Ostara: nobody else is engaged" in words(page)
    wrong = (
        {"until": "2026-11-24"}, {"until": ""}, {"until": "2028-01-01"}, {"until": "soon"},
        {"until": "2026-12-07", "deputy-larkspur": str(cast.cto.id)},
    )  # fmt: skip
    for form in wrong:
        refused = send(vera_sees, "/away/leave", **form)
        assert refused.status_code == 422 and form["until"] in refused.text, form
    assert Engagement.select().where(Engagement.away_until.is_null(False)).count() == 0
    assert send(sam, "/away/leave", until="2026-12-07").status_code == 404

    typed = {"until": "2026-12-07", "deputy-larkspur": str(dana.id)}
    assert send(vera_sees, "/away/leave", **typed).status_code == 302
    due = before.due_at
    after = asked(cast, "Asked after")
    at_ostara = asked(ostara, "Asked there")
    assert (after.asked_of_id, at_ostara.asked_of_id) == (dana.id, vera.id), "nobody covers at Ostara"
    assert Review.get_by_id(before.id).due_at == due
    here = "Vciso is away until Mon 7 Dec; Admin answers meanwhile."
    waiting = rows(section(sam.get("/").text, "Waiting for others"))
    assert here in waiting[0] and "away" not in waiting[1]
    assert here in words(sam.get("/larkspur/decisions/AD-0001/review").text)
    theirs = words(olga.get("/").text + olga.get("/ostara/decisions/AD-0001/review").text)
    assert "is away until Mon 7 Dec; nobody covers. Leadership can appoint a stand-in" in theirs
    assert "Admin answers" not in theirs and "Larkspur" not in theirs
    assert len(rows(sign_in(app.test_client(), dana).get("/desk").text)) == 2

    clock.advance(days=13)
    vera_sees, sam = (sign_in(app.test_client(), one) for one in (vera, cast.cto))
    review = sam.get("/larkspur/decisions/AD-0001/review").text
    assert "Asked before" in review and "is away" not in review, "the day itself brings her back"
    assert send(vera_sees, "/away/back").status_code == 302
    assert Engagement.select().where(Engagement.away_until.is_null(False)).count() == 0
    for slug in ("larkspur", "ostara"):
        assert verify(Company.get(Company.slug == slug)).broken is None
