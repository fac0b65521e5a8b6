"""Many decisions that are new to the log, with their first texts: their rows are stored table by table.

An import stores hundreds in one act. A statement for each row of each takes longer than reading the files.
"""

from collections.abc import Sequence

from adr_app.domain.decisions import Status
from adr_app.domain.revisions import Draft
from adr_app.models import search
from adr_app.models.base import insert_all, insert_rows, next_ids
from adr_app.models.decisions import Decision, DecisionSystem, DecisionTag, Revision
from adr_app.models.vendors import DecisionVendor
from adr_app.services.drafts import New, begun, composed
from adr_app.services.record import Ledger


def compose(ledger: Ledger, texts: Sequence[tuple[Draft, Status]], *, by: int, note: str) -> list[New]:
    """Return decisions as `drafts.begin` and `drafts.write` make them of imported texts, not yet stored.

    They have their ids, and nothing else may be written before `store` is called with all of them.
    """
    ids = zip(next_ids(Decision, len(texts)), next_ids(Revision, len(texts)), strict=True)
    made = []
    for (text, status), (own, revision) in zip(texts, ids, strict=True):
        decision = begun(ledger, text, author=by, status=status, imported=True)
        decision.id = own
        new = composed(ledger, decision, text, by=by, note=note)
        new.revision.id = revision
        made.append(new)
    return made


def store(company_id: int, new: Sequence[New]) -> None:
    """Store decisions that `compose` made, their rows as they are by now, and everything beside them."""
    insert_all([one.decision for one in new])
    insert_all([one.revision for one in new])
    insert_rows(
        DecisionSystem,
        ({**_of(one), "system_id": system} for one in new for system in dict.fromkeys(one.system_ids)),
    )
    insert_rows(
        DecisionVendor,
        ({**_of(one), "vendor_id": vendor} for one in new for vendor in dict.fromkeys(one.vendor_ids)),
    )
    insert_rows(DecisionTag, ({**_of(one), "tag": tag} for one in new for tag in one.tags))
    search.store_new(company_id, [(one.decision.id, one.heading, one.prose) for one in new])


def _of(one: New) -> dict[str, int]:
    return {"company": one.decision.company_id, "decision_id": one.decision.id}
