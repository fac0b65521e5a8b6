"""Whose own security answer counts for nothing: who decided, and who writes a decision down for another."""

from datetime import date

import pytest

from adr_app.domain.errors import NotAllowed
from adr_app.models.decisions import Decision
from adr_app.models.people import Person
from adr_app.services import deciders, decisions, drafts, engagements, gates, invitations, people, reviews
from adr_app.services.people import Viewer
from tests.casts import Cast, cast_of, somebody
from tests.conftest import START as AT
from tests.services.security_company import assert_true, standing


@pytest.fixture
def cast(database: object) -> Cast:
    """Everybody at Larkspur, where the vCISO is appointed CTO too: *Both* is who decides and checks."""
    made = cast_of("Larkspur", AT, go_live_on=date(2026, 10, 1))
    engagements.appoint(made.viewer("leader", AT), role="cto", person_id=made.vciso.id, at=AT)
    return made


def recorded(viewer: Viewer, *named: str, **typed: str) -> Decision:
    text = {"title": "Keep the codes", "decided_on": "2026-11-23", "decided_by": list(named), **typed}
    return decisions.record_decided(viewer, text, at=AT)


def drafted(viewer: Viewer, named: str) -> Decision:
    answers = dict.fromkeys(("data", "access", "outside", "undo"), "no")
    return drafts.draft(viewer, {"title": "Codes", "decided_by": [named]}, answers=answers, at=AT)


def own_answer(cast: Cast, made: Decision) -> None:
    reviews.answer(cast.viewer("vciso", AT), made.number, "approve", base=1, at=AT)


@pytest.mark.parametrize("named", ["Member", "Reader", "Admin", "Leader", "Nobody Known"])
def test_naming_somebody_who_may_not_decide_does_not_free_the_recorder_to_check_it(
    cast: Cast, named: str
) -> None:
    made = recorded(cast.viewer("vciso", AT), named, accountable=named)
    assert gates.has_decided(made, cast.vciso.id)
    with pytest.raises(NotAllowed, match="decided this yourself"):
        own_answer(cast, made)
    assert standing(made, AT)[0] == "no-input"
    assert_true(cast)


@pytest.mark.parametrize("named", ["Cto", "cto", "Delegate"])
def test_who_writes_down_what_somebody_decided_who_could_is_no_decider(cast: Cast, named: str) -> None:
    made = recorded(cast.viewer("vciso", AT), "Member", named)
    assert not gates.has_decided(made, cast.vciso.id)
    assert gates.has_decided(made, cast.member.id)
    own_answer(cast, made)
    assert standing(made, AT)[0] == "reviewed-late"
    assert_true(cast)


def test_who_is_named_beside_another_decided_too(cast: Cast) -> None:
    made = recorded(cast.viewer("cto", AT), "Cto", "Vciso")
    assert [gates.has_decided(made, person.id) for person in (cast.cto, cast.vciso)] == [True, True]


def test_a_named_vciso_who_may_not_accept_decided_it_as_its_recorder_did(database: object) -> None:
    cast = cast_of("Larkspur", AT)
    made = recorded(cast.viewer("cto", AT), "Vciso")
    assert [gates.has_decided(made, person.id) for person in (cast.cto, cast.vciso)] == [True, True]


def test_somebody_invited_who_never_came_in_decided_nothing_for_the_recorder(cast: Cast) -> None:
    invitations.invite(cast.viewer("leader", AT), email="new@x.example", name="Nora", role="cto", at=AT)
    assert gates.has_decided(recorded(cast.viewer("vciso", AT), "Nora"), cast.vciso.id)


def test_a_name_that_two_deciders_share_stands_for_neither_alone(cast: Cast) -> None:
    namesake = somebody("other@x.example", AT, name="CTO")
    engagements.appoint(cast.viewer("leader", AT), role="delegate", email=namesake.email, at=AT)
    made = recorded(cast.viewer("vciso", AT), "Cto")
    assert all(gates.has_decided(made, p.id) for p in (cast.vciso, cast.cto, namesake))


def test_whoever_accepts_decides_whomever_the_text_names(cast: Cast) -> None:
    vciso = cast.viewer("vciso", AT)
    made = decisions.propose(vciso, drafted(vciso, "Cto").number, at=AT)
    decisions.accept(vciso, made.number, base=1, reason="now", at=AT)
    assert gates.has_decided(made, cast.vciso.id)
    with pytest.raises(NotAllowed):
        own_answer(cast, made)


def test_who_may_accept_are_the_deciders_who_came_in_and_a_leader_while_there_is_no_cto(cast: Cast) -> None:
    leader = cast.viewer("leader", AT)
    invitations.invite(leader, email="new@x.example", name="Nora", role="delegate", at=AT)

    def names(viewer: Viewer) -> set[str]:
        return {person.name for person in deciders.who_may_accept(viewer, AT)}

    assert names(leader) == {"Cto", "Vciso", "Delegate"}
    for row in people.engagement_rows(cast.company.id):
        if row.role == "cto":
            engagements.end(leader, row.id, at=AT)
    assert names(cast.viewer("leader", AT)) == {"Leader", "Delegate"}
    Person.update(disabled_at=AT).where(Person.id == cast.delegate.id).execute()
    assert names(cast.viewer("leader", AT)) == {"Leader"}


def test_who_was_invited_and_never_came_in_does_not_keep_the_only_other_decider_from_accepting(
    database: object,
) -> None:
    cast = cast_of("Larkspur", AT)
    leader = cast.viewer("leader", AT)
    for row in people.engagement_rows(cast.company.id):
        if row.role in ("cto", "delegate"):
            engagements.end(leader, row.id, at=AT)
    engagements.appoint(leader, role="cto", person_id=cast.vciso.id, at=AT)
    invitations.invite(leader, email="new@x.example", name="Nora", role="cto", at=AT)
    vciso = cast.viewer("vciso", AT)
    made = decisions.propose(vciso, drafted(vciso, "Nora").number, at=AT)
    own_answer(cast, made)
    decisions.accept(vciso, made.number, base=1, reason="nobody else is here", at=AT)
    assert standing(made, AT)[0] == "self-reviewed"
    assert_true(cast)
