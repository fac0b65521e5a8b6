"""Noted, not finished: what somebody typed and kept for later, seen by nobody else."""

from datetime import datetime
from typing import Any

from peewee import Expression, Query, fn

from adr_app.domain.permissions import Act
from adr_app.models.base import writing
from adr_app.models.decisions import Decision, WorkingCopy
from adr_app.services.people import Viewer


def keep(
    viewer: Viewer,
    fields: dict[str, Any],
    *,
    decision: Decision | None = None,
    base: int = 0,
    copy: int | None = None,
    at: datetime,
) -> WorkingCopy:
    """Keep what somebody typed but did not save: one copy per person and decision, several for new ones.

    `copy` is the one it was continued from. New decisions count down from zero in place of a decision's id,
    so that keeping a second one never overwrites the first.
    """
    viewer.require(Act.DRAFT)
    with writing():
        earlier = find(viewer, copy) if copy is not None else None
        if earlier is not None and earlier.decision_id <= 0 and decision is None:
            place = earlier.decision_id
        else:
            place = decision.id if decision is not None else _free_place(viewer)
        WorkingCopy.insert(
            company=viewer.company.id,
            person=viewer.person.id,
            decision_id=place,
            base=base,
            fields=fields,
            saved_at=at,
        ).on_conflict(
            conflict_target=[WorkingCopy.company, WorkingCopy.person, WorkingCopy.decision_id],
            preserve=[WorkingCopy.base, WorkingCopy.fields, WorkingCopy.saved_at],
        ).execute()
        kept: WorkingCopy = _mine(viewer).where(WorkingCopy.decision_id == place).get()
    return kept


def _free_place(viewer: Viewer) -> int:
    lowest = _mine(viewer).select(fn.MIN(WorkingCopy.decision_id)).scalar()
    return 0 if lowest is None or lowest > 0 else lowest - 1


def find(viewer: Viewer, copy: int) -> WorkingCopy | None:
    """Return one of this person's working copies here by its id, or None."""
    return _mine(viewer).where(WorkingCopy.id == copy).first() if 0 < copy < 2**31 else None


def of_decision(viewer: Viewer, decision: Decision) -> WorkingCopy | None:
    """Return what this person typed on a decision and did not save, or None."""
    return _mine(viewer).where(WorkingCopy.decision_id == decision.id).first()


def all_of(viewer: Viewer) -> list[WorkingCopy]:
    """Return everything this person noted here and did not finish, newest first."""
    return list(_mine(viewer).order_by(WorkingCopy.saved_at.desc(), WorkingCopy.id.desc()))


def forget(viewer: Viewer, copy: int | None) -> None:
    """Drop a working copy of this person, once it is saved or given up; None drops nothing."""
    if copy is not None and 0 < copy < 2**31:
        _forget(viewer, WorkingCopy.id == copy)


def forget_of(viewer: Viewer, decision_id: int) -> None:
    """Drop what this person typed on a decision, once it is saved."""
    _forget(viewer, WorkingCopy.decision_id == decision_id)


def _mine(viewer: Viewer) -> Query:
    return WorkingCopy.select().where(
        WorkingCopy.company == viewer.company.id, WorkingCopy.person == viewer.person.id
    )


def _forget(viewer: Viewer, which: Expression) -> None:
    WorkingCopy.delete().where(
        WorkingCopy.company == viewer.company.id, WorkingCopy.person == viewer.person.id, which
    ).execute()
