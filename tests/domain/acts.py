"""A small language for tests of rules: the acts of one company, recorded one after another."""

from datetime import UTC, datetime, timedelta

from adr_app.domain.events import Happening, check_data
from adr_app.domain.flags import Span, decision_spans

CTO, VCISO, LEADER, SOMEBODY = 1, 2, 3, 4
OWN, NEWER, NEWEST = 12, 13, 14
SECOND = timedelta(seconds=1)


def utc(text: str) -> datetime:
    """Return the moment that `2026-03-02 09:00` means in UTC; a day alone is its midnight."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def epoch(text: str) -> int:
    """Return a moment in whole seconds, as acts carry it."""
    return int(utc(text).timestamp())


class Story:
    """What one company recorded, in order; `act` returns the story, so that acts can be chained."""

    def __init__(self, *, vciso: bool = True, go_live_on: str = "2026-01-01", zone: str = "UTC") -> None:
        self.acts: list[Happening] = []
        self.act("2026-01-01", "company.founded", about=("company", 1), zone=zone, go_live_on=go_live_on)
        if vciso:
            self.engage("2026-01-01")

    def act(
        self,
        at: str | datetime,
        kind: str,
        *,
        by: int | None = CTO,
        about: tuple[str, int] = ("decision", OWN),
        **data: object,
    ) -> "Story":
        when = utc(at) if isinstance(at, str) else at
        check_data(kind, data)
        self.acts.append(Happening(len(self.acts) + 1, when, by, kind, about, data))
        return self

    def engage(self, at: str, *, ends: str | None = None) -> "Story":
        return self.act(
            at,
            "engagement.started",
            about=("company", 1),
            engagement=1,
            person=VCISO,
            role="vciso",
            starts_at=epoch(at),
            ends_at=None if ends is None else epoch(ends),
        )

    def draft(self, at: str, *, level: int = 2, number: int = 1) -> "Story":
        kind = "decision.drafted" if number == 1 else "decision.revised"
        return self.act(at, kind, number=number, digest=f"text {number}", level=level)

    def propose(self, at: str, *, number: int = 1) -> "Story":
        return self.act(at, "decision.proposed", number=number, digest=f"text {number}")

    def ask(self, at: str, due: str, *, emergency: bool = False) -> "Story":
        return self.act(at, "review.asked", review=1, of=VCISO, due_at=epoch(due), emergency=emergency)

    def answer(
        self,
        at: str,
        code: str = "approve",
        *,
        number: int = 1,
        by: int = VCISO,
        engagement: int | None = 1,
        until: str | None = None,
        conditions: list[dict[str, object]] | None = None,
        verdict: int | None = None,
    ) -> "Story":
        return self.act(
            at,
            "review.verdict",
            by=by,
            verdict=verdict or len(self.acts),
            code=code,
            number=number,
            digest=f"text {number}",
            engagement=engagement,
            valid_until=None if until is None else epoch(until),
            conditions=conditions or [],
        )

    def accept(
        self, at: str, *, number: int = 1, by: int = CTO, way: str = "unasked", **data: object
    ) -> "Story":
        return self.act(
            at, "decision.accepted", by=by, number=number, digest=f"text {number}", way=way, **data
        )

    def replace(self, at: str, *, by: int = NEWER, part: bool = False) -> "Story":
        edges = [{"decision": OWN, "part": part}]
        return self.act(at, "decision.accepted", about=("decision", by), way="plain", supersedes=edges)

    def spans(self, kind: str = "flag", code: str | None = None) -> list[Span]:
        found = decision_spans(OWN, self.acts)
        return [span for span in found if span.kind == kind and code in (None, span.code)]

    def at(self, moment: str | datetime, kind: str = "flag") -> dict[str, Span]:
        """Return what holds at a moment, by code."""
        when = utc(moment) if isinstance(moment, str) else moment
        return {s.code: s for s in self.spans(kind) if s.starts <= when and (s.ends is None or when < s.ends)}

    def standing(self, moment: str | datetime) -> tuple[str, str]:
        """Return the code and the finer reason of the one standing at a moment."""
        (span,) = self.at(moment, "standing").values()
        return span.code, span.why


def comes_on(story: Story, code: str, moment: str) -> Span:
    """Check a flag at the second before, at, and after the moment it appears; return it."""
    when = utc(moment)
    assert code not in story.at(when - SECOND), f"{code} is on a second too early"
    assert code in story.at(when), f"{code} is not on at {moment}"
    assert code in story.at(when + SECOND)
    return story.at(when)[code]


def goes_off(story: Story, code: str, moment: str, ended_as: str) -> None:
    """Check a flag at the second before, at, and after the moment it ends, and why it ended."""
    when = utc(moment)
    assert code in story.at(when - SECOND), f"{code} ended too early"
    assert story.at(when - SECOND)[code].ended_as == ended_as
    assert code not in story.at(when), f"{code} is still on at {moment}"
    assert code not in story.at(when + SECOND)
