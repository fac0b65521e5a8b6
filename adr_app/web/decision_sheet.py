"""A form about a decision's text: what is in it, how it begins, what was sent, what has to be mended."""

from dataclasses import dataclass, field
from typing import Any

from flask import g, render_template, request

from adr_app.domain.decisions import KINDS
from adr_app.domain.errors import Invalid, NotFound
from adr_app.domain.permissions import Role
from adr_app.domain.revisions import DATA, UNDO
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import WorkingCopy
from adr_app.services import decision_rows, people, systems, vendors, working_copies
from adr_app.web import decision_text, references
from adr_app.web.access import now

NOT_CARRIED = ("decided_on", "decided_by", "decide_by")
"""What a decision made like an older one does not take over from it."""

REPLACES = ("replaces", "replaces_part", "replaces_note")
"""What the form about something decided already says of the decision it replaces."""


@dataclass
class Sheet:
    """One form about a decision's text: what is in it, where it goes, what has to be mended."""

    template: str
    values: dict[str, Any]
    answers: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    took_part: str = "no"
    replaces: dict[str, str] = field(default_factory=dict)
    copy: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def shown(self) -> str:
        """Return the page with this form."""
        viewer = g.viewer
        return render_template(
            self.template,
            nav="decisions",
            v=decision_text.shown(self.values),
            answers=self.answers,
            errors=self.errors,
            took_part=self.took_part,
            replaces=self.replaces,
            copy=self.copy,
            chosen=decision_text.chosen(self.values.get("options") or []),
            groups=decision_text.groups(),
            always_open=decision_text.always_open(),
            kinds=list(KINDS.items()),
            data_kinds=list(DATA.items()),
            undo=list(UNDO.items()),
            system_names=systems.names(viewer),
            firm_names=[firm.name for firm in vendors.visible_to(viewer).limit(8)],
            vciso=people.holder(viewer.company.id, Role.VCISO, now()),
            today=local_day(now(), viewer.company.zone),
            **self.extra,
        )


def copy_of(number: int) -> WorkingCopy:
    """Return something this person kept for later.

    :raises NotFound: when they kept nothing with that number.
    """
    kept = working_copies.find(g.viewer, number)
    if kept is None:
        raise NotFound("There is no such page.")
    return kept


def started(template: str) -> Sheet:
    """Return an empty form, or one that goes on from something kept or starts from an older decision."""
    sheet = Sheet(template, {})
    continued, like = request.args.get("copy", ""), request.args.get("like", "")
    if continued.isascii() and continued.isdigit() and len(continued) < 11:
        kept = copy_of(int(continued))
        sheet.values, sheet.copy = dict(kept.fields), kept.id
        sheet.answers = kept.fields.get("answers", {})
        sheet.took_part = kept.fields.get("took_part", "no")
        sheet.replaces = kept.fields.get("replaces", {})
    elif like:
        older = decision_rows.find(g.viewer, references.number_of(like))
        text = decision_rows.revision(older)
        sheet.values = {name: value for name, value in text.fields.items() if name not in NOT_CARRIED}
        sheet.answers = dict(text.answers)
        sheet.extra["like"] = older
    return sheet


def sent(template: str) -> Sheet:
    """Return the form as it was sent."""
    sent = request.form.get("copy", "")
    copy = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 11 else None
    took_part = "yes" if request.form.get("took_part") == "yes" else "no"
    replaces = {name: request.form.get(name, "") for name in REPLACES}
    return Sheet(
        template, decision_text.fields(), raw_answers(), took_part=took_part, replaces=replaces, copy=copy
    )


def raw_answers() -> dict[str, str]:
    """Return the answers to the security questions as they were sent, right or wrong."""
    start = decision_text.ANSWER
    return {name.removeprefix(start): value for name, value in request.form.items() if name.startswith(start)}


def older_of(text: str) -> int | None:
    """Return the number of the decision that is replaced: a reference, with or without its title behind it.

    :raises Invalid: under `replaces`, when something is typed that is no reference.
    """
    if not text.strip():
        return None
    number = references.understood(text.split()[0])
    if number is None:
        raise Invalid("Name the older decision.", {"replaces": "Type its reference, such as AD-0012."})
    return number
