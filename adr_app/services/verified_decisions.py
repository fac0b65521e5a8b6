"""Decisions, and all that belongs to them, against the acts on them: some hundred decisions at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from adr_app.domain.decisions import reference
from adr_app.domain.digest import digest
from adr_app.domain.events import Happening
from adr_app.domain.replay import DecisionRow, follow_row
from adr_app.domain.replay_reviews import (
    ClaimRow,
    Claims,
    ReviewRow,
    Reviews,
    follow_calendar,
    follow_claims,
    follow_handover,
    follow_reviews,
)
from adr_app.domain.stakes import stakes
from adr_app.domain.timeline_acts import BIRTHS, follow, follow_company
from adr_app.domain.timeline_states import CompanyState, DecisionState
from adr_app.models.base import NO_DAY_FIRST, NO_DAY_LAST
from adr_app.models.decisions import Decision, Link, Revision
from adr_app.models.events import company_happenings, merged
from adr_app.services.bound_rows import (
    Broken,
    Promise,
    check_row,
    check_rows,
    compared,
    in_order,
    keys_in_pages,
    missing,
)
from adr_app.services.bound_tables import BOUND
from adr_app.services.flags import events_about
from adr_app.services.promises import OF_DECISIONS, Promises
from adr_app.services.verified_parts import (
    check_looked_at,
    check_named,
    check_sources,
    check_strays,
    check_taken_back,
)

_SHOWN = (
    "title",
    "kind",
    "plain_words",
    "accountable",
    "decided_on",
    "decide_by",
    "tags",
    "systems",
    "vendors",
)


@dataclass(slots=True)
class _Replayed:
    """What the acts on one decision leave in its rows."""

    row: DecisionRow = field(default_factory=DecisionRow)
    reviews: Reviews = field(default_factory=dict)
    claims: Claims = field(default_factory=dict)


class DecisionWalk:
    """One pass over a company's decisions; it counts the versions and answers that it compared."""

    def __init__(self, company_id: int) -> None:
        self.company_id = company_id
        self.revisions = self.verdicts = 0

    def run(self) -> None:
        """Compare every row with the acts.

        :raises Broken: at the first that differs.
        """
        acts = company_happenings(self.company_id)
        for ids in keys_in_pages(self.company_id, "decision", Decision):
            self._page(ids, acts)
        check_strays(self.company_id)

    def _page(self, ids: list[int], company_acts: list[Happening]) -> None:
        events = events_about(self.company_id, ids)
        acts = {key: merged(events.get(key, ()), company_acts) for key in ids}
        promises = Promises()
        for key in ids:
            for act in acts[key]:
                if act.subject == ("decision", key):
                    promises.follow(act)
        texts = self._texts(ids, promises)
        replayed = {key: _replay(key, acts[key], texts.get(key, {})) for key in ids}
        self._rows(ids, replayed, texts)
        for owner, found in replayed.items():
            promises.made["review"] |= {key: _promise(owner, row) for key, row in found.reviews.items()}
            promises.made["claim"] |= {key: _promise(owner, row) for key, row in found.claims.items()}
        for kind in OF_DECISIONS:
            if kind != "revision":
                self._bound(kind, ids, promises)
        check_sources(self.company_id, promises)
        check_looked_at(self.company_id, ids, promises)
        check_taken_back(self.company_id, ids, promises)
        self.verdicts += len(promises.made["verdict"])
        rows = {key: found.row for key, found in replayed.items()}
        newest = {key: texts.get(key, {}).get(row.latest, {}) for key, row in rows.items()}
        check_named(self.company_id, rows, newest)

    def _texts(self, ids: list[int], promises: Promises) -> dict[int, dict[int, dict[str, Any]]]:
        """Check the versions and return what lists show of each, by decision and number."""
        texts: dict[int, dict[int, dict[str, Any]]] = {}
        made = promises.made["revision"]
        rows = in_order(Revision, Revision.id, self.company_id, Revision.decision_id.in_(ids))
        for row in compared("revision", rows, made):
            if digest(bytes(row.canonical)) != row.digest:
                seq = made[row.id].seq
                raise Broken(seq, "revision changed", f"The signed text recorded by entry {seq} was changed.")
            shown = {name: row.fields[name] for name in _SHOWN}
            shown["stakes"] = stakes(row.fields, row.answers)
            texts.setdefault(row.decision_id, {})[row.number] = shown
            self.revisions += 1
        return texts

    def _rows(
        self, ids: list[int], replayed: Mapping[int, _Replayed], texts: Mapping[int, Mapping[int, Any]]
    ) -> None:
        """Compare the decisions' own rows with the acts, and with the versions that lists show of them."""
        rows = {row.id: row for row in in_order(Decision, Decision.id, self.company_id, Decision.id.in_(ids))}
        for key in ids:
            told, row = replayed[key].row, rows.get(key)
            if told.created_at is None:
                if row is not None:
                    raise Broken(0, "decision added", "There is a decision that no entry of the record made.")
                continue
            named = f"decision {reference(told.number)}" if told.number else "a decision"
            if row is None:
                raise missing("decision", told.seq, named)
            versions = texts.get(key, {})
            columns = _columns(told, versions.get(told.shown, {}))
            columns["stakes"] = versions.get(told.latest, {}).get("stakes")
            check_row("decision", row, Promise(told.seq, None, columns), named)

    def _bound(self, kind: str, ids: list[int], promises: Promises) -> None:
        table = BOUND[kind].table
        mine = table.decision_id.in_(ids) if kind != "link" else _owned(ids)
        rows = in_order(table, table.id, self.company_id, mine)
        if kind == "link":
            rows = (self._with_effect(link, promises) for link in rows)
        check_rows(kind, rows, promises.made[kind])

    def _with_effect(self, link: Link, promises: Promises) -> Link:
        promise = promises.made["link"].get(link.id)
        if promise is not None:
            promise.columns["effective"] = promises.effective(link)
        return link


