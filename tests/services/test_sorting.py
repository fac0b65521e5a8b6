"""Quick sorting: every answer an act of its own, and a row that cannot be answered holds up no other."""

from datetime import date, timedelta

import peewee
import pytest

from adr_app.domain.errors import Invalid, NotAllowed, NotFound
from adr_app.models.comments import Comment
from adr_app.models.decisions import Decision
from adr_app.models.events import Event
from adr_app.models.flags import SpanRow
from adr_app.models.reviews import Verdict
from adr_app.services import (
    company_settings,
    decisions,
    drafts,
    engagements,
    levels,
    older,
    people,
    reviews,
    sorting,
)
from adr_app.services.people import Viewer
from adr_app.services.sorting import Outcome, Sorted
from tests.casts import Cast, cast_of, somebody
from tests.conftest import START
from tests.services.older_company import inherited, many
from tests.services.security_company import again, assert_true, open_flags, standing

NOW = START + timedelta(hours=1)
OLDER = {"inherited-not-assessed", "written-down-late"}


@pytest.fixture
def vera(cast: Cast) -> Viewer:
    return cast.viewer("vciso", NOW)


def said(made: Decision | int, code: str = "approve", reason: str = "Read it", base: int = 1) -> Sorted:
    return Sorted(made if isinstance(made, int) else made.number, base, code, reason)


def events(cast: Cast) -> list[Event]:
    return list(Event.select().where(Event.company == cast.company.id).order_by(Event.seq))


def test_each_answer_is_one_act_with_its_reason_and_takes_the_standing_of_the_answer(
    cast: Cast, vera: Viewer
) -> None:
    servers, office, later = (inherited(cast, START, title) for title in ("Servers", "Office", "Later"))
    before = len(events(cast))
    outcome = sorting.sort(
        vera,
        [
            said(servers, reason="  The backup\nplan "),
            said(office, "not-relevant", "Chairs"),
            said(later, "", ""),
        ],
        at=NOW,
    )
    assert outcome == Outcome([servers.number, office.number], {})
    added = events(cast)[before:]
    assert [(one.kind, one.subject_id, one.actor_id) for one in added] == [
        ("review.verdict", servers.id, cast.vciso.id),
        ("review.verdict", office.id, cast.vciso.id),
    ]
    given = list(Verdict.select().order_by(Verdict.id))
    assert [(v.code, v.text, v.number) for v in given] == [
        ("approve", "The backup plan", 1),
        ("not-relevant", "Chairs", 1),
    ]
    for made in (servers, office):
        assert standing(made, NOW) == ("cleared", ""), "older decisions are never late"
        assert open_flags(made) == {"written-down-late", "signoff-expired"}, "the OK runs out in two years"
    assert standing(later, NOW)[0] == "inherited" and open_flags(later) == OLDER
    late = SpanRow.select().where(SpanRow.code.in_(["reviewed-late", "accepted-no-input"]))
    assert late.count() == 0
    assert_true(cast)


def test_an_answer_is_the_same_as_one_given_on_the_decisions_own_page(cast: Cast, vera: Viewer) -> None:
    sorted_, opened = inherited(cast, START, "Sorted"), inherited(cast, START, "Opened")
    sorting.sort(vera, [said(sorted_)], at=NOW)
    reviews.answer(vera, opened.number, "approve", base=1, text="Read it", at=NOW)
    own = {"id", "decision_id", "revision_id", "digest"}
    one, other = (
        {k: v for k, v in row.items() if k not in own}
        for row in Verdict.select().order_by(Verdict.id).dicts()
    )
    assert one == other
    assert again(sorted_).level == again(opened).level == 2


