"""What the form of an estimate holds: the newest estimate as somebody would type it."""

from typing import Any

from adr_app.domain.debt import effort_text
from adr_app.domain.debt_estimates import CONFIDENCE, GROWTH, OWN, WHOLE, growth_word, share_text
from adr_app.domain.money import minor_units
from adr_app.models.debt import DebtItem
from adr_app.services import debt_estimates
from adr_app.services.people import Viewer

ALWAYS = ("system", "fix_days", "monthly_loss", "owner")
ASKED = (*ALWAYS, "kind", "intent", "care", "benefit")
"""What is asked in the open; how it was taken on only the first time."""

DETAIL = (
    *("fix_low", "fix_high", "loss_low", "loss_high", "chance", "growth", "growth_own", "growth_reason"),
    *("fix_growth", "months", "left_over", "avoided", "avoided_reason", "confidence", "note"),
)
"""What is behind the fold."""

GROWTHS = [
    *(
        (code, words, f"{share_text(size)} % more each month" if size else "")
        for code, (words, size) in GROWTH.items()
    ),
    (OWN, "Another number", ""),
]
CONFIDENCES = list(CONFIDENCE.items())


def fields_of(item: DebtItem, viewer: Viewer) -> dict[str, Any]:
    """Return an item's newest estimate, field by field, as somebody would type it."""
    newest = debt_estimates.newest(item)
    fields: dict[str, Any] = {
        "system": item.system_name,
        "owner": item.owner_id or viewer.person.id,
        "kind": item.kind,
        "intent": item.intent,
        "care": item.care,
        "benefit": item.benefit,
    }
    if newest is None:
        return fields
    said = newest.estimate
    fields |= {"fix_days": effort_text(said.fix.likely), "monthly_loss": effort_text(said.loss.likely)}
    for name, three in (("fix", said.fix), ("loss", said.loss)):
        if three.has_range:
            fields |= {f"{name}_low": effort_text(three.low), f"{name}_high": effort_text(three.high)}
    word = growth_word(said.growth)
    shares = {"fix_growth": said.fix_growth, "left_over": said.left_over}
    fields |= {name: share_text(value) for name, value in shares.items() if value}
    return fields | {
        "chance": "" if said.chance == WHOLE else share_text(said.chance),
        "growth": word,
        "growth_own": share_text(said.growth) if word == OWN else "",
        "growth_reason": newest.growth_reason,
        "months": said.months or "",
        "avoided": said.avoided // minor_units(newest.currency) if said.avoided else "",
        "avoided_reason": newest.avoided_reason,
        "confidence": newest.confidence,
        "note": "",
    }


def is_detailed(fields: Any) -> bool:
    """Return whether anything behind the fold is filled in."""
    usual = {"growth": "same", "confidence": "guess"}
    return any((fields.get(name) or "") not in ("", usual.get(name)) for name in DETAIL)