def _replay(key: int, acts: list[Happening], texts: Mapping[int, Mapping[str, Any]]) -> _Replayed:
    days = {number: _day(fields["decided_on"]) for number, fields in texts.items()}
    state, company, found = DecisionState(key), CompanyState(), _Replayed()
    for act in acts:
        before, company = state, follow_company(company, act)
        state = follow(state, company, act)
        follow_calendar(found.reviews, act, company)
        follow_handover(found.reviews, act)
        if act.subject[0] != "decision" or (state.born is None and act.kind not in BIRTHS):
            continue
        found.row = follow_row(found.row, act, before, state, days)
        if act.subject[1] == key:
            follow_reviews(found.reviews, act, before, state, company)
            follow_claims(found.claims, act)
    return found


def _promise(decision: int, row: ReviewRow | ClaimRow) -> Promise:
    """Return what is promised of a review or a claim: every column."""
    columns = row._asdict()
    seq = columns.pop("seq")
    for name in ("asked_by", "asked_of", "of", "claimed_by"):
        if name in columns:
            columns[f"{name}_id"] = columns.pop(name)
    return Promise(seq, None, {"decision_id": decision, **columns})


def _columns(told: DecisionRow, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return every column of a decision's row as its acts and the version that lists show leave it."""
    columns = told._asdict()
    del columns["seq"]
    columns["author_id"], columns["accepted_by_id"] = columns.pop("author"), columns.pop("accepted_by")
    columns["decided_key"] = told.decided_on or NO_DAY_FIRST
    for name in ("title", "kind", "plain_words", "accountable"):
        columns[name] = shown.get(name)
    columns["decide_by"] = _day(shown.get("decide_by"))
    columns["decide_by_key"] = columns["decide_by"] or NO_DAY_LAST
    columns["restricted"] = False  # no act restricts a decision yet
    return columns


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _owned(ids: list[int]) -> Any:
    """Return the condition on links that belong to some decisions: where they begin, else where they end."""
    return Link.from_id.in_(ids) | (Link.from_id.is_null() & Link.to_id.in_(ids))
