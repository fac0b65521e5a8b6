"""Living with a debt until a day: asked for, answered for security, taken on or declined by leadership."""

from flask import Blueprint, g, request

from adr_app.domain.debt import Move
from adr_app.domain.permissions import Act
from adr_app.services import debt_carries
from adr_app.web.access import Answer, needs, now
from adr_app.web.debt_page import done

pages = Blueprint("debt_carries", __name__, url_prefix="/<slug>/debt")


@pages.post("/<debt:number>/carry/ask")
@needs(Act.NOTE_DEBT)
def ask(slug: str, number: int) -> Answer:
    """Ask to live with an item until a day."""
    why, until = request.form.get("reason", ""), request.form.get("until", "")
    return done(
        lambda: debt_carries.ask(g.viewer, number, reason=why, until=until, at=now()),
        number,
        Move.ASK_TO_CARRY,
        "Asked. Leadership decides, and the vCISO first where it concerns security.",
    )


@pages.post("/<debt:number>/carry/answer")
@needs(Act.GIVE_VERDICT)
def answer(slug: str, number: int) -> Answer:
    """Say as vCISO whether an item may be lived with."""
    agrees, words = request.form.get("answer") == "yes", request.form.get("reason", "")
    return done(
        lambda: debt_carries.answer_for_security(g.viewer, number, agrees=agrees, words=words, at=now()),
        number,
        "carry-answer",
        "Saved under your name.",
    )


@pages.post("/<debt:number>/carry")
@needs(Act.ACCEPT_RISK)
def carry(slug: str, number: int) -> Answer:
    """Take on as leader that an item is lived with until a day."""
    why, until = request.form.get("reason", ""), request.form.get("until", "")
    return done(
        lambda: debt_carries.carry(g.viewer, number, reason=why, until=until, at=now()),
        number,
        Move.CARRY,
        "Saved under your name. It comes back by itself when its time is over.",
    )


@pages.post("/<debt:number>/carry/decline")
@needs(Act.ACCEPT_RISK)
def decline(slug: str, number: int) -> Answer:
    """Decline as leader to live with an item."""
    return done(lambda: debt_carries.decline(g.viewer, number, at=now()), number, "decline", "Declined.")


@pages.post("/<debt:number>/carry/withdraw")
@needs(Act.NOTE_DEBT)
def withdraw(slug: str, number: int) -> Answer:
    """Withdraw one's own request."""
    return done(
        lambda: debt_carries.withdraw(g.viewer, number, at=now()),
        number,
        "withdraw",
        "Withdrawn. Nobody is asked any more.",
    )