def test_a_closer_look_is_no_answer_and_is_asked_for_with_its_reason(cast: Cast, vera: Viewer) -> None:
    made = inherited(cast, START)
    outcome = sorting.sort(vera, [said(made, sorting.CLOSER, "Who holds the keys?")], at=NOW)
    assert outcome == Outcome([made.number], {})
    last = events(cast)[-1]
    assert (last.kind, last.data["level"]) == ("level.raised", 3)
    words = Comment.get_by_id(last.data["said"]["comment"])
    assert (words.kind, words.text) == ("reason", "Who holds the keys?")
    assert Verdict.select().count() == 0
    assert standing(made, NOW)[0] == "inherited" and open_flags(made) == OLDER
    assert [row.why_closely for row in older.page(vera, NOW, closely=True).rows] == ["Who holds the keys?"]
    twice = sorting.sort(vera, [said(made, sorting.CLOSER, "Again")], at=NOW)
    assert "Somebody asked for a full review" in twice.refused[made.number]
    quick = sorting.sort(vera, [said(made)], at=NOW)
    assert "Somebody asked for a full review" in quick.refused[made.number]
    assert_true(cast)


def test_rows_that_cannot_be_answered_are_refused_with_a_reason_and_the_others_stored(
    cast: Cast, vera: Viewer
) -> None:
    fine, changed, answered, own, waits, mute, odd, gone = (
        inherited(cast, START, title, **more)
        for title, more in (
            *(("Fine", {}), ("Changed", {}), ("Answered", {}), ("Own", {"decided_by": "Vciso"})),
            *(("Text waits", {}), ("No reason", {}), ("No such answer", {}), ("Reason alone", {})),
        )
    )
    for made in (changed, waits):
        drafts.revise(cast.viewer("cto", START), made.number, {"context": "More"}, base=1, at=START)
    reviews.answer(vera, answered.number, "deny", base=1, text="Unsafe.", at=START)
    before = len(events(cast))
    outcome = sorting.sort(
        vera,
        [
            *(said(fine), said(changed), said(answered), said(own), said(waits, base=2)),
            *(said(mute, reason="  "), said(odd, "deny"), said(gone, "", "Read it")),
        ],
        at=NOW,
    )
    assert outcome.answered == [fine.number] and len(events(cast)) == before + 1
    assert {number: words.split(".")[0] for number, words in outcome.refused.items()} == {
        changed.number: "The text changed since you opened this page",
        answered.number: "Vciso answered this meanwhile: No",
        own.number: "You decided this yourself, so somebody else gives the security answer",
        waits.number: "A changed text waits beside the one in force",
        mute.number: "Say why, in one line",
        odd.number: "Choose one of the answers offered",
        gone.number: "Choose an answer for this reason, or empty it",
    }
    assert_true(cast)


def test_what_is_no_longer_used_or_no_longer_older_is_refused(cast: Cast, vera: Viewer) -> None:
    gone, since = inherited(cast, START, "Gone"), inherited(cast, START, "Since")
    reviews.answer(vera, gone.number, "question", base=1, text="Where?", at=START)
    decisions.deprecate(cast.viewer("cto", START), gone.number, at=START)
    company_settings.set_go_live(cast.viewer("leader", START), date(2019, 1, 1), at=START)
    outcome = sorting.sort(vera, [said(gone), said(since), said(gone, sorting.CLOSER)], at=NOW)
    assert outcome.answered == []
    assert outcome.refused == dict.fromkeys(
        (gone.number, since.number), "This is no longer among what is older than this log and unchecked."
    )
    assert sorting.sort(vera, [said(gone)], at=NOW).refused[gone.number].startswith("This decision is closed")


@pytest.mark.parametrize("code", ["approve", "not-relevant"])
def test_an_answer_that_is_sent_twice_is_given_once(cast: Cast, vera: Viewer, code: str) -> None:
    made = inherited(cast, START)
    sorting.sort(vera, [said(made, code)], at=NOW)
    twice = sorting.sort(vera, [said(made, code)], at=NOW)
    assert twice.answered == [] and "Vciso answered this meanwhile" in twice.refused[made.number]
    assert Verdict.select().count() == 1


def test_of_two_who_answer_the_same_row_the_first_one_counts(cast: Cast, vera: Viewer) -> None:
    made = inherited(cast, START)
    ines = somebody("ines@larkspur.example", START, "Ines Weber")
    engagements.appoint(cast.viewer("leader", START), role="vciso", email=ines.email, at=START)
    cast.reader = ines
    sorting.sort(cast.viewer("reader", NOW), [said(made, "not-relevant", "Only paint")], at=NOW)
    outcome = sorting.sort(vera, [said(made, sorting.CLOSER), said(made)], at=NOW)
    assert outcome.refused == {made.number: "Ines Weber answered this meanwhile: Not a security matter."}
    assert again(made).level == 2


