"""The leader's first screen: the questions put to them, at all their companies, with both advisers' words."""

from collections.abc import Iterable
from dataclasses import dataclass

from peewee import JOIN

from adr_app.domain.permissions import Role
from adr_app.models.exceptions import ExceptionAdvice, ExceptionRequest
from adr_app.models.people import Person
from adr_app.models.reviews import RiskQuestion, Verdict, VerdictTakenBack
from adr_app.services import homes
from adr_app.services.homes import Mine, Row


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of risk, who put it for technology, and what security recommends or else answered."""

    question: RiskQuestion
    technology: str
    security: Verdict | ExceptionAdvice | None


def needs_of(me: Mine) -> list[Row]:
    """Return every question of risk put to this leader, by the day it is due; none is ever left out."""
    ids = me.where(Role.LEADER)
    questions = list(
        RiskQuestion.select(RiskQuestion, Person)
        .join(Person, on=(RiskQuestion.asked_by == Person.id))
        .where(
            RiskQuestion.company.in_(ids),
            RiskQuestion.asked_of == me.person.id,
            RiskQuestion.state == "open",
        )
        .order_by(RiskQuestion.answer_by, RiskQuestion.id)
    )
    asked = with_advice(ids, questions)
    return homes.rows_of(me, ids, [("risk", one, one.question.decision_id) for one in asked])


def with_advice(company_ids: list[int], questions: Iterable[RiskQuestion]) -> list[Asked]:
    """Return questions of risk, each read with its asker, with who advises what."""
    listed = list(questions)
    said: dict[int, Verdict] = {}
    if listed:
        taken_back = (VerdictTakenBack.company == Verdict.company) & (
            VerdictTakenBack.verdict_id == Verdict.id
        )
        rows = (
            Verdict.select()
            .join(VerdictTakenBack, JOIN.LEFT_OUTER, on=taken_back)
            .where(
                Verdict.company.in_(company_ids),
                Verdict.decision_id.in_([question.decision_id for question in listed]),
                Verdict.code != "question",
                VerdictTakenBack.id.is_null(),
            )
            .order_by(Verdict.id)
        )
        said = {row.decision_id: row for row in rows}
    advised = _recommended(company_ids, [question.id for question in listed])
    return [Asked(one, one.asked_by.name, advised.get(one.id) or said.get(one.decision_id)) for one in listed]


def _recommended(company_ids: list[int], question_ids: list[int]) -> dict[int, ExceptionAdvice]:
    """Return what the vCISO recommended on the requests that some questions are the last step of."""
    if not question_ids:
        return {}
    rows = (
        ExceptionAdvice.select(ExceptionAdvice, ExceptionRequest.question_id.alias("question"))
        .join(
            ExceptionRequest,
            on=(ExceptionRequest.company == ExceptionAdvice.company)
            & (ExceptionRequest.id == ExceptionAdvice.request_id),
        )
        .where(ExceptionAdvice.company.in_(company_ids), ExceptionRequest.question_id.in_(question_ids))
    )
    return {row.question: row for row in rows.objects()}
