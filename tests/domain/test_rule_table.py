"""The table of rules: each flag at the second before it is on, at it, after it, and when it is off again."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from adr_app.domain.events import Happening
from adr_app.domain.flag_rules import RULES
from adr_app.domain.flags import Span, company_spans
from tests.domain.acts import CTO, LEADER, NEWER, OWN, SECOND, VCISO, Story, comes_on, epoch, goes_off, utc

MADE, LATER = "2026-03-10 10:00", "2026-03-16 11:30"
TODO = [{"condition": 1, "due_on": "2026-04-01", "before_go_live": False}]
BINDS = {**TODO[0], "binds_at": epoch("2026-05-01")}
COMPANY = ("company", 1)
UNKNOWN, DEVIATES = {"data": "unknown"}, {"undo": "yes", "q8": "yes"}


def proposed(level: int | None = 2, *, by: int = CTO, vciso: bool = True, **text: object) -> Story:
    told = {"number": 1, "digest": "text 1", "level": level, **text}
    story = Story(vciso=vciso).act("2026-03-02 09:00", "decision.drafted", by=by, **told)
    return story.propose("2026-03-02 10:00")


def cleared(level: int = 2, *, text: dict[str, object] | None = None, **answer: object) -> Story:
    return (
        proposed(level, **(text or {}))
        .answer("2026-03-03", **{"verdict": 7, **answer})
        .accept(MADE, way="plain")
    )


def refused(level: int = 2) -> Story:
    return proposed(level).answer("2026-03-03", "deny")


def risk(story: Story, at: str, until: str, acceptance: int = 1, **more: object) -> Story:
    return story.act(at, "risk.accepted", by=LEADER, acceptance=acceptance, until=epoch(until), **more)


def extended(at: str, until: str, acceptance: int) -> Callable[[Story], Story]:
    """Return the act that allows an exception anew, in place of the one before it."""
    before = acceptance - 1
    return lambda story: risk(story, at, until, acceptance, extends=before, replaces=[before])


def ended(at: str, acceptance: int = 1) -> Callable[[Story], object]:
    return lambda story: story.act(at, "risk.ended", by=LEADER, acceptance=acceptance)


def built(story: Story, at: str) -> Story:
    return story.act(at, "decision.implementation-set", state="implemented")


def again(story: Story, at: str, **text: object) -> Story:
    return story.act(at, "decision.revised", number=2, digest="text 2", **text)


def recorded(**data: object) -> Story:
    return Story().act(MADE, "decision.recorded", number=1, digest="text 1", level=1, way="recorded", **data)


def imported(**data: object) -> Story:
    return Story().act(MADE, "decision.imported", number=1, digest="text 1", status="accepted", **data)


def aside(story: Story, at: str, code: str, until: str = "2026-09-01") -> Story:
    return story.act(at, "flag.set-aside", by=LEADER, aside=1, code=code, until=epoch(until))


def unreadable(story: Story, at: str, about: tuple[str, int] = ("decision", OWN)) -> Story:
    """Add an entry as a newer program might write it: of a kind of answer that this one does not know."""
    kind, data = (
        ("company.policy-set", {"how": 1}) if about == COMPANY else ("review.verdict", {"code": "ok"})
    )
    story.acts.append(Happening(len(story.acts) + 1, utc(at), VCISO, kind, about, data))
    return story


@dataclass(frozen=True)
class Case:
    """A flag: the acts, the moment at which it comes on, what ends it (none: it is how it was), and how."""

    acts: Callable[[], Story]
    on: str
    end: Callable[[Story], object] | None = None
    off: str = ""
    ended_as: str = ""


def ends(off: str, ended_as: str, end: Callable[[Story], object] = lambda story: None) -> dict[str, object]:
    return {"off": off, "ended_as": ended_as, "end": end}


def late(story: Story) -> Story:
    return story.answer(LATER)


MEANS_THE_SAME = {"verdict": 7, "number": 2, "digest": "text 2", "engagement": 1}

MOVES = {"access": "yes", "q5": "internet"}


def follows(story: Story, framework: str) -> Story:
    return story.act("2026-03-12", "company.framework-followed", about=COMPANY, framework=framework)


def encrypts(story: Story, at: str, code: str = "3.13.11") -> Story:
    return story.act(at, "decision.mapped", framework="800-171-r2", control=code, effect="changes")


CASES = {
    "module-not-named": Case(
        lambda: encrypts(cleared(text={"government": True}), "2026-03-12"),
        "2026-03-12",
        **ends(LATER, "dealt with", lambda s: s.act(LATER, "decision.module-noted")),
    ),
    "description-not-updated": Case(
        lambda: follows(built(cleared(text={"answers": MOVES, "inside": True}), "2026-03-12"), "soc-2"),
        "2026-04-11",
        **ends("2026-04-20", "dealt with", lambda s: s.act("2026-04-20", "decision.description-updated")),
    ),
    "review-date-passed": Case(
        lambda: cleared().act("2026-03-12", "decision.review-on-set", on="2026-04-01"),
        "2026-04-02",
        **ends("2026-04-05", "dealt with", lambda s: s.act("2026-04-05", "decision.looked-again", on=None)),
    ),
    "context-changed": Case(
        lambda: cleared().act("2026-03-12", "decision.rejected", about=("decision", NEWER)),
        "2026-03-12",
        **ends(LATER, "answered", lambda s: s.act(LATER, "review.still-holds", by=VCISO, after=7)),
    ),
    "accepted-no-input": Case(lambda: proposed().accept(MADE), MADE, **ends(LATER, "answered", late)),
    "accepted-no-signoff": Case(
        lambda: proposed().answer("2026-03-03", "advise").accept(MADE), MADE, **ends(LATER, "answered", late)
    ),
    "accepted-over-objection": Case(
        lambda: refused().accept(MADE),
        MADE,
        **ends(LATER, "set aside", lambda story: risk(story, LATER, "2026-06-01")),
    ),
    "exception-expired": Case(
        lambda: risk(refused(), "2026-03-05", "2026-06-01").accept(MADE, way="risk-taken"),
        "2026-06-01",
        **ends("2026-06-08", "dealt with", lambda story: risk(story, "2026-06-08", "2026-09-01", 2)),
    ),
    "self-review": Case(
        lambda: proposed().answer("2026-03-03", by=CTO).accept(MADE, by=CTO, sole=True),
        MADE,
        **ends(LATER, "answered", late),
    ),
    "reviewer-no-mandate": Case(
        lambda: proposed().answer("2026-03-03", engagement=None),
        "2026-03-03",
        **ends(LATER, "answered", late),
    ),
    "no-vciso": Case(
        lambda: Story().act(
            MADE, "engagement.ended", about=COMPANY, engagement=1, person=VCISO, role="vciso"
        ),
        MADE,
        **ends(LATER, "dealt with", lambda story: story.engage(LATER)),
    ),
    "changed-after-signoff": Case(
        lambda: again(cleared(), "2026-03-12", level=2).act(
            LATER, "decision.text-accepted", number=2, digest="text 2", level=2, way="unasked"
        ),
        LATER,
        **ends(
            "2026-03-20",
            "answered",
            lambda story: story.act("2026-03-20", "review.same-meaning", by=VCISO, **MEANS_THE_SAME),
        ),
    ),
    "signoff-expired": Case(
        lambda: cleared(until="2028-03-04"),
        "2028-03-04",
        **ends("2028-03-09", "answered", lambda story: story.answer("2028-03-09")),
    ),
    "condition-overdue": Case(
        lambda: cleared(code="approve-with-conditions", conditions=TODO),
        "2026-04-02",
        **ends("2026-04-05", "dealt with", lambda s: s.act("2026-04-05", "condition.done", condition=1)),
    ),
    "review-waiting": Case(
        lambda: proposed().ask("2026-03-02 11:00", "2026-03-10"),
        "2026-03-10",
        **ends(LATER, "answered", late),
    ),
    "emergency-unreviewed": Case(
        lambda: proposed(3).accept(MADE, way="emergency"),
        "2026-03-12 10:00",
        **ends(LATER, "answered", late),
    ),
    "written-down-late": Case(lambda: recorded(decided_on="2026-03-06"), MADE),
    "self-cert-unverified": Case(
        lambda: proposed(0).accept(MADE),
        "2026-04-09 10:00",
        **ends("2026-04-16", "answered", lambda story: story.answer("2026-04-16", "not-relevant")),
    ),
    "inherited-not-assessed": Case(
        lambda: imported(decided_on="2019-05-05"), MADE, **ends(LATER, "answered", late)
    ),
    "questions-unanswered": Case(
        lambda: proposed(None),
        "2026-03-02 10:00",
        **ends("2026-03-04", "answered", lambda story: story.ask("2026-03-04", "2026-03-11")),
    ),
    "answer-unknown": Case(
        # the ten working days go on through a version that leaves it unknown
        lambda: again(proposed(answers=UNKNOWN), "2026-03-09", level=2, answers=UNKNOWN),
        "2026-03-17",
        **ends("2026-03-18", "answered", lambda story: again2(story, "2026-03-18")),
    ),
    "risk-undecided": Case(
        lambda: refused(3),
        "2026-03-11",
        **ends(LATER, "dealt with", lambda story: story.act(LATER, "risk.declined", by=LEADER, question=1)),
    ),
    "level-lowered": Case(
        lambda: again(proposed(), "2026-03-05", level=1),
        "2026-03-05",
        **ends(LATER, "answered", late),
    ),
    "last-editor-approved": Case(
        lambda: proposed(by=VCISO).answer("2026-03-03").accept(MADE, way="plain"),
        MADE,
        **ends(LATER, "answered", lambda story: story.answer(LATER, by=9)),
    ),
    "exception-ending": Case(
        lambda: risk(refused(), "2026-03-05", "2026-06-01").accept(MADE, way="risk-taken"),
        "2026-05-02",
        **ends("2026-06-01", "time passed"),
    ),
    "exception-too-long": Case(
        # level 2: ninety days after 5 March is 3 June, whose end is the midnight after
        lambda: risk(refused(), "2026-03-05 11:00", "2026-06-05"),
        "2026-03-05 11:00",
        **ends("2026-04-01", "dealt with", ended("2026-04-01")),
    ),
    "exception-rolled": Case(
        lambda: extended("2026-03-25", "2026-04-10", 3)(
            extended("2026-03-15", "2026-03-30", 2)(risk(refused(), "2026-03-05", "2026-03-20"))
        ),
        "2026-03-25",
        **ends("2026-04-01", "dealt with", ended("2026-04-01", 3)),
    ),
    "exception-unprotected": Case(
        lambda: risk(refused(), "2026-03-05", "2026-05-01"),
        "2026-03-05",
        **ends(
            "2026-04-01",
            "dealt with",
            lambda story: story.act("2026-04-01", "risk.protected", acceptance=1, protects="digest"),
        ),
    ),
    "deviation-no-exception": Case(
        lambda: proposed(3, answers=DEVIATES).answer("2026-03-03").accept(MADE, way="plain"),
        MADE,
        **ends(LATER, "dealt with", lambda story: risk(story, LATER, "2026-06-01")),
    ),
    "author-waited-for": Case(
        lambda: proposed().ask("2026-03-02 11:00", "2026-03-10").answer("2026-03-03", "question"),
        "2026-03-18",
        **ends("2026-03-19", "answered", lambda s: s.act("2026-03-19", "review.replied", review=1)),
    ),
    "implemented-before-accepted": Case(lambda: built(proposed(), "2026-03-05").accept(MADE), MADE),
    "not-verified-after-go-live": Case(
        lambda: built(cleared(), "2026-03-12"),
        "2026-04-11",
        **ends(
            "2026-04-20", "dealt with", lambda s: s.act("2026-04-20", "review.went-live-checked", by=VCISO)
        ),
    ),
    "mandate-ending": Case(
        lambda: Story(vciso=False).engage("2026-02-01", ends="2026-06-01"),
        "2026-05-02",
        **ends("2026-05-10", "dealt with", lambda story: story.engage("2026-05-10", ends="2027-06-01")),
    ),
    "vendor-no-agreement": Case(
        lambda: proposed(0, vendors=[[7, True, False, None]]).accept(MADE),
        MADE,
        **ends(
            LATER,
            "dealt with",
            lambda story: story.act(
                LATER, "vendor.agreed", about=("vendor", 7), agreement=1, vendor=[7, True, True, None]
            ),
        ),
    ),
    "condition-no-owner": Case(
        lambda: cleared(code="approve-with-conditions", conditions=[{**BINDS, "owned": False}]),
        "2026-05-01",
        **ends("2026-05-02", "dealt with", lambda s: s.act("2026-05-02", "condition.assigned", condition=1)),
    ),
    "condition-self-closed": Case(
        lambda: cleared(code="approve-with-conditions", conditions=[BINDS]).act(
            "2026-03-20", "condition.done", condition=1, check_by=epoch("2026-03-28")
        ),
        "2026-03-28",
        **ends(
            "2026-03-30",
            "dealt with",
            lambda story: story.act("2026-03-30", "condition.verified", by=VCISO, condition=1),
        ),
    ),
    "implemented-before-condition": Case(
        lambda: built(
            cleared(code="approve-with-conditions", conditions=[{**BINDS, "before_go_live": True}]),
            "2026-03-12",
        ),
        "2026-03-12",
    ),
    "control-unmapped": Case(
        lambda: (
            proposed().accept(MADE).act(LATER, "company.framework-followed", about=COMPANY, framework="hipaa")
        ),
        LATER,
        **ends(
            "2026-03-18",
            "dealt with",
            lambda story: story.act(
                "2026-03-18", "decision.mapped", framework="hipaa", control="1", effect="supports"
            ),
        ),
    ),
    "set-aside": Case(
        lambda: aside(proposed(0).accept(MADE), "2026-04-10", "self-cert-unverified"),
        "2026-04-10",
        **ends("2026-09-01", "time passed"),
    ),
    "rule-error": Case(lambda: unreadable(cleared(), LATER), LATER),
    "record-broken": Case(
        lambda: Story().act(LATER, "record.checked", about=COMPANY, check=1, result="broken", fault=2),
        LATER,
        **ends(
            "2026-04-20",
            "dealt with",
            lambda s: s.act("2026-04-20", "record.checked", about=COMPANY, check=2, result="whole", fault=0),
        ),
    ),
    "receipt-stale": Case(
        lambda: Story().act(MADE, "record.receipt-given", about=COMPANY, receipt=1),
        "2026-04-09 10:00",
        **ends(
            "2026-04-20",
            "dealt with",
            lambda s: s.act("2026-04-20", "record.receipt-given", about=COMPANY, receipt=2),
        ),
    ),
    "company-unread": Case(lambda: unreadable(Story(), LATER, COMPANY), LATER),
}


def again2(story: Story, at: str) -> Story:
    return story.act(at, "decision.revised", number=3, digest="text 3", level=2)


class _OfCompany:
    """The flags of the company in a story, read as those of its decision are."""

    def __init__(self, story: Story) -> None:
        self.spans = company_spans(story.acts) + company_spans(story.acts, apart=True)

    def at(self, when: object) -> dict[str, Span]:
        return {s.code: s for s in self.spans if s.starts <= when and (s.ends is None or when < s.ends)}


def test_the_table_has_a_case_for_every_rule() -> None:
    # those of debts have their cases in tests/domain/test_debt_flags.py
    assert set(CASES) == {code for code, rule in RULES.items() if rule.subject != "debt"}


@pytest.mark.parametrize("code", CASES)
def test_a_flag_is_off_before_its_second_on_at_it_and_after_and_off_again_from_its_end(code: str) -> None:
    case, rule = CASES[code], RULES[code]
    of = _OfCompany if rule.subject == "company" else (lambda story: story)
    story = case.acts()
    span = comes_on(of(story), code, case.on)
    assert span.severity == rule.severity
    if case.end is None:
        assert span.ends is None and not rule.may_be_set_aside
        assert code in of(story).at(utc("2036-01-01"))
        return
    case.end(story)
    if code != "exception-ending" and code != "set-aside":
        # Nothing that ends it reaches back: it came on at the same second, and is told for ever.
        assert comes_on(of(story), code, case.on).starts == span.starts
    goes_off(of(story), code, case.off, case.ended_as)


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.subject == "decision"])
def test_only_what_is_no_fact_is_set_aside_and_only_until_its_day(code: str) -> None:
    story, rule = CASES[code].acts(), RULES[code]
    at = utc(CASES[code].on) + SECOND
    before = story.standing(at)
    aside(story, f"{at:%Y-%m-%d %H:%M:%S}", code, until=f"{at + 10 * SECOND:%Y-%m-%d %H:%M:%S}")
    if not rule.may_be_set_aside:
        assert code in story.at(at)
        return
    goes_off(story, code, f"{at:%Y-%m-%d %H:%M:%S}", "set aside by leadership")
    quiet = [span for span in story.spans(code="set-aside") if span.why == code]
    assert [(span.starts, span.ends) for span in quiet] == [(at, at + 10 * SECOND)]
    assert story.standing(at) == before, "setting a flag aside never touches the standing"
    comes_on(story, code, f"{at + 10 * SECOND:%Y-%m-%d %H:%M:%S}")
    assert quiet[0].severity == "S3"


@pytest.mark.parametrize("code", RULES)
def test_a_company_may_raise_how_grave_a_flag_is_from_then_on_and_never_lower_it(code: str) -> None:
    rule = RULES[code]
    assert rule.severity_at(0, "S1") == "S1"
    assert rule.severity_at(0, "S3") == rule.severity_at(0)
    if rule.subject == "company" or rule.test is None:
        return
    story = CASES[code].acts()
    at = utc(CASES[code].on) + SECOND
    story.act(at, "company.severity-set", about=COMPANY, code=code, severity="S1")
    assert story.at(at)[code].severity == "S1"
    assert story.at(at - SECOND)[code].severity == rule.severity


def test_from_an_entry_that_cannot_be_read_on_nothing_reads_as_good_and_nothing_before_changes() -> None:
    for story in (unreadable(cleared(), LATER), unreadable(cleared(), LATER, COMPANY)):
        assert story.standing(utc(LATER) - SECOND) == ("cleared", "")
        assert story.standing(LATER) == ("unread", "")
        assert set(story.at(LATER)) == {"rule-error"}
        story.answer("2026-04-01")
        assert story.standing("2026-04-02") == ("unread", "")
        assert [span.code for span in story.spans("input")] == ["before", "unread"]


def test_a_rule_that_fails_is_told_and_never_taken_as_satisfied(monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses

    from adr_app.domain import flags

    def fails(stretch: object) -> None:
        raise KeyError("an entry without what the rule reads")

    broken = dataclasses.replace(RULES["signoff-expired"], test=fails)
    monkeypatch.setitem(flags.RULES, "signoff-expired", broken)
    found = cleared().at(LATER)["rule-error"]
    assert (found.why, found.detail) == ("rule", {"rules": ["signoff-expired"]})


@pytest.mark.parametrize(("level", "days"), [(0, 365), (1, 365), (2, 90), (3, 30)])
def test_an_exception_may_last_as_long_as_its_level_allows_and_not_a_day_more(level: int, days: int) -> None:
    taken = utc("2026-03-05 11:00")
    for more, flagged in ((0, False), (1, True)):
        last = (taken + (days + 1 + more) * 86_400 * SECOND).replace(hour=0)
        story = risk(refused(level), "2026-03-05 11:00", f"{last:%Y-%m-%d}", protects="digest")
        assert ("exception-too-long" in story.at(taken)) is flagged
        assert "exception-unprotected" not in story.at(taken), "what protects meanwhile is named"


def test_one_extension_is_no_flag_unless_it_makes_twice_the_limit_and_an_ok_ends_the_story() -> None:
    once = extended("2026-05-20", "2026-08-15", 2)(risk(refused(), "2026-03-05", "2026-06-01"))
    assert "exception-rolled" not in once.at("2026-05-21")
    long = extended("2026-05-30", "2026-09-03", 2)(risk(refused(), "2026-03-05", "2026-06-01"))
    assert "exception-rolled" in long.at("2026-05-30"), "182 days where 90 are allowed"
    assert "exception-unprotected" not in risk(refused(1), "2026-03-05", "2026-06-01").at("2026-03-06")
    anew = risk(once.answer("2026-07-01").answer("2026-07-02", "deny"), "2026-07-03", "2026-09-01", 3)
    assert "exception-rolled" not in anew.at("2026-07-04")


@pytest.mark.parametrize(
    ("kind", "about", "data", "flagged"),
    [
        ("system.added", ("system", 1), {"system": 1, "inside_boundary": True}, True),
        ("vendor.described", ("vendor", 7), {"vendor": [7, True, False, None], "anew": True}, True),
        ("vendor.described", ("vendor", 7), {"vendor": [7, True, False, None]}, False),
        ("vendor.agreement-ended", ("vendor", 7), {"vendor": [7, False, False, None]}, True),
        ("vendor.assessed", ("vendor", 7), {"vendor": [7, False, False, None]}, False),
        ("decision.rejected", ("decision", NEWER), {}, True),
        ("decision.deprecated", ("decision", NEWER), {}, True),
        ("decision.status-stated", ("decision", NEWER), {"status": "rejected"}, True),
        ("decision.status-stated", ("decision", NEWER), {"status": "proposed"}, False),
        ("decision.linked", ("decision", NEWER), {"link": 1, "to": OWN}, False),
        ("decision.accepted", ("decision", NEWER), {"supersedes": [{"decision": 20, "part": False}]}, True),
        ("decision.accepted", ("decision", NEWER), {"supersedes": [{"decision": OWN, "part": True}]}, False),
    ],
)
def test_what_changes_beneath_an_ok_is_flagged_and_nothing_beside_it(
    kind: str, about: tuple[str, int], data: dict[str, object], flagged: bool
) -> None:
    def told(story: Story, at: str) -> Story:
        return story.act(at, kind, about=about, **data)

    names = {"vendors": [[7, False, False, None]]}
    signed = proposed(**names).answer("2026-03-03").accept(MADE, way="plain")
    assert ("context-changed" in told(signed, LATER).at(LATER)) is flagged
    assert "context-changed" not in told(proposed(**names).accept(MADE), LATER).at(LATER), "there is no OK"
    before = told(proposed(**names), "2026-03-02 12:00").answer("2026-03-03").accept(MADE, way="plain")
    assert "context-changed" not in before.at(LATER), "the vCISO answered knowing it"
    if flagged:
        signed.answer("2026-04-01", "advise")
        goes_off(signed, "context-changed", "2026-04-01", "answered")


def test_a_replacement_taken_back_changed_nothing_and_what_came_after_her_look_is_flagged_anew() -> None:
    story = cleared().act(
        LATER, "decision.accepted", about=("decision", NEWER), supersedes=[{"decision": 20, "part": False}]
    )
    story.act("2026-03-16 11:35", "decision.taken-back", about=("decision", NEWER), restores=[20])
    goes_off(story, "context-changed", "2026-03-16 11:35", "answered")
    story.act("2026-04-01", "decision.rejected", about=("decision", 20))
    story.act("2026-04-02", "decision.deprecated", about=("decision", 21))
    rejected = len(story.acts) - 1
    story.act("2026-04-03", "review.still-holds", by=VCISO, after=rejected)
    assert "context-changed" in story.at("2026-04-03"), "a change that she was not shown"
    story.act("2026-04-04", "review.still-holds", by=CTO, after=rejected + 1)
    assert "context-changed" in story.at("2026-04-04"), "whoever decided cannot say so"


def test_the_day_to_look_again_is_moved_by_a_look_and_an_answer_before_it_leaves_it() -> None:
    story = cleared().act("2026-03-12", "decision.review-on-set", on="2026-04-01").answer("2026-03-20")
    comes_on(story, "review-date-passed", "2026-04-02")
    story.act("2026-04-03", "decision.looked-again", on="2026-10-01")
    goes_off(story, "review-date-passed", "2026-04-03", "dealt with")
    comes_on(story, "review-date-passed", "2026-10-02")
    goes_off(story.answer("2026-10-05", "advise"), "review-date-passed", "2026-10-05", "dealt with")
    assert "review-date-passed" not in story.act("2026-10-06", "decision.deprecated").at("2027-01-01")


@pytest.mark.parametrize(
    ("framework", "answers", "inside", "flagged"),
    [
        ("hipaa", MOVES, True, True),
        ("800-171-r2", {"access": "yes", "q2": "adds", "data": "yes", "q13": "yes"}, False, True),
        ("800-171-r3", {"access": "yes", "q2": "like-by-like"}, True, True),
        ("iso-27001", MOVES, True, False),
        ("hipaa", MOVES, False, False),
        ("hipaa", {"access": "yes", "q2": "adjusts", "q5": "no"}, True, False),
    ],
)
def test_a_description_is_asked_for_where_a_standard_wants_one_and_what_it_describes_changed(
    framework: str, answers: dict[str, str], inside: bool, flagged: bool
) -> None:
    signed = cleared(text={"answers": answers, "inside": inside})
    assert (
        "description-not-updated" in follows(built(signed, "2026-03-12"), framework).at("2026-05-01")
    ) is (flagged)
    unbuilt = cleared(text={"answers": answers, "inside": inside})
    assert "description-not-updated" not in follows(unbuilt, framework).at("2026-05-01")


def test_only_encryption_of_government_data_needs_a_module_named_and_an_exception_stands_in_for_it() -> None:
    flag = "module-not-named"
    assert flag not in encrypts(cleared(), LATER).at(LATER)
    assert flag not in encrypts(cleared(text={"government": True}), LATER, "3.13.1").at(LATER)
    story = risk(encrypts(cleared(text={"government": True}), "2026-03-12"), LATER, "2026-05-01")
    goes_off(story, flag, LATER, "dealt with")
    comes_on(story, flag, "2026-05-01")
