"""What a company says of itself: sector, stage with its history, sensitive data, market, where it works."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from adr_app.domain.first_role import STAGES, Profile
from adr_app.domain.permissions import Act
from adr_app.domain.profiles import MARKETS, SECTORS, SENSITIVE
from adr_app.models.profiles import CompanyProfile
from adr_app.services import frameworks
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as
from adr_app.services.typed import Typed

EMPTY = {"sector": "", "stage": "", "data": [], "markets": [], "jurisdictions": ""}


def newest(company_id: int) -> CompanyProfile | None:
    """Return the profile that counts now, or None where nobody has said anything."""
    found: CompanyProfile | None = (
        CompanyProfile.select()
        .where(CompanyProfile.company == company_id)
        .order_by(CompanyProfile.id.desc())
        .first()
    )
    return found


def stages(company_id: int) -> list[CompanyProfile]:
    """Return the profiles by which the stage changed, the last one first."""
    rows = CompanyProfile.select().where(CompanyProfile.company == company_id).order_by(CompanyProfile.id)
    found: list[CompanyProfile] = []
    for row in rows:
        if row.stage != (found[-1].stage if found else ""):
            found.append(row)
    return found[::-1]


def as_read(company_id: int) -> Profile:
    """Return what of a company's profile the advice reads, with the standards that it follows."""
    row = newest(company_id)
    followed = tuple(frameworks.followed(company_id))
    if row is None:
        return Profile(frameworks=followed)
    return Profile(row.stage, bool(row.data), followed, "assurance" in row.markets)


def checked(
    *, sector: str, stage: str, data: Collection[str], markets: Collection[str], jurisdictions: str
) -> dict[str, Any]:
    """Return a profile as it is kept.

    :raises Invalid: naming each field that has to be mended.
    """
    typed = Typed({"sector": sector, "stage": stage, "jurisdictions": jurisdictions})
    said: dict[str, Any] = {
        "sector": typed.one_of("sector", ("", *SECTORS)),
        "stage": typed.one_of("stage", ("", *STAGES)),
        "jurisdictions": typed.line("jurisdictions"),
        "data": [code for code in SENSITIVE if code in data],
        "markets": [code for code in MARKETS if code in markets],
    }
    for name, given in (("data", data), ("markets", markets)):
        if len(said[name]) != len(set(given)):
            typed.problems[name] = "Choose from the list."
    typed.check("The profile cannot be saved yet.")
    return said


def make(viewer: Viewer, said: dict[str, Any], at: datetime) -> CompanyProfile | None:
    """Store a profile within an act; None where it says what the newest one says."""
    row = newest(viewer.company.id)
    if said == ({key: getattr(row, key) for key in EMPTY} if row else EMPTY):
        return None
    made: CompanyProfile = CompanyProfile.create(
        company=viewer.company.id, person=viewer.person.id, at=at, **said
    )
    return made


def set_profile(
    viewer: Viewer,
    *,
    sector: str,
    stage: str,
    data: Collection[str],
    markets: Collection[str],
    jurisdictions: str,
    at: datetime,
) -> bool:
    """Say what the company is like; return whether that is new. What was said before is kept.

    :raises NotAllowed: when the viewer may not.
    :raises Invalid: naming each field that has to be mended.
    """
    viewer.require(Act.KEEP_DUTIES)
    said = checked(sector=sector, stage=stage, data=data, markets=markets, jurisdictions=jurisdictions)
    row = newest(viewer.company.id)
    if said == ({key: getattr(row, key) for key in EMPTY} if row else EMPTY):
        return False
    with acting_as(viewer, at=at) as ledger:
        made = CompanyProfile.create(company=viewer.company.id, person=viewer.person.id, at=ledger.at, **said)
        ledger.append("profile.set", ("profile", made.id), {"profile": made.id, "row": made.row_digest})
    return True
