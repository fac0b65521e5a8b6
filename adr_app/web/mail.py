"""What somebody is told by mail: their choice by company, and the link that ends mails of a kind."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for

from adr_app.domain.notices import KINDS, WAYS
from adr_app.domain.permissions import Public
from adr_app.services import stopping
from adr_app.web import typed
from adr_app.web.access import Answer, keyed, needs
from adr_app.web.layout import mine

pages = Blueprint("mail", __name__)


@pages.get("/account/mail")
@needs(Public.SIGNED_IN)
def show() -> str:
    """Show what somebody is told by mail at each of their companies, and how."""
    concerned = [
        (company, [kind for kind in KINDS.values() if kind.roles & held]) for company, held in mine()
    ]
    return render_template(
        "mail/show.html",
        concerned=[(company, kinds) for company, kinds in concerned if kinds],
        ways=stopping.choices(g.me, [company.id for company, _ in concerned]),
        words=list(WAYS.items()),
        off=current_app.config["ADR"].mail_is_off,
    )


@pages.post("/account/mail")
@needs(Public.SIGNED_IN)
def choose() -> Answer:
    """Keep what was chosen for one company."""
    ways = {kind: request.form[kind] for kind in KINDS if kind in request.form}
    stopping.choose(g.me, typed.identity("company"), ways, mine=[company.id for company, _ in mine()])
    flash("Kept. It holds for what comes from now on.", "success")
    return redirect(url_for("mail.show"))


@pages.get("/mail/stop/<token>")
@needs(Public.ANYBODY)
def ask(token: str) -> str:
    """Show which mails a link ends; opening it ends none."""
    return render_template("mail/stop.html", stop=stopping.read(token, _key()), kinds=KINDS, done=False)


@pages.post("/mail/stop/<token>")
@needs(Public.ANYBODY)
@keyed
def stop(token: str) -> str:
    """End those mails: by the page's button, or by the one press that mail readers offer themselves."""
    return render_template("mail/stop.html", stop=stopping.stop(token, _key()), kinds=KINDS, done=True)


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])
