"""Spans of decisions of which only an import is told: those that say the same have the same.

Ten thousand files are of some hundred days and a handful of statuses; what follows from a day and a status is
worked out once for all of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from adr_app.domain.digest import canonical_json
from adr_app.domain.events import Happening
from adr_app.domain.flags import Span, decision_spans
from adr_app.domain.timeline_states import CompanyState

_OWN = frozenset({"revision", "digest", "row", "file", "links", "reference"})
"""What tells one imported decision from another, and nothing about either: no rule asks for it."""

_MOST = 4096

Spans = Callable[[int, Sequence[Happening], CompanyState], list[Span]]


def spans_of_some() -> Spans:
    """Return `decision_spans` for many decisions, in turn: what comes twice is worked out once."""
    known: dict[tuple[object, ...], list[Span]] = {}

    def spans(decision_id: int, acts: Sequence[Happening], company: CompanyState) -> list[Span]:
        alike = _alike(acts)
        if alike is None:
            return decision_spans(decision_id, acts, company)
        key = (alike.at, alike.actor, canonical_json(alike.data), company)
        if key not in known:
            if len(known) >= _MOST:
                known.clear()
            known[key] = decision_spans(decision_id, [alike], company)
        return known[key]

    return spans


def _alike(acts: Sequence[Happening]) -> Happening | None:
    """Return the import that is all there is, without what is only its own, or None where there is more."""
    if len(acts) != 1 or acts[0].kind != "decision.imported":
        return None
    (act,) = acts
    return replace(act, seq=1, root="", data={key: act.data[key] for key in act.data.keys() - _OWN})
