"""First screens in the words that people read on a Tuesday, each number as long as its list."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from adr_app.models.decisions import Decision
from adr_app.models.people import Person
from adr_app.services import (
    comments,
    companies,
    debt,
    decisions,
    drafts,
    engagements,
    exceptions,
    first_role,
    people,
    pressures,
    reviews,
    risks,
)
from adr_app.services import working_copies as copies
from adr_app.services.people import Viewer
from tests.casts import Cast, cast_of, quick_passwords, sign_in, somebody
from tests.conftest import START, Clock
from tests.services.pressing import AUDIT
from tests.services.security_company import NONE
from tests.web.reading import count, links, listed, rows, section, stat, value, words

RISKY = {**NONE, "data": "yes"}
TUESDAY = START


@pytest.fixture
def here(app: Flask) -> Iterator[Cast]:
    """Larkspur with Sam, Vera and Priya in it, since two months."""
    with quick_passwords():
        made = cast_of("Larkspur", START - timedelta(days=60), zone="Europe/Berlin")
        for role, name in (("cto", "Sam Okafor"), ("vciso", "Vera Lindqvist"), ("leader", "Priya Nair")):
            person = getattr(made, role)
            person.name = name
            person.save()
        yield made


def home(app: Flask, person: Person) -> str:
    answer = sign_in(app.test_client(), person).get("/")
    assert answer.status_code == 200
    return answer.text


def drafted(here: Cast, title: str, at=START, answers=RISKY, who="cto", **fields) -> Decision:
    return drafts.draft(here.viewer(who, at), {"title": title, **fields}, answers=answers, at=at)


def proposed(here: Cast, title: str, at=START, answers=RISKY, who="cto", **fields) -> Decision:
    made = drafted(here, title, at, answers, who, **fields)
    return decisions.propose(here.viewer(who, at), made.number, at=at)


def asked(here: Cast, title: str, at=START, **fields) -> Decision:
    made = drafted(here, title, at, **fields)
    reviews.ask(here.viewer("cto", at), made.number, at=at)
    return made


def answered(here: Cast, made: Decision, code: str, at=START, **more) -> None:
    reviews.answer(here.viewer("vciso", at), made.number, code, base=1, at=at, **more)


def accepted(here: Cast, made: Decision, at=START) -> Decision:
    viewer = here.viewer("cto", at)
    return decisions.accept(viewer, made.number, base=1, reason="It could not wait.", at=at)


def put(here: Cast, made: Decision, question: str, by: date = date(2026, 11, 27), at=START) -> None:
    exceptions.ask(
        here.viewer("cto", at), made.number, question=question, answer_by=by, at=at,
        technology_says="Yes. Replacing them now moves the launch by three weeks.",
    )  # fmt: skip


def another(name: str, leader: Person, at=START - timedelta(days=60), **roles: Person) -> Viewer:
    """Found another company of a leader, and return its CTO there (or the leader)."""
    founded = companies.found(name, at=at, first=leader, roles=["leader"], zone="Europe/Berlin")
    viewer = people.viewer(leader, founded.slug, at)
    for role, person in roles.items():
        engagements.appoint(viewer, role=role, email=person.email, at=at)
    return people.viewer(roles.get("cto", leader), founded.slug, at)


def test_sam_reads_what_needs_him_in_whole_sentences(app: Flask, here: Cast) -> None:
    renewal = asked(here, "Cloud contract renewal", decide_by="2026-12-02")
    answered(
        here,
        renewal,
        "approve-with-conditions",
        todos=[{"text": "Keys", "risk": "Old keys", "due_on": "2026-12-16"}],
    )
    answered(here, asked(here, "Text reminders"), "question", text="Where are the numbers stored?")
    accepted(here, proposed(here, "New login provider"))
    needs = section(home(app, here.cto), "Needs you")
    assert rows(needs) == [
        "AD-0002 Text reminders Vera asks: Where are the numbers stored? Answer",
        "AD-0001 Cloud contract renewal Decide by Wed 2 Dec Checked, to-dos open Decide",
        "AD-0003 New login provider Decided Tue 24 Nov Made without vCISO input · not asked Ask Vera now",
    ]
    assert count(needs) == 3


def test_what_a_member_proposed_for_tomorrow_stands_on_sams_screen(app: Flask, here: Cast) -> None:
    proposed(here, "Harmless", answers=NONE, who="member", decide_by="2026-11-25")
    proposed(here, "Touches data", who="member")
    assert rows(section(home(app, here.cto), "Needs you")) == [
        "AD-0001 Harmless Decide by Wed 25 Nov Not asked yet Decide",
        "AD-0002 Touches data Not asked yet Send to Vera",
    ]


def test_one_click_sends_a_proposal_to_vera(app: Flask, here: Cast) -> None:
    proposed(here, "Touches data", who="member")
    sam = sign_in(app.test_client(), here.cto)
    page = sam.get("/").text
    action = re.search(r'<form method="post" action="([^"]*)">', section(page, "Needs you"))
    token = re.search(r'name="csrf_token" value="([^"]*)"', page)
    assert action is not None and token is not None
    assert sam.post(action[1], data={"csrf_token": token[1]}).status_code == 302
    assert rows(section(sam.get("/").text, "Waiting for others")) != []


def test_where_nobody_is_engaged_as_vciso_the_way_leads_to_people_and_not_to_a_dead_end(
    app: Flask, here: Cast
) -> None:
    leader = here.viewer("leader", START)
    held = next(e for e in people.engaged(here.company.id, START) if e.role == "vciso")
    engagements.end(leader, held.id, at=START - timedelta(hours=1))
    accepted(here, proposed(here, "Decided alone"))
    sam = sign_in(app.test_client(), here.cto)
    needs = section(sam.get("/").text, "Needs you")
    assert rows(needs) == [
        "AD-0001 Decided alone Decided Tue 24 Nov Made without vCISO input · nobody was engaged "
        "Engage a vCISO"
    ]
    assert sam.get(links(needs)["Engage a vCISO"]).status_code == 200


def test_what_waits_for_others_says_for_whom_and_carries_a_line_to_remind_them(
    app: Flask, here: Cast, clock: Clock
) -> None:
    late, by_friday = START - timedelta(days=13), START - timedelta(days=4)
    asked(here, "Replace the backup tool", at=late)
    asked(here, "Move billing", at=by_friday)
    codes = asked(here, "Login codes", at=by_friday)
    answered(here, codes, "deny", by_friday, text="Codes can be stolen.")
    put(here, codes, "May we keep them?")
    waiting = section(home(app, here.cto), "Waiting for others")
    said = rows(waiting)
    assert said[0] == (
        "AD-0001 Replace the backup tool No answer, was due Wed 18 Nov Asked Wed 11 Nov "
        "Decide without the answer"
    )
    assert said[1].startswith("AD-0002 Move billing With Vera, due Fri 27 Nov Remind")
    assert said[2].startswith("AD-0003 Login codes With Priya, answer by Fri 27 Nov Remind")
    lines = re.findall(r'<input class="input" id="remind-[^"]*" value="([^"]*)" readonly>', waiting)
    assert lines[0] == (
        "AD-0002 Move billing – with Vera, due Fri 27 Nov – "
        "http://localhost/larkspur/decisions/AD-0002/review"
    )
    assert f'data-copy="{lines[0]}"' in waiting
    assert count(waiting) == 3


def test_the_calm_words_name_the_next_date_whatever_it_is(app: Flask, here: Cast) -> None:
    drafted(here, "Some day")
    assert "Nothing needs you today." in home(app, here.cto)
    drafted(here, "Renewal", decide_by="2026-12-02")
    assert "Nothing needs you today. Next date: AD-0002, decide by Wed 2 Dec." in home(app, here.cto)
    asked(here, "Billing", at=START)
    assert "Next date: AD-0003, answer due Tue 1 Dec." in home(app, here.cto)


def test_more_than_fits_is_counted_whole_and_the_rest_is_one_click_away(app: Flask, here: Cast) -> None:
    for number in range(11):
        proposed(here, f"Proposal {number}")
    sam = sign_in(app.test_client(), here.cto)
    needs = section(sam.get("/").text, "Needs you")
    assert (count(needs), len(rows(needs))) == (11, 8)
    assert "3 more" in words(needs)
    assert listed(sam, links(needs)["what is proposed"]) == 11


def test_every_number_of_sams_companies_is_as_long_as_its_list(app: Flask, here: Cast) -> None:
    drafted(here, "A draft", at=START - timedelta(days=12))
    asked(here, "Asked")
    accepted(here, proposed(here, "Unasked"))
    accepted(here, asked(here, "Asked too late"))
    sam = sign_in(app.test_client(), here.cto)
    table = section(sam.get("/").text, "Your companies")
    assert "Larkspur 2 12 days 2 no estimate yet Add one" in words(table)
    for label in ("Undecided", "Without vCISO input"):
        cell = table.split(f'<td data-label="{label}"')[1].split("</td>")[0]
        ((number, href),) = links(cell).items()
        assert listed(sam, href) == int(number) == 2


def test_what_was_noted_waits_to_be_finished(app: Flask, here: Cast) -> None:
    copies.keep(here.viewer("cto", START), {"title": "Kafka or a table?"}, at=START - timedelta(days=5))
    assert rows(section(home(app, here.cto), "Noted, not finished")) == [
        "Larkspur Kafka or a table? from Thu 19 Nov Finish"
    ]


def test_vera_reads_what_waits_by_due_day_with_its_reasons_and_minutes(app: Flask, here: Cast) -> None:
    asked(here, "Replace the backup tool", at=START - timedelta(days=11))
    asked(here, "AI notes", at=START - timedelta(days=7), data=["health"], vendors="Notewise")
    asked(here, "Move billing", at=START - timedelta(days=4))
    page = home(app, here.vciso)
    queue = section(page, "Waiting for your answer")
    assert rows(queue) == [
        "AD-0001 Replace the backup tool 4 days late data about people, money or health"
        " · about 3 minutes Open",
        "AD-0002 AI notes today health data · an outside firm · about 3 minutes Open",
        "AD-0003 Move billing by Fri 27 Nov data about people, money or health · about 3 minutes Open",
    ]
    assert "about 9 minutes" in words(queue) and links(queue)["Start"].endswith("/AD-0001/review")


def test_vera_reads_what_was_decided_without_her_and_before_she_came(app: Flask, here: Cast) -> None:
    accepted(here, proposed(here, "New login provider", START - timedelta(days=1)), START - timedelta(days=1))
    accepted(here, proposed(here, "Older one", START - timedelta(days=2)), START - timedelta(days=2))
    typed = {"title": "Old servers", "decided_on": "2020-05-04"}
    decisions.record_decided(here.viewer("cto", START), typed, at=START)
    vera = sign_in(app.test_client(), here.vciso)
    page = vera.get("/").text
    assert "Nobody waits for you. 2 decisions were made without you; look when you have time." in words(page)
    without = section(page, "Decided without you")
    assert "Larkspur 2 AD-0001 New login provider , yesterday Look" in words(without)
    assert count(without) == listed(vera, links(without)["Look"]) == 2
    older = section(page, "Older than this log")
    assert "Larkspur 1 older than this log, not checked" in words(older)
    assert count(older) == vera.get(links(older)["Sort them"]).text.count('<li class="sorting">') == 1
    assert page.index("Decided without you") < page.index("Older than this log")


def test_where_vera_is_new_what_was_decided_before_she_came_stands_higher(app: Flask, here: Cast) -> None:
    accepted(here, proposed(here, "New login provider", START - timedelta(days=1)), START - timedelta(days=1))
    ostara = another("Ostara", here.leader, START - timedelta(days=3), cto=here.cto, vciso=here.vciso)
    for viewer, many in ((here.viewer("cto", START), 1), (ostara, 2)):
        for _ in range(many):
            typed = {"title": "Old servers", "decided_on": "2020-05-04"}
            decisions.record_decided(viewer, typed, at=START)
    page = home(app, here.vciso)
    came, older = section(page, "Decided before you came"), section(page, "Older than this log")
    assert rows(came) == ["Ostara 2 older than this log, not checked Sort them"] and count(came) == 2
    assert rows(older) == ["Larkspur 1 older than this log, not checked Sort them"] and count(older) == 1
    places = [page.index(f">{title}") for title in ("Waiting for your answer", "Decided before you came",
              "Decided without you", "Older than this log")]  # fmt: skip
    assert places == sorted(places)
    assert links(came)["Sort them"] == "/ostara/older"


def test_vera_reads_for_whom_she_waits_and_since_when(app: Flask, here: Cast) -> None:
    codes = asked(here, "Login codes", at=START - timedelta(days=5))
    answered(here, codes, "deny", START - timedelta(days=5), text="Codes can be stolen.")
    put(here, codes, "May we?", at=START - timedelta(days=5))
    reminders = asked(here, "Text reminders", at=START - timedelta(days=3))
    answered(here, reminders, "question", START - timedelta(days=1), text="Where are the numbers?")
    waiting = rows(section(home(app, here.vciso), "Waiting for them"))
    assert waiting[0].startswith("AD-0002 Text reminders Sam, since yesterday Where are the numbers? Remind")
    assert waiting[1].startswith("AD-0001 Login codes Priya, since Thu 19 Nov May we? Remind")


def test_vera_reads_what_ends_soon_on_its_last_day(app: Flask, here: Cast) -> None:
    keys = asked(here, "Backups")
    todos = [{"text": "Change the keys", "risk": "Old keys", "due_on": "2026-12-01"}]
    answered(here, keys, "approve-with-conditions", todos=todos)
    codes = asked(here, "Codes")
    answered(here, codes, "deny", text="Unsafe.")
    leader = here.viewer("leader", START)
    risks.take(leader, codes.number, reason="The launch moves.", until=date(2026, 12, 8), at=START)
    assert rows(section(home(app, here.vciso), "Due in 30 days")) == [
        "AD-0001 Backups To-do due Tue 1 Dec Change the keys Open",
        "AD-0002 Codes Risk ends Tue 8 Dec The launch moves. Open",
    ]


def test_silence_is_said_and_other_work_does_not_hide_it(app: Flask, here: Cast, clock: Clock) -> None:
    drafted(here, "The last one", at=START - timedelta(days=41))
    debt.note(here.viewer("member", START), title="Slow tests", at=START)
    quiet = section(home(app, here.vciso), "Quiet")
    (said,) = rows(quiet)
    assert said.startswith("Larkspur No decision recorded for 41 days Ask what was decided")
    assert "Larkspur: no decision recorded for 41 days. What was decided? – http://localhost/" in quiet


def test_vera_goes_to_a_decision_by_its_reference(app: Flask, here: Cast) -> None:
    drafted(here, "Move billing")
    vera = sign_in(app.test_client(), here.vciso)
    assert 'action="/find"' in vera.get("/").text
    for typed in ("AD-0001", "ad-1", "1"):
        assert vera.get("/find", query_string={"q": typed}).location == "/larkspur/decisions/AD-0001"


def test_a_reference_that_two_companies_have_is_asked_about(app: Flask, here: Cast) -> None:
    cto = another("Ostara", somebody("olga@ostara.example", START), vciso=here.vciso, cto=here.cto)
    drafted(here, "Move billing")
    drafts.draft(cto, {"title": "New login"}, at=START)
    vera = sign_in(app.test_client(), here.vciso)
    page = vera.get("/find?q=AD-0001").text
    assert links(page)["Move billing"] == "/larkspur/decisions/AD-0001"
    assert links(page)["New login"] == "/ostara/decisions/AD-0001"


@pytest.mark.parametrize("typed", ["AD-0002", "AD-9999", "billing", "2147483648", "", "99999999999999999999"])
def test_what_is_no_decision_of_ones_own_is_not_found_and_search_is_offered(
    app: Flask, here: Cast, typed: str
) -> None:
    stranger = cast_of("Ostara", START)
    for title in ("One", "Two"):
        drafts.draft(stranger.viewer("cto", START), {"title": title}, at=START)
    answer = sign_in(app.test_client(), here.vciso).get("/find", query_string={"q": typed})
    assert answer.status_code == 200
    assert "Ostara" not in answer.text and "Larkspur" in answer.text
    assert ("No decision of yours has this reference." in answer.text) == bool(typed)


def test_priya_reads_one_question_with_a_sentence_from_each_adviser(app: Flask, here: Cast) -> None:
    codes = asked(here, "Login codes")
    answered(here, codes, "deny", text="Codes can be stolen; patient records could then be read.")
    put(here, codes, "May we keep text-message login codes until 31 March?")
    for page in (
        home(app, here.leader),
        sign_in(app.test_client(), here.leader).get("/larkspur/dashboard").text,
    ):
        assert rows(section(page, "Needs you"))[0] == (
            "AD-0001 May we keep text-message login codes until 31 March? Answer by Fri 27 Nov "
            "Vera, security: No. Codes can be stolen; patient records could then be read. "
            "Sam, technology: Yes. Replacing them now moves the launch by three weeks. Answer"
        )


def test_a_leader_of_five_companies_misses_no_question(app: Flask, here: Cast) -> None:
    for name in ("Alder", "Birch", "Cedar", "Damson"):
        cto = another(name, here.leader, cto=here.cto, vciso=here.vciso)
        made = drafts.draft(cto, {"title": f"Codes of {name}"}, answers=RISKY, at=START)
        reviews.ask(cto, made.number, at=START)
        vera = people.viewer(here.vciso, cto.company.slug, START)
        reviews.answer(vera, made.number, "deny", base=1, text="No.", at=START)
        exceptions.ask(
            cto, made.number, question=f"May we, at {name}?", technology_says="Yes.",
            answer_by=date(2026, 11, 27), at=START,
        )  # fmt: skip
    leader = sign_in(app.test_client(), here.leader)
    page = leader.get("/").text
    needs = section(page, "Needs you")
    assert count(needs) == 4
    for name in ("Alder", "Birch", "Cedar", "Damson"):
        assert f"May we, at {name}?" in needs
    others = links(section(page, "Numbers of your other companies"))
    assert list(others) == ["Damson: see the dashboard", "Larkspur: see the dashboard"]
    assert all(leader.get(href).status_code == 200 for href in others.values())


@pytest.mark.parametrize(
    ("label", "link"),
    [("Made without vCISO input", "See the list"), ("Decided this month", "See all")],
)
def test_priyas_numbers_are_as_long_as_their_lists(app: Flask, here: Cast, label: str, link: str) -> None:
    accepted(here, proposed(here, "Unasked", START - timedelta(days=40)), START - timedelta(days=40))
    accepted(here, proposed(here, "Harmless", answers=NONE))
    accepted(here, asked(here, "Asked too late"))
    drafted(here, "A draft")
    leader = sign_in(app.test_client(), here.leader)
    page = leader.get("/").text
    part = stat(page, label)
    assert listed(leader, links(part)[link]) == int(value(part)) == 2
    assert listed(leader, links(stat(page, "Decided this month"))["1 undecided"]) == 1
    share = stat(page, "Was security asked?")
    before, all_of = value(share).split(" of ")
    assert before == "0" and "See the 0" not in links(share), "there is nothing to see behind none"
    assert listed(leader, links(share)[f"See all {all_of}"]) == int(all_of)


def test_priya_with_nothing_to_do_reads_the_next_date_and_whose_it_is(app: Flask, here: Cast) -> None:
    assert "No decisions yet." in home(app, here.leader)
    drafted(here, "Cloud contract", decide_by="2026-12-02")
    assert "Nothing needs you. Next date: Cloud contract, Wed 2 Dec (Sam)." in home(app, here.leader)


def test_who_asked_which_role_comes_first_is_offered_that_one_above_the_other(app: Flask) -> None:
    with quick_passwords():
        cast = cast_of("Harbour", START)
    for one in people.engaged(cast.company.id, START):
        if one.role in ("vciso", "cto"):
            engagements.end(cast.viewer("leader", START), one.id, at=START)
    leader = cast.viewer("leader", START + timedelta(hours=1))

    def begins() -> str:
        return str(words(section(home(app, cast.leader), "Begin here")))

    assert begins().index("Invite who decides") < begins().index("Invite the vCISO")
    pressures.note(leader, AUDIT, at=START + timedelta(hours=1))
    first_role.assess(leader, gains="no", interest="", at=START + timedelta(hours=1))
    assert begins().index("Invite the vCISO") < begins().index("Invite who decides")


def test_the_first_screen_of_an_empty_company_offers_the_next_acts(app: Flask, here: Cast) -> None:
    vciso = next(e for e in people.engaged(here.company.id, START) if e.role == "vciso")
    engagements.end(here.viewer("leader", START), vciso.id, at=START - timedelta(hours=1))
    leader = sign_in(app.test_client(), here.leader)
    begin = section(leader.get("/").text, "Begin here")
    assert [re.split(" (?:Who|Three|The fractional) ", row)[0] for row in rows(begin)] == [
        "Which role do you need first?", "Invite the vCISO", "Record the first decision",
    ]  # fmt: skip
    assert leader.get(links(begin)["Find out"]).status_code == 200
    assert '<option value="vciso" selected>' in leader.get(links(begin)["Invite"]).text
    assert leader.get(links(begin)["Record it"]).status_code == 200
    deciding = section(home(app, here.cto), "Begin here")
    cto = sign_in(app.test_client(), here.cto)
    assert "Send the files you have" in cto.get(links(deciding)["Import"]).text
    assert "Invite" not in words(deciding), "a CTO invites no adviser"
    assert "Begin here" not in home(app, here.member)
    drafted(here, "The first")
    assert "Begin here" not in home(app, here.leader) + home(app, here.cto)


def test_somebody_of_the_team_reads_what_they_did_not_finish(app: Flask, here: Cast) -> None:
    copies.keep(here.viewer("member", START), {"title": "Kafka or a table?"}, at=START)
    page = home(app, here.member)
    assert "Needs you" not in page
    assert rows(section(page, "Noted, not finished")) == ["Larkspur Kafka or a table? from Tue 24 Nov Finish"]


def test_pages_of_numbers_offer_to_print(app: Flask, here: Cast) -> None:
    drafted(here, "The first")
    leader = sign_in(app.test_client(), here.leader)
    for address in ("/", "/larkspur/dashboard"):
        assert "data-print hidden>Print</button>" in leader.get(address).text


def test_a_question_of_leadership_in_a_discussion_stands_on_both_advisers_screens_until_it_is_answered(
    app: Flask, here: Cast
) -> None:
    made = asked(here, "Login codes")
    comments.write(here.viewer("leader", START), made.number, "What would a key cost?", asks=True, at=START)
    expected = "AD-0001 Login codes Priya asks: What would a key cost? Answer"
    assert expected in rows(section(home(app, here.cto), "Needs you"))
    asking = section(home(app, here.vciso), "Leadership asks")
    assert rows(asking) == [expected]
    assert links(asking)["Answer"].endswith("/larkspur/decisions/AD-0001#discussion")
    assert "asks: What would a key cost?" not in home(app, here.leader)
    comments.write(here.viewer("cto", START), made.number, "Two days.", at=START)
    assert "asks: What would a key cost?" not in home(app, here.cto) + home(app, here.vciso)
