"""What becomes of an estimated debt: planned, begun, checked, written off."""

from flask import Blueprint, g, request

from adr_app.domain.debt import Move
from adr_app.domain.permissions import Act
from adr_app.services import debt_steps
from adr_app.web.access import Answer, needs, now
from adr_app.web.debt_page import done

pages = Blueprint("debt_steps", __name__, url_prefix="/<slug>/debt")


@pages.post("/<debt:number>/schedule")
@needs(Act.NOTE_DEBT)
def schedule(slug: str, number: int) -> Answer:
    """Plan an item: from which month on, with how many working days a month."""
    starts, work = request.form.get("starts_on", ""), request.form.get("monthly_work", "")
    return done(
        lambda: debt_steps.schedule(g.viewer, number, starts_on=starts, monthly_work=work, at=now()),
        number,
        Move.SCHEDULE,
        "Planned.",
    )


@pages.post("/<debt:number>/start")
@needs(Act.NOTE_DEBT)
def start(slug: str, number: int) -> Answer:
    """Record that work has begun."""
    return done(
        lambda: debt_steps.start(g.viewer, number, at=now()), number, Move.START, "Noted: work has begun."
    )


@pages.post("/<debt:number>/verify")
@needs(Act.NOTE_DEBT)
def verify(slug: str, number: int) -> Answer:
    """Record whether the loss has gone."""
    gone, left = request.form.get("gone", ""), request.form.get("left_over", "")
    return done(
        lambda: debt_steps.verify(g.viewer, number, gone=gone, left_over=left, at=now()),
        number,
        Move.VERIFY,
        "Checked. Thank you.",
    )


@pages.post("/<debt:number>/write-off")
@needs(Act.WRITE_OFF_DEBT)
def write_off(slug: str, number: int) -> Answer:
    """Close an item that is not worth fixing, as its system is switched off."""
    on = request.form.get("retires_on", "")
    return done(
        lambda: debt_steps.write_off(g.viewer, number, retires_on=on, at=now()),
        number,
        Move.WRITE_OFF,
        "Closed: not worth fixing.",
    )
