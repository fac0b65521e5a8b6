"""Safeguards: standards that a company follows, catalogs it loads, and what its decisions do to them."""

import json
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from adr_app.domain.errors import Invalid, NotAllowed, NotFound
from adr_app.models.base import FOREVER, database
from adr_app.models.controls import Control, DecisionControl
from adr_app.models.decisions import Decision
from adr_app.models.events import Event
from adr_app.models.flags import SpanRow
from adr_app.models.people import Company
from adr_app.services import controls, decisions, flags, frameworks
from adr_app.services.people import Viewer
from adr_app.services.verification import verify
from tests.casts import Cast, cast_of, quick_passwords
from tests.conftest import START


def catalog(*codes: str, title: str = "Ours", word: str = "Lock") -> bytes:
    listed = [{"id": code, "title": f"{word} {code}"} for code in codes]
    return json.dumps(
        {"catalog": {"metadata": {"title": title, "version": "1"}, "controls": listed}}
    ).encode()


def made(cto: Viewer, **more: Any) -> Decision:
    typed = {"title": "A", "decided_on": START.date().isoformat(), **more}
    return decisions.record_decided(cto, typed, answers={"data": "yes"}, at=START)


def test_nothing_is_asked_before_a_standard_is_followed_and_then_until_a_safeguard_is_named(
    cast: Cast, cto: Viewer
) -> None:
    leader, decision = cast.viewer("leader", START), made(cto)
    assert controls.search(cto, "") == []
    with pytest.raises(NotFound):
        controls.map_to(cto, decision.number, "hipaa 164.312(b)", "supports", at=START)
    with pytest.raises(NotAllowed):
        frameworks.follow(cto, "hipaa", at=START)
    with pytest.raises(NotFound):
        frameworks.follow(leader, "no-such", at=START)
    assert frameworks.follow(leader, "hipaa", at=START)
    assert not frameworks.follow(leader, "hipaa", at=START)
    spans = SpanRow.select().where(SpanRow.code == "control-unmapped", SpanRow.ends == FOREVER)
    assert [row.subject_id for row in spans] == [decision.id]
    assert controls.search(cto, "164.312(B)")[0].code == "164.312(b)"
    with pytest.raises(Invalid):
        controls.map_to(cto, decision.number, "hipaa 164.312(b)", "breaks", at=START)
    with pytest.raises(NotAllowed):
        controls.map_to(
            cast.viewer("member", START), decision.number, "hipaa 164.312(b)", "supports", at=START
        )
    controls.map_to(cto, decision.number, "hipaa 164.312(b)", "supports", at=START)
    controls.map_to(cto, decision.number, "hipaa 164.312(b)", "weakens", at=START)  # in its place
    assert [row.effect for row in DecisionControl.select()] == ["weakens"] and not spans.count()
    (one,) = [row for row in controls.coverage(cto, "hipaa") if not row.untouched]
    assert one.code == "164.312(b)" and one.in_force("weakens") and not one.in_force("supports")
    Decision.update(restricted=True).where(Decision.id == decision.id).execute()
    member = cast.viewer("member", START)
    assert all(row.untouched for row in controls.coverage(member, "hipaa"))
    Decision.update(restricted=False).where(Decision.id == decision.id).execute()
    controls.unmap(cto, decision.number, "hipaa 164.312(b)", at=START)
    with pytest.raises(NotFound):
        controls.unmap(cto, decision.number, "hipaa 164.312(b)", at=START)
    assert frameworks.leave(leader, "hipaa", at=START) and not spans.count()
    company = Company.get_by_id(cast.company.id)
    assert not flags.check(company).different and verify(company).broken is None


def test_nobody_acts_between_a_look_at_what_is_there_and_the_act_that_follows_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader, held = cast.viewer("leader", START), []
    for name in ("_known", "rows_digest"):
        look = getattr(frameworks, name)

        def looking(*given: Any, look: Any = look) -> Any:
            held.append(database.in_transaction())
            return look(*given)

        monkeypatch.setattr(frameworks, name, looking)
    frameworks.load(leader, catalog("X-1"), at=START)
    assert frameworks.follow(leader, "catalog-ours", at=START)
    assert not frameworks.follow(leader, "catalog-ours", at=START)
    assert frameworks.leave(leader, "catalog-ours", at=START)
    assert held and all(held)


def test_a_catalog_is_loaded_once_and_its_newer_form_keeps_what_it_no_longer_lists(cast: Cast) -> None:
    leader = cast.viewer("leader", START)
    with pytest.raises(NotAllowed):
        frameworks.load(cast.viewer("member", START), catalog("X-1"), at=START)
    done = frameworks.load(leader, catalog("X-1", "X-2"), at=START)
    assert (done.key, done.controls, done.added) == ("catalog-ours", 2, 2)
    before = Event.select().count()
    done = frameworks.load(leader, catalog("X-1", "X-2"), at=START)
    assert (done.added, done.changed, Event.select().count()) == (0, 0, before)
    frameworks.load(leader, catalog("X-1", title="Other"), at=START)  # the same id, another standard
    done = frameworks.load(leader, catalog("X-2", "X-3", word="Bolt"), at=START)
    assert (done.added, done.changed, done.lacking) == (1, 2, 1)
    frameworks.load(leader, catalog("X-2", "X-3", word="Bolt"), at=START)
    rows = Control.select().where(Control.framework == "catalog-ours").order_by(Control.place)
    assert [(r.code, r.title, bool(r.withdrawn)) for r in rows] == [
        ("X-2", "Bolt X-2", False),
        ("X-3", "Bolt X-3", False),
        ("X-1", "Lock X-1", True),
    ]
    frameworks.follow(leader, "catalog-ours", at=START)
    cto = cast.viewer("cto", START)
    decision = made(cto)
    for address in ("catalog-ours X-1", "catalog-other X-1", "catalog-ours"):  # withdrawn, not followed, none
        with pytest.raises(NotFound):
            controls.map_to(cto, decision.number, address, "supports", at=START)
    with quick_passwords():
        ostara = cast_of("Ostara", START)
    with pytest.raises(NotFound):  # a catalog is its company's own
        frameworks.follow(ostara.viewer("leader", START), "catalog-ours", at=START)
    assert verify(Company.get_by_id(cast.company.id)).broken is None


def test_our_labels_stand_before_a_catalogs_titles_and_coverage_costs_the_same_for_many(
    cast: Cast, cto: Viewer
) -> None:
    leader = cast.viewer("leader", START)
    frameworks.load(leader, catalog("AC-5", "AC-99", title="NIST SP 800-53 Rev 5"), at=START)
    frameworks.follow(leader, "800-53-r5", at=START)
    found = {one.code: one.label for one in controls.coverage(cto, "800-53-r5")}
    assert found["AC-5"] == "Nobody does every step alone" and found["AC-99"] == "Lock AC-99"
    assert "SC-7" in found
    decision = made(cto)
    controls.map_to(cto, decision.number, "800-53-r5 AC-99", "supports", at=START)
    with count_queries() as few:
        controls.coverage(cto, "800-53-r5")
    for _ in range(10):
        controls.map_to(cto, made(cto).number, "800-53-r5 AC-5", "changes", at=START)
    with count_queries() as many:
        rows = controls.coverage(cto, "800-53-r5")
    assert many.count == few.count and len(next(r for r in rows if r.code == "AC-5").decisions) == 10
