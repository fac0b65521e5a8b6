"""Looking at a decision again: what happens beneath its security OK, and who says that it still holds."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from adr_app.domain.errors import Invalid, NotAllowed, WrongState
from adr_app.models.flags import SpanRow
from adr_app.models.people import Company
from adr_app.services import (
    controls,
    decisions,
    drafts,
    flags,
    frameworks,
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


def decided(
    cast: Cast,
    title: str,
    *,
    cleared: bool = True,
    answers: dict[str, str] = FOUR,
    at: timedelta = DAY * 0,
    **typed: object,
) -> int:
    """Return the number of a decision in force, with the vCISO's OK or harmless by its own answers."""
    cto = cast.viewer("cto", START)
    answers = answers if cleared else dict.fromkeys(list(FOUR)[:4], "no")
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


def test_a_day_to_look_again_is_set_and_once_it_passed_takes_a_line_and_perhaps_another_day(
    cast: Cast,
) -> None:
    number = decided(cast, "Keep bills", cleared=False)
    cto, at = cast.viewer("cto", START), START + DAY
    day = (START + 30 * DAY).date()
    for role in ("member", "reader", "leader"):
        with pytest.raises(NotAllowed):
            looking_again.set_day(cast.viewer(role, START), number, day, at=at)
    with pytest.raises(Invalid):
        looking_again.set_day(cto, number, START.date(), at=at)
    with pytest.raises(WrongState):
        looking_again.looked(cto, number, "It holds.", at=at)
    looking_again.set_day(cto, number, day, at=at)
    assert "review-date-passed" not in on(cast, number, 29 * DAY)
    assert "review-date-passed" in on(cast, number, 32 * DAY)
    with pytest.raises(WrongState, match="Look at it now"):
        looking_again.set_day(cto, number, day + 99 * DAY, at=START + 32 * DAY)
    with pytest.raises(Invalid):
        looking_again.looked(cto, number, "  ", at=START + 32 * DAY)
    looking_again.looked(cto, number, "It holds.", again_on=day + 99 * DAY, at=START + 32 * DAY)
    assert "review-date-passed" not in on(cast, number, 32 * DAY)
    assert "review-date-passed" in on(cast, number, 140 * DAY)
    sound(cast)


def test_a_change_inside_what_an_auditor_looks_at_asks_where_its_description_was_changed(cast: Cast) -> None:
    frameworks.follow(cast.viewer("leader", START), "hipaa", at=START)
    cto, flag = cast.viewer("cto", START), "description-not-updated"
    number = decided(cast, "Open a port", answers={**FOUR, "access": "yes", "q5": "internet", "q13": "yes"})
    with pytest.raises(WrongState, match="work is done"):
        looking_again.described(cto, number, "Page 4.", at=START)
    decisions.set_implementation(cto, number, "implemented", at=START)
    assert flag not in on(cast, number, 29 * DAY) and flag in on(cast, number, 30 * DAY)
    with pytest.raises(Invalid):
        looking_again.described(cto, number, " ", at=START + 31 * DAY)
    with pytest.raises(NotAllowed):
        looking_again.described(cast.viewer("member", START), number, "Page 4.", at=START + 31 * DAY)
    looking_again.described(cto, number, "Page 4 of the description.", at=START + 31 * DAY)
    assert flag not in on(cast, number, 31 * DAY)
    sound(cast)


def test_encryption_of_government_data_is_flagged_until_a_module_is_named(cast: Cast) -> None:
    frameworks.follow(cast.viewer("leader", START), "800-171-r2", at=START)
    cto, flag = cast.viewer("cto", START), "module-not-named"
    number = decided(cast, "Encrypt drawings", data=["government"])
    with pytest.raises(WrongState):
        looking_again.module_noted(cto, number, "Certificate 4711", at=START)
    controls.map_to(cto, number, "800-171-r2 3.13.11", "changes", at=START + DAY)
    assert flag in on(cast, number, DAY)
    with pytest.raises(Invalid):
        looking_again.module_noted(cto, number, " ", at=START + DAY)
    looking_again.module_noted(cto, number, "Certificate 4711", at=START + 2 * DAY)
    assert flag not in on(cast, number, 2 * DAY) and flag in on(cast, number, DAY)
    sound(cast)
