"""What the event of an act says of the text that it wrote, or is about."""

from datetime import datetime
from typing import Any

from adr_app.models.decisions import Revision
from adr_app.services import deciders


def summary(written: Revision) -> dict[str, Any]:
    """Return what an event says of a revision: its id, number, level, signed digest and row digest.

    The act that wrote it says what was known of the outside firms it names, too.
    """
    firms = [list(firm) for firm in written.named_vendors]
    return {
        **({"vendors": firms} if firms else {}),
        "revision": written.id,
        "number": written.number,
        "digest": written.digest,
        "level": written.level,
        "row": written.row_digest,
    }


def told(written: Revision, at: datetime) -> dict[str, Any]:
    """Return what the event of a revision just written says of it: its summary, and what rules look at.

    Those are its answers, whether a system lies inside a boundary, whom it names as owner or decider, and
    whether it says that government data is touched.
    """
    touched = {"government": True} if "government" in (written.fields.get("data") or ()) else {}
    if not written.answers:
        return {**summary(written), **touched}
    names = [written.fields.get("accountable") or "", *(written.fields.get("decided_by") or [])]
    return {
        **summary(written),
        **touched,
        "answers": written.answers,
        "inside": written.inside_boundary,
        "owners": deciders.named(written.company_id, names, at),
    }
