"""What the entries about decisions promise of the rows that belong to them, entry by entry."""

from collections.abc import Mapping
from typing import Any

from adr_app.domain.conditions import State as Todo
from adr_app.domain.decisions import Status
from adr_app.domain.digest import canonical_json, digest
from adr_app.domain.events import Happening
from adr_app.domain.exceptions import WAITING, State
from adr_app.domain.replay import DECIDED
from adr_app.models.decisions import Link
from adr_app.services.bound_rows import Promise

OF_DECISIONS = (
    *(
        "revision",
        "verdict",
        "parts",
        "condition",
        "word",
        "risk",
        "question",
        "set aside",
        "remark",
        "review",
    ),
    *("claim", "file", "link", "exception", "advice"),
)
"""The kinds of row that belong to a decision, in the order in which they are checked."""

_UNDONE: dict[str, Any] = {
    "done_at": None,
    "done_by_id": None,
    "verified_at": None,
    "evidence_digest": digest(canonical_json([""])),
    "assigned_digest": digest(canonical_json([""])),
    "state": Todo.PROPOSED,
}

_UNANSWERED: dict[str, Any] = {
    "state": "open",
    "answered_at": None,
    "confirmed_by": None,
    "reported_on": None,
    "reported_by": None,
}


_WAITING: dict[str, Any] = {"question_id": None, "acceptance_id": None, "closed_at": None}
_CLOSING = frozenset({"comment.resolved", "concern.resolved", "concern.set-aside"})
_OPEN: dict[str, Any] = {"resolved_at": None, "resolved_by_id": None}