def test_a_reason_has_one_line_of_300_characters_and_nothing_that_cannot_be_shown(
    cast: Cast, vera: Viewer
) -> None:
    numbers = many(cast, START, 3)
    long, odd, fits = (
        said(n, reason=words) for n, words in zip(numbers, ("x" * 301, "a\x00b", "x" * 300), strict=True)
    )
    outcome = sorting.sort(vera, [long, odd, fits], at=NOW)
    assert outcome.answered == [numbers[2]]
    assert outcome.refused[numbers[0]] == "Shorten this to 300 characters; it has 301."
    assert "cannot be shown" in outcome.refused[numbers[1]]


@pytest.mark.parametrize("role", ["cto", "leader", "member", "reader", "admin", "delegate"])
def test_nobody_but_the_vciso_sorts(cast: Cast, role: str) -> None:
    made = inherited(cast, START)
    with pytest.raises(NotAllowed):
        sorting.sort(cast.viewer(role, NOW), [said(made, sorting.CLOSER)], at=NOW)
    assert again(made).raised_level is None and Verdict.select().count() == 0


def test_what_is_missing_or_another_companys_is_not_found_and_nothing_is_stored(
    cast: Cast, vera: Viewer
) -> None:
    made = inherited(cast, START)
    other = cast_of("Ostara", START)
    theirs = [inherited(other, START, f"Theirs {n}") for n in range(2)][-1]
    for number in (theirs.number, 987_654, 2**31, 10**9):
        with pytest.raises(NotFound):
            sorting.sort(vera, [said(made), said(number)], at=NOW)
    assert Verdict.select().count() == 0 and standing(theirs, NOW)[0] == "inherited"


def test_more_than_a_page_at_once_is_refused(cast: Cast, vera: Viewer) -> None:
    with pytest.raises(Invalid):
        sorting.sort(vera, [said(n) for n in range(1, older.PAGE + 2)], at=NOW)


def test_a_mandate_that_ended_answers_nothing(cast: Cast, vera: Viewer) -> None:
    made = inherited(cast, START)
    leader = cast.viewer("leader", START)
    held = next(e for e in people.engaged(cast.company.id, START) if e.person_id == cast.vciso.id)
    engagements.end(leader, held.id, at=NOW)
    later = NOW + timedelta(hours=1)
    with pytest.raises(NotFound):
        sorting.sort(cast.viewer("vciso", later), [said(made)], at=later)


def test_what_was_lowered_again_can_be_sorted(cast: Cast, vera: Viewer) -> None:
    made = inherited(cast, START)
    sorting.sort(vera, [said(made, sorting.CLOSER)], at=NOW)
    levels.lower_to(vera, made.number, 1, reason="Harmless", at=NOW)
    assert sorting.sort(vera, [said(made)], at=NOW).answered == [made.number]
    assert standing(made, NOW)[0] == "cleared"
    assert_true(cast)


BUSY = (
    "CREATE FUNCTION busy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF NEW.text = 'busy' THEN RAISE EXCEPTION 'busy' USING ERRCODE = 'lock_not_available'; END IF; "
    "RETURN NEW; END $$",
    "CREATE TRIGGER busy BEFORE INSERT ON verdict FOR EACH ROW EXECUTE FUNCTION busy()",
)
"""Makes one answer fail as a busy database would."""


def test_a_database_that_is_busy_in_the_middle_holds_up_one_row_and_says_so(
    cast: Cast, vera: Viewer, database: peewee.Database, engine: str
) -> None:
    if engine != "postgresql":
        return  # SQLite has no trigger that fails like a lock
    one, two, three = many(cast, START, 3)
    for statement in BUSY:
        database.execute_sql(statement)
    outcome = sorting.sort(vera, [said(one), said(two, reason="busy"), said(three)], at=NOW)
    assert outcome == Outcome([one, three], {two: sorting.NOT_NOW})
    with pytest.raises(peewee.OperationalError):
        sorting.sort(vera, [said(two, reason="busy")], at=NOW)
    assert_true(cast)
