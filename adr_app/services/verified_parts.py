"""What decisions are found and read by beside their rows: files, tags, systems; and rows of no decision."""

from collections.abc import Mapping
from typing import Any

from peewee import SQL, fn

from adr_app.domain.decisions import reference
from adr_app.domain.replay import DecisionRow
from adr_app.models.decisions import Decision, DecisionSystem, DecisionTag, ImportedFile, Link, SourceFile
from adr_app.models.diverged import DivergedFile
from adr_app.models.events import last_about
from adr_app.models.people import Company, System
from adr_app.models.reviews import Verdict, VerdictTakenBack
from adr_app.models.vendors import DecisionVendor, Vendor
from adr_app.services import flags
from adr_app.services.bound_rows import Broken, check_rows, in_order, plain
from adr_app.services.bound_tables import BOUND
from adr_app.services.promises import OF_DECISIONS, Promises
from adr_app.services.source_files import is_whole
from adr_app.services.systems import folded


def check_sources(company_id: int, promises: Promises) -> None:
    """Check that the bytes kept of each file are those of its fingerprint."""
    left = promises.made["file"]
    prints = ImportedFile.select(ImportedFile.id, ImportedFile.fingerprint)
    mine = prints.where(ImportedFile.company == company_id, ImportedFile.id.in_(list(left)))
    told = {key: (left[key].seq, print_) for key, print_ in mine.tuples()} if left else {}
    rows = in_order(SourceFile, SourceFile.id, company_id, SourceFile.file_id.in_(list(left)))
    for row in rows if left else ():
        seq, fingerprint = told.pop(row.file_id, (0, ""))
        if not is_whole(row, fingerprint):
            raise Broken(seq, "source changed", f"The bytes of the file that entry {seq} read were changed.")
    if told:
        seq = min(seq for seq, _ in told.values())
        raise Broken(
            seq, "source missing", f"The bytes of the file that entry {seq} read are no longer there."
        )


def check_looked_at(company_id: int, ids: list[int], promises: Promises) -> None:
    """Check that each text of a file that counts as seen is one that somebody saw: imports pass it over."""
    rows = DivergedFile.select(DivergedFile.decision_id, DivergedFile.fingerprint).where(
        DivergedFile.company == company_id,
        DivergedFile.decision_id.in_(ids),
        DivergedFile.kept == True,  # noqa: E712
    )
    if set(rows.tuples()) - promises.looked_at:
        said = "A file's newer text counts as seen that no entry of the record says somebody looked at."
        raise Broken(0, "file passed over", said)


def check_taken_back(company_id: int, ids: list[int], promises: Promises) -> None:
    """Check which answers count as taken back: it decides what stands."""
    of_these = Verdict.select(Verdict.id).where(Verdict.company == company_id, Verdict.decision_id.in_(ids))
    mine = VerdictTakenBack.verdict_id.in_(of_these)
    rows = in_order(VerdictTakenBack, VerdictTakenBack.id, company_id, mine)
    stored = {row.verdict_id: plain(row.at) for row in rows}
    for key, (seq, at) in promises.taken_back.items():
        if stored.pop(key, None) != at:
            raise Broken(
                seq, "verdict changed", f"Entry {seq} took an answer back, and the answer stands again."
            )
    if stored:
        raise _TAKEN_BACK


def check_named(
    company_id: int, rows: Mapping[int, DecisionRow], newest: Mapping[int, Mapping[str, Any]]
) -> None:
    """Check the tags, systems and outside firms under which decisions are found: as their newest text."""
    ids = list(rows)
    tags = DecisionTag.select(DecisionTag.decision_id, DecisionTag.tag).where(
        DecisionTag.company == company_id, DecisionTag.decision_id.in_(ids)
    )
    systems = _names_in(company_id, ids, DecisionSystem, DecisionSystem.system_id, System)
    firms = _names_in(company_id, ids, DecisionVendor, DecisionVendor.vendor_id, Vendor)
    for what, query, fold in (
        ("tags", tags, str.casefold),
        ("systems", systems, folded),
        ("vendors", firms, folded),
    ):
        listed: dict[int, list[str]] = {}
        for key, name in query.tuples():
            listed.setdefault(key, []).append(name)
        for key in ids:
            if sorted(listed.get(key, [])) != sorted({fold(n) for n in newest[key].get(what, ())}):
                row = rows[key]
                words = "outside firms" if what == "vendors" else what
                said = f"The {words} of decision {reference(row.number or 0)} are not those of its text"
                raise Broken(row.seq, "decision changed", f"{said} (entry {row.seq}).")


def _names_in(company_id: int, ids: list[int], table: Any, end: Any, of: Any) -> Any:
    """Return the names that rows beside some decisions point at, folded, with each decision's id."""
    there = (of.company == table.company) & (of.id == end)
    rows = table.select(table.decision_id, of.folded).join(of, on=there)
    return rows.where(table.company == company_id, table.decision_id.in_(ids))


_TAKEN_BACK = Broken(
    0, "verdict added", "An answer is marked as taken back that no entry of the record took back."
)


def check_standings(company: Company) -> None:
    """Check what lists and totals say of decisions: their standing and flags, worked out from the acts.

    What is known to be behind is left out: pages say so meanwhile.
    """
    try:
        different = flags.check(company).different
    except (ValueError, OverflowError):  # nothing this product could have written
        raise Broken(0, "standing changed", f"The standings of decisions cannot be read. {_AGAIN}") from None
    if not different:
        return
    first = different[0]
    seq = last_about(company.id, first["subject"], first["id"])
    if first["what"] == "totals":
        said = "The totals on the first screens are not those of the standings"
    elif first["subject"] == "decision":
        number = Decision.get(Decision.company == company.id, Decision.id == first["id"]).number
        said = f"The standing or flags of decision {reference(number)} are not what its entries give"
    else:
        said = "The flags of the company are not what its entries give"
    raise Broken(seq, "standing changed", f"{said} (entry {seq}). {_AGAIN}")


_AGAIN = "“adr-app flags --rebuild” works them out again."


def check_strays(company_id: int) -> None:
    """Look for rows of decisions that there are none of, which no page of decisions comes by."""
    for kind in OF_DECISIONS:
        table = BOUND[kind].table
        if kind == "link":
            lost = (Link.from_id.is_null() & Link.to_id.is_null()) | _lost(Link.from_id) | _lost(Link.to_id)
        else:
            lost = _lost(table.decision_id)
        if table.select(table.id).where(table.company == company_id, lost).exists():
            check_rows(kind, [table(id=0)], {})
    for table, end, of in (
        (VerdictTakenBack, VerdictTakenBack.verdict_id, Verdict),
        (SourceFile, SourceFile.file_id, ImportedFile),
        (DecisionTag, DecisionTag.decision_id, Decision),
        (DecisionSystem, DecisionSystem.decision_id, Decision),
        (DecisionVendor, DecisionVendor.decision_id, Decision),
    ):
        if table.select(table.id).where(table.company == company_id, _lost(end, of)).exists():
            if table is VerdictTakenBack:
                raise _TAKEN_BACK
            raise Broken(0, "row added", "Something belongs to a decision that no entry of the record made.")


def _lost(end: Any, of: Any = Decision) -> Any:
    """Return the condition that a column points at nothing of its company."""
    there = of.select(SQL("1")).where(of.company == end.model.company, of.id == end)
    return end.is_null(False) & ~fn.EXISTS(there)
