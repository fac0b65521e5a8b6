"""Who is away of those who answer for security, and who answers meanwhile: for the pages of a decision."""

from collections.abc import Sequence

from flask import g

from adr_app.domain.worktime import local_day
from adr_app.models.people import Engagement
from adr_app.models.reviews import Review
from adr_app.services import away
from adr_app.web.access import now
from adr_app.web.home_rows import said


def sentences(review: Review | None, vcisos: Sequence[Engagement]) -> list[str]:
    """Return a sentence for each vCISO who is away and whom a decision waits for, or would.

    That is whoever is asked, or for whom they stand in; while nobody is asked, who would be asked first. It
    is nothing to whoever reads of themselves.
    """
    company, at = g.viewer.company, now()
    today = local_day(at, company.zone)
    asked = review.asked_of_id if review else vcisos[0].person_id if vcisos else 0
    gone = [one for one in vcisos if asked in (one.person_id, one.deputy) and away.is_away(one, today)]
    gone = [one for one in gone if one.person_id != g.viewer.person.id]
    absent = away.who_is([company.id], at) if gone else {}
    return [words for one in gone if (words := said(absent.get((company.id, one.person_id)), today))]
