"""What people record of an outside firm: what it does and touches, agreements with it, how risky it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, NotFound, WrongState
from adr_app.domain.permissions import Act
from adr_app.domain.revisions import DATA
from adr_app.domain.vendors import AGREEMENTS, RISKS
from adr_app.domain.worktime import local_day
from adr_app.models.vendors import Vendor, VendorAgreement, VendorAssessment
from adr_app.services import vendor_confidence, vendors
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger, acting_as

MAX_LINE = 500


def add(viewer: Viewer, name: str, *, does: str = "", data: list[str] | None = None, at: datetime) -> Vendor:
    """List an outside firm, or say of one that decisions name already what it does and touches.

    :raises Invalid: naming the field; also when the firm is listed already, or when what is known of it was
        said beside decisions that this person may not see.
    """
    viewer.require(Act.KEEP_VENDORS)
    name = vendors.check_name(name)
    said = _said(does, data or [])
    with _acting(viewer, at) as act:
        _require_open(viewer, name, "name")
        vendor = vendors.named(viewer.company.id, [name])[0]
        if vendor.listed:
            message = "This firm is listed already. Open its page and change it there."
            raise Invalid(message, {"name": message})
        vendor.listed = True
        _describe(act, vendor, {key: value or getattr(vendor, key) for key, value in said.items()})
    return vendor


def describe(viewer: Viewer, name: str, *, does: str, data: list[str], at: datetime) -> bool:
    """Say what a firm does and which data it touches; return whether anything is new.

    :raises Invalid: when this person may not read all that was said of it, so cannot say it anew.
    """
    viewer.require(Act.KEEP_VENDORS)
    said = _said(does, data)
    vendor = vendors.find(viewer, name)
    _require_open(viewer, name, "does")
    if (vendor.does, vendor.data) == (said["does"], said["data"]):
        return False
    with _acting(viewer, at) as act:
        _require_open(viewer, name, "does")
        _describe(act, vendors.find(viewer, name), said)
    return True


def agree(
    viewer: Viewer,
    name: str,
    *,
    kind: str,
    reference: str,
    signed_on: date | None = None,
    ends_on: date | None = None,
    at: datetime,
) -> VendorAgreement:
    """Record an agreement with a firm, by where it is found.

    :raises Invalid: naming what is missing.
    """
    viewer.require(Act.KEEP_VENDORS)
    words, today = _line(reference, "reference"), local_day(at, viewer.company.zone)
    problems = {}
    if kind not in AGREEMENTS:
        problems["kind"] = "Choose from the list."
    if not words:
        problems["reference"] = "Say where it is found: a number, a file or an address."
    if signed_on is not None and signed_on > today:
        problems["signed_on"] = "That day has not come yet. Record it once it is signed."
    if ends_on is not None and (ends_on < (signed_on or today)):
        problems["ends_on"] = "It would be over already. Choose a later day, or leave it empty."
    if problems:
        raise Invalid("The agreement is not complete yet.", problems)
    with _acting(viewer, at) as act:
        vendor = vendors.find(viewer, name)
        made = VendorAgreement.create(
            company=viewer.company.id,
            vendor_id=vendor.id,
            kind=kind,
            reference=words,
            signed_on=signed_on,
            ends_on=ends_on,
        )
        act.tell("vendor.agreed", vendor, {"agreement": made.id, "row": made.row_digest})
    return made


def end_agreement(viewer: Viewer, agreement: int, *, at: datetime) -> Vendor:
    """Say that an agreement no longer holds, whatever day it was made until.

    :raises NotFound: when there is no such agreement, or with no firm that this person may know of.
    :raises WrongState: when it was ended already.
    """
    viewer.require(Act.KEEP_VENDORS)
    with _acting(viewer, at) as act:
        found = VendorAgreement.get_or_none(
            VendorAgreement.company == viewer.company.id, VendorAgreement.id == agreement
        )
        mine = Vendor.id == (found.vendor_id if found else 0)
        vendor = vendors.visible_to(viewer).where(mine).first()
        if found is None or vendor is None or not _reads(viewer, vendor, found):
            raise NotFound("There is no such page.")
        if found.ended_at is not None:
            raise WrongState("This agreement was ended already.")
        found.ended_at = act.ledger.at
        found.save(only=[VendorAgreement.ended_at])
        act.tell("vendor.agreement-ended", vendor, {"agreement": found.id})
    return vendor


def assess(
    viewer: Viewer,
    name: str,
    *,
    risk: str,
    text: str,
    assessed_on: date | None,
    valid_until: date | None,
    at: datetime,
) -> VendorAssessment:
    """Record how risky a firm was found, with the day until which that holds.

    :raises Invalid: naming what is missing.
    """
    viewer.require(Act.ASSESS_VENDOR)
    words, today = _line(text, "text"), local_day(at, viewer.company.zone)
    on = assessed_on or today
    problems = {}
    if risk not in RISKS:
        problems["risk"] = "Choose from the list."
    if on > today:
        problems["assessed_on"] = "That day has not come yet."
    if valid_until is None:
        problems["valid_until"] = "Say until when it holds: an assessment without an end grows old unseen."
    elif valid_until <= on:
        problems["valid_until"] = "Choose a day after the assessment."
    if problems:
        raise Invalid("The assessment is not complete yet.", problems)
    with _acting(viewer, at) as act:
        vendor = vendors.find(viewer, name)
        made = VendorAssessment.create(
            company=viewer.company.id,
            vendor_id=vendor.id,
            risk=risk,
            text=words,
            assessed_on=on,
            valid_until=valid_until,
            person_name=viewer.person.name,
        )
        act.tell("vendor.assessed", vendor, {"assessment": made.id, "row": made.row_digest})
    return made


@dataclass(frozen=True, slots=True)
class _Act:
    """One act on a firm: it tells every decision that names the firm what is known of it now."""

    ledger: Ledger

    def tell(self, kind: str, vendor: Vendor, told: dict[str, Any]) -> None:
        company = self.ledger.company
        (known,) = vendors.facts(company.id, company.zone, [vendor])
        naming = vendors.decisions_naming(company.id, vendor.id)
        self.ledger.append(kind, ("vendor", vendor.id), {"vendor": list(known), **told}, also=naming)


@contextmanager
def _acting(viewer: Viewer, at: datetime) -> Iterator[_Act]:
    with acting_as(viewer, at=at) as ledger:
        yield _Act(ledger)


def _reads(viewer: Viewer, vendor: Vendor, paper: VendorAgreement) -> bool:
    told = vendor_confidence.told_to(viewer, [vendor]).get(vendor.id)
    return told is None or ("agreement", paper.id) in told.papers


def _require_open(viewer: Viewer, name: str, place: str) -> None:
    if vendors.is_told_in_confidence(viewer, name):
        message = "The CTO, the vCISO or leadership has to list this firm. Ask one of them."
        raise Invalid(message, {place: message})


def _said(does: str, data: list[str]) -> dict[str, Any]:
    words = _line(does, "does")
    if any(code not in DATA for code in data):
        raise Invalid("This cannot be saved yet.", {"data": "Choose from the list."})
    return {"does": words, "data": [code for code in DATA if code in data]}


def _describe(act: _Act, vendor: Vendor, said: dict[str, Any]) -> None:
    anew = {"anew": True} if vendor.data != said["data"] else {}
    vendor.does, vendor.data = said["does"], said["data"]
    vendor.save(only=[Vendor.does, Vendor.data, Vendor.listed])
    act.tell("vendor.described", vendor, {"row": vendor.row_digest, **anew})


def _line(text: str, name: str) -> str:
    line = " ".join(clean_text(text, name).split())
    if len(line) > MAX_LINE:
        message = f"Shorten this to {MAX_LINE} characters; it has {len(line)}."
        raise Invalid(message, {name: message})
    return line
