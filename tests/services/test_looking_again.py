"""Looking at a decision again: what happens beneath its security OK, and who says that it still holds."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from adr_app.domain.errors import NotAllowed, WrongState
from adr_app.models.flags import SpanRow
from adr_app.models.people import Company
from adr_app.services import (
    decisions,
    drafts,
    flags,
    links,
    looking_again,
    reviews,
    systems,
    vendor_acts,
)
from adr_app.services.verification import verify
from tests.casts import Cast
from tests.conftest import START

DAY = timedelta(days=1)
FOUR = {"data": "yes", "access": "no", "outside": "no", "undo": "no", "q3": "sensitive"}


def decided(cast: Cast, title: str, *, cleared: bool = True, at: timedelta = DAY * 0, **typed: object) -> int:
    """Return the number of a decision in force, with the vCISO's OK or harmless by its own answers."""
    cto, answers = cast.viewer("cto", START), FOUR if cleared else dict.fromkeys(list(FOUR)[:4], "no")
    made = drafts.draft(cto, {"title": title, **typed}, answers=answers, at=START + at)
    decisions.propose(cto, made.number, at=START + at)
    if cleared:
        vciso = cast.viewer("vciso", START)
        told = {"text": "Fine.", "level": None, "todos": []}
        reviews.answer(vciso, made.number, "approve", base=1, **told, at=START + at)
    decisions.accept(cto, made.number, base=1, reason="Now.", at=START + at)
    return int(made.number)


def on(cast: Cast, number: int, at: timedelta) -> set[str]:
    decision = drafts.find(cast.viewer("cto", START), number)
    rows = SpanRow.running(cast.company.id, "flag", START + at).where(SpanRow.subject_id == decision.id)
    return {row.code for row in rows if row.subject_type == "decision"}


def sound(cast: Cast) -> None:
    company = Company.get_by_id(cast.company.id)
    assert flags.check(company).different == [] and verify(company).broken is None


def _system(cast: Cast, older: int) -> None:
    systems.mark_boundary(cast.viewer("member", START), "billing", True, at=START + DAY)


def _firm(cast: Cast, older: int) -> None:
    vendor_acts.describe(cast.viewer("cto", START), "Paywell", does="", data=["payment"], at=START + DAY)


def _deprecated(cast: Cast, older: int) -> None:
    decisions.deprecate(cast.viewer("cto", START), older, at=START + DAY)


def _replaced(cast: Cast, older: int) -> None:
    cto = cast.viewer("cto", START)
    typed = {"title": "Newer", "decided_on": (START + DAY).date().isoformat()}
    decisions.record_decided(cto, typed, replaces=older, at=START + DAY)


@pytest.mark.parametrize("change", [_system, _firm, _deprecated, _replaced])
def test_what_changes_beneath_an_ok_is_told_to_the_vciso_who_says_that_it_still_holds(
    cast: Cast, change: Callable[[Cast, int], None]
) -> None:
    older = decided(cast, "Run our own servers", cleared=False)
    number = decided(cast, "Keep bills", systems=["Billing"], vendors=["Paywell"])
    beside = decided(cast, "Keep colours")
    links.link(cast.viewer("cto", START), number, older, "depends", at=START)
    assert "context-changed" not in on(cast, number, DAY * 0)
    change(cast, older)
    assert "context-changed" in on(cast, number, DAY) and "context-changed" not in on(cast, beside, DAY)
    (after,) = looking_again.changed_beneath(drafts.find(cast.viewer("cto", START), number))
    vciso = cast.viewer("vciso", START)
    for wrong, who, refusal in ((after, "cto", NotAllowed), (after - 1, "vciso", WrongState)):
        with pytest.raises(refusal):
            looking_again.still_holds(cast.viewer(who, START), number, wrong, at=START + 2 * DAY)
    looking_again.still_holds(vciso, number, after, at=START + 2 * DAY)
    assert "context-changed" not in on(cast, number, 2 * DAY)
    assert "context-changed" in on(cast, number, 2 * DAY - timedelta(seconds=1)), "the fact stays"
    with pytest.raises(WrongState):
        looking_again.still_holds(vciso, number, after, at=START + 2 * DAY)
    sound(cast)