class Promises:
    """What the entries about some decisions, each followed in order, promise of their rows."""

    def __init__(self) -> None:
        self.made: dict[str, dict[int, Promise]] = {kind: {} for kind in OF_DECISIONS}
        self.taken_back: dict[int, tuple[int, int]] = {}
        self.in_effect: dict[int, set[int]] = {}
        self.open_links: dict[int, set[int]] = {}
        self.looked_at: set[tuple[int, str]] = set()

    def follow(self, act: Happening) -> None:
        """Take in one act whose main subject is a decision."""
        data, owner = act.data, act.subject[1]
        if said := data.get("said"):
            self._make("remark", said["comment"], act, said["row"], **_OPEN)
        if word := data.get("word"):
            self._make("word", word["word"], act, word["row"])
        if file := data.get("file"):
            self._make("file", file["file"], act, file["row"], anew=True)
        if act.kind.startswith("decision.") and "revision" in data and "row" in data:
            answers = {"answers": data["answers"]} if "answers" in data else {}
            self._make("revision", data["revision"], act, data["row"], **answers)
        if fingerprint := data.get("fingerprint"):
            self.looked_at.add((owner, fingerprint))
        self._links(act, owner)
        self._risk(act, owner)
        match act.kind:
            case "review.verdict":
                self._verdict(act)
            case "review.verdict-taken-back":
                self.taken_back[data["verdict"]] = (act.seq, int(act.at.timestamp()))
        if act.kind.startswith("condition."):
            self._condition(act)
        elif act.kind in _CLOSING:
            closed = {"resolved_at": act.at, "resolved_by_id": act.actor}
            self._later("remark", data[act.kind.split(".")[0]], act, **closed)
        elif act.kind in ("comment.reopened", "concern.reopened"):
            self._later("remark", data[act.kind.split(".")[0]], act, **_OPEN)
        elif act.kind == "flag.set-aside":
            self._make("set aside", data["aside"], act, data["row"], ended_at=None)
        elif act.kind == "flag.taken-up":
            self._later("set aside", data["aside"], act, ended_at=act.at)

    def _condition(self, act: Happening) -> None:
        """Follow what an act does to a to-do."""
        data, key = act.data, act.data["condition"]
        match act.kind:
            case "condition.done":
                done = {"done_at": act.at, "done_by_id": act.actor, "evidence_digest": data["evidence"]}
                self._later("condition", key, act, **done)
            case "condition.verified":
                self._later("condition", key, act, verified_at=act.at)
            case "condition.moved":
                self._later("condition", key, act, due_on=data["due_on"])
            case "condition.assigned":
                self._later("condition", key, act, assigned_digest=data["owner"])
            case _:
                self._later("condition", key, act, state=act.kind.removeprefix("condition."))
                if act.kind == "condition.changed":
                    self._todo(act, data["newer"])

    def _risk(self, act: Happening, owner: int) -> None:
        data = act.data
        match act.kind:
            case "risk.requested":
                self._make("exception", data["request"], act, data["row"], **_WAITING, state=State.ASKED)
            case "risk.advised":
                self._make("advice", data["advice"], act, data["row"])
                self._later("exception", data["request"], act, state=State.ADVISED)
                if put := data.get("put"):
                    self._put(act, put, data["request"])
            case "risk.asked":
                request = data.get("request")
                if request and "row" in request:
                    self._make("exception", request["request"], act, request["row"], **_WAITING)
                self._put(act, data, request["request"] if request else 0)
            case "risk.reported":
                reported = {"reported_on": data["on"], "reported_by": act.actor}
                self._later("question", data["question"], act, **reported)
            case "risk.accepted":
                named = data.get("protects")
                self._make("risk", data["acceptance"], act, data["row"], ended_at=None, protects_digest=named)
                for key in data.get("replaces") or ():
                    self._later("risk", key, act, ended_at=act.at)
                self._answered(act, owner, "taken", data["acceptance"])
            case "risk.declined":
                self._answered(act, owner, "refused")
            case "risk.withdrawn":
                self._answered(act, owner, "closed")
            case "risk.ended":
                self._later("risk", data["acceptance"], act, ended_at=act.at)
            case "risk.protected":
                self._later("risk", data["acceptance"], act, protects_digest=data["protects"])

    def _put(self, act: Happening, put: Mapping[str, Any], request: int) -> None:
        """Follow a question that is put to leadership, perhaps as the last step of a request."""
        self._make("question", put["question"], act, put["row"], **_UNANSWERED)
        self._later("exception", request, act, state=State.PUT, question_id=put["question"])

    def effective(self, link: Link) -> bool:
        """Return whether a link must have taken effect by the acts followed."""
        if link.kind != "supersedes":
            return True
        return link.to_id is not None and link.to_id in self.in_effect.get(link.from_id, ())

    def _make(
        self, kind: str, key: int, act: Happening, row: str, *, anew: bool = False, **columns: Any
    ) -> None:
        """Promise a row as its first entry does; `anew`: as the last one does."""
        if anew or key not in self.made[kind]:
            self.made[kind][key] = Promise(act.seq, row, columns, act.subject[1])

    def _later(self, kind: str, key: int, act: Happening, **changed: Any) -> None:
        if key in self.made[kind]:
            self.made[kind][key].later(act.seq, **changed)

    def _answered(self, act: Happening, owner: int, state: str, acceptance: int | None = None) -> None:
        """Answer the questions to leadership that are open on a decision, and the request behind them."""
        for asked in self.made["question"].values():
            if asked.owner == owner and asked.columns["state"] == "open":
                said = {"state": state, "answered_at": act.at, "confirmed_by": act.data.get("confirmed")}
                asked.later(act.seq, **said)
        for request in self.made["exception"].values():
            if request.owner == owner and request.columns["state"] in WAITING:
                left = {"taken": State.ACTIVE, "refused": State.REFUSED, "closed": State.WITHDRAWN}
                request.later(act.seq, state=left[state], closed_at=act.at, acceptance_id=acceptance)

    def _verdict(self, act: Happening) -> None:
        self._make("verdict", act.data["verdict"], act, act.data["row"])
        if parts := act.data.get("parts"):
            self._make("parts", parts["parts"], act, parts["row"])
        for todo in act.data.get("conditions") or ():
            self._todo(act, todo)

    def _todo(self, act: Happening, todo: Mapping[str, Any]) -> None:
        asked = {"due_on": todo["due_on"], "binds_at": todo.get("binds_at")}
        self._make("condition", todo["condition"], act, todo["row"], **_UNDONE, **asked)

    def _links(self, act: Happening, owner: int) -> None:
        """Follow which links are made, removed and put in effect; one that is made again stays as it was."""
        data = act.data
        if act.kind == "decision.linked":
            self._make("link", data["link"], act, data["row"])
        elif act.kind == "decision.unlinked":
            self.made["link"].pop(data["link"], None)
        elif act.kind == "decision.taken-back":
            self.in_effect.pop(owner, None)
        if "links" in data:
            for key in self.open_links.pop(owner, ()):
                self.made["link"].pop(key, None)
        for link in data.get("links") or ():
            self._make("link", link["link"], act, link["row"])
            if link["open"]:
                self.open_links.setdefault(owner, set()).add(link["link"])
        if data.get("supersedes") and data.get("status", Status.ACCEPTED) in DECIDED:
            self.in_effect.setdefault(owner, set()).update(edge["decision"] for edge in data["supersedes"])
