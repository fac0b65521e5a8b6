"""Working days and holidays: due days go by them from the act on, and the record verifies."""

from datetime import timedelta

import pytest

from adr_app.domain.errors import Invalid, NotAllowed
from adr_app.models.flags import SpanRow
from adr_app.models.people import Company
from adr_app.models.reviews import Review
from adr_app.services import decision_rows, drafts, flags, reviews, working_days
from adr_app.services.verification import verify
from adr_app.web.filters import due_day
from tests.casts import Cast
from tests.conftest import START

USUAL = range(5)


def asked(cast: Cast, title: str, at=START) -> int:
    cto = cast.viewer("cto", at)
    made = drafts.draft(cto, {"title": title}, at=at)
    reviews.ask(cto, made.number, at=at)
    return made.id


def due(decision_id: int) -> str:
    return due_day(Review.get(Review.decision_id == decision_id).due_at, "UTC", START.date())


def standing(decision_id: int) -> list[tuple[str, object]]:
    rows = SpanRow.select().where(SpanRow.subject_id == decision_id, SpanRow.kind == "standing")
    return [
        (due_day(row.starts, "UTC", START.date()), row.detail.get("due")) for row in rows.order_by(SpanRow.id)
    ]


def test_a_holiday_moves_what_is_still_due_from_that_act_on_and_what_was_said_before_stays(
    cast: Cast,
) -> None:
    late = asked(cast, "Long ago", START)
    assert due(late) == "Tue 1 Dec"
    later = START + timedelta(days=3)
    open_still = asked(cast, "Asked on Friday", later)
    assert due(open_still) == "Fri 4 Dec"
    before = standing(open_still)
    after_due = START + timedelta(days=8)
    admin = cast.viewer("admin", after_due)
    text = "2026-12-03 Company day\n\n 2026-12-25, Christmas "
    assert working_days.set_calendar(admin, USUAL, text, at=after_due) == 1
    assert (due(late), due(open_still)) == ("Tue 1 Dec", "Mon 7 Dec"), "what was due already stays as it was"
    assert standing(open_still)[0] == before[0] and len(standing(open_still)) > len(before)
    again = cast.viewer("admin", after_due)
    assert (
        working_days.set_calendar(again, USUAL, "2026-12-25 Christmas\n2026-12-03 Company day", at=after_due)
        is None
    )
    number = drafts.draft(cast.viewer("cto", after_due), {"title": "New"}, at=after_due).number
    assert due(reviews.ask(cast.viewer("cto", after_due), number, at=after_due).decision_id) == "Thu 10 Dec"
    reviews.answer(cast.viewer("vciso", after_due), number, "question", base=1, text="Where?", at=after_due)
    reply_at = after_due + timedelta(days=2)
    reviews.reply(cast.viewer("cto", reply_at), number, "Here.", at=reply_at)
    assert due(decision_rows.find(cast.viewer("cto", reply_at), number).id) == "Fri 11 Dec", (
        "the holiday was no day with the author"
    )
    company = Company.get_by_id(cast.company.id)
    assert verify(company).broken is None
    assert flags.check(company).different == []


@pytest.mark.parametrize(
    ("week", "holidays", "field", "says"),
    [
        ((), "", "week", "at least one day"),
        ((0, 9), "", "week", "at least one day"),
        (USUAL, "2026-12-25 Christmas\nsecond day", "holidays", "Line 2: begin with a day"),
        (USUAL, "2026-02-30", "holidays", "Line 1: begin with a day"),
        (USUAL, "9999-02-03", "holidays", "Line 1: begin with a day"),
        (USUAL, "2026-12-25\n2026-12-25 Again", "holidays", "Line 2: 2026-12-25 is there twice"),
        (USUAL, "2026-12-25 " + "x" * 81, "holidays", "shorten the name"),
    ],
)
def test_what_is_no_calendar_is_refused_with_the_line_that_is_wrong(
    cast: Cast, week, holidays: str, field: str, says: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        working_days.set_calendar(cast.viewer("leader", START), week, holidays, at=START)
    assert says in refusal.value.fields[field]
    with pytest.raises(NotAllowed):
        working_days.set_calendar(cast.viewer("vciso", START), USUAL, "2026-12-25", at=START)
