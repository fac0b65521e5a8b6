"""Spans as rows: written anew by the act that changes them, with the totals moved by the difference."""

import json
from typing import Any

from adr_app.domain.flags import Span
from adr_app.models import tallies
from adr_app.models.base import FOREVER, insert_rows
from adr_app.models.flags import SpanRow
from adr_app.models.spelled import Spelled


def _spans_of(company: Any, type: Any, ids: Any) -> Any:
    return (SpanRow.company == company) & (SpanRow.subject_type == type) & SpanRow.subject_id.in_(ids)


_STORED = Spelled(lambda company, type, ids: SpanRow.select().where(_spans_of(company, type, ids)))


def rewrite(company_id: int, subject_type: str, spans: dict[int, list[Span]]) -> None:
    """Replace the stored spans of some subjects, and move the totals by the difference."""
    ids = list(spans)
    old = _STORED.rows(company=company_id, type=subject_type, ids=ids) if ids else []
    new = [row for key, found in spans.items() for row in rows_of(company_id, subject_type, key, found)]
    same = len(old) == len(new)
    if same and [plain(vars(row)["__data__"]) for row in old] == [plain(row) for row in new]:
        return
    if old:
        SpanRow.delete().where(_spans_of(company_id, subject_type, ids)).execute()
    insert_rows(SpanRow, new)
    tallies.move(company_id, removed=[vars(row)["__data__"] for row in old], added=new)


def rows_of(company_id: int, subject_type: str, subject_id: int, spans: list[Span]) -> list[dict[str, Any]]:
    """Return the columns of a subject's spans as they are stored; a span of no length is none."""
    return [
        {
            "company": company_id,
            "subject_type": subject_type,
            "subject_id": subject_id,
            "kind": span.kind,
            "code": span.code,
            "why": span.why or "",
            "severity": span.severity,
            "starts": span.starts,
            "ends": span.ends or FOREVER,
            "detail": _as_read(span.detail),
            "ended_as": span.ended_as or "",
        }
        for span in spans
        if span.ends is None or span.ends > span.starts
    ]


_AS_THEY_ARE = {str, int, bool, type(None)}


def _as_read(detail: dict[str, Any]) -> dict[str, Any]:
    """Return a span's detail as it is read back from its row."""
    if set(map(type, detail.values())) <= _AS_THEY_ARE:
        return detail
    read: dict[str, Any] = json.loads(json.dumps(detail))
    return read


def plain(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return what two rows have in common that say the same, apart from their ids."""
    keys = ("subject_id", "kind", "code", "why", "severity", "starts", "ends", "ended_as")
    return (*(row[key] for key in keys), json.dumps(row["detail"], sort_keys=True))
