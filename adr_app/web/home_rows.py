"""The rows of first screens: what a line says, and the one act at its end."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup

from adr_app.domain.worktime import last_day, local_day
from adr_app.models.decisions import Decision
from adr_app.models.people import Company, Person
from adr_app.services import desk
from adr_app.services.away import Away
from adr_app.services.homes import Mine, Row
from adr_app.services.leads import Asked
from adr_app.services.overhead import Contested
from adr_app.web.access import full_address, now
from adr_app.web.addresses import page_of
from adr_app.web.filters import ago_days, day, due_day, plural
from adr_app.web.lines import Line
from adr_app.web.reasons import reasons
from adr_app.web.standings import fact_of
from adr_app.web.todo_rows import said_of

LONGEST_QUESTION = 160
SAID = {
    "deny": "No.",
    "changes-requested": "Change this first.",
    "approve": "OK.",
    "approve-with-conditions": "OK, with to-dos.",
    "not-relevant": "Not a security matter.",
    "yes": "Yes.",
    "no": "No.",
}
"""A security answer in a word, before its reason."""


def first_name(name: str) -> str:
    """Return the name people call each other by."""
    return name.split()[0] if name.split() else name


def said(one: Away | None, today: date) -> str:
    """Return in a sentence that somebody is away, and who answers meanwhile; nothing where nobody is."""
    if one is None:
        return ""
    until = f"{first_name(one.name)} is away until {day(one.until, today)}"
    if one.deputy:
        return f"{until}; {first_name(one.deputy)} answers meanwhile."
    return f"{until}; nobody covers. Leadership can appoint a stand-in under People."


def line_of(mine: Mine, row: Row, several: bool, page: str = "decisions.show") -> Line:
    """Return a line with its decision and nothing about it yet; the company stands there where it must."""
    return Line(
        company=row.company.name if several else "",
        ref=row.decision.ref,
        title=row.decision.title,
        href=_page(page, row),
    )


def discussed(mine: Mine, row: Row, several: bool) -> Line:
    """Return one line of a question of leadership in a discussion, which whoever may comment answers."""
    line = line_of(mine, row, several)
    line["why"] = f"{first_name(row.about.person.name)} asks: {short(row.about.text)}"
    line["act"] = Line(label="Answer", href=_page("decisions.show", row, "discussion"), primary=True)
    return line


def need(mine: Mine, row: Row, several: bool, vcisos: dict[int, Person]) -> Line:
    """Return one line of what needs the CTO, with its one act."""
    if row.what == "discussion":
        return discussed(mine, row, several)
    if row.what == "word":
        return asked_word(mine, row, several)
    line = line_of(mine, row, several)
    today, zone = mine.today(row.company.id), row.company.zone
    if row.what == "answer":
        review, said = row.about
        line["why"] = f"{first_name(review.asked_of.name)} asks: {short(said.text if said else '')}"
        line["act"] = Line(label="Answer", href=_page("reviews.show", row, "question"), primary=True)
        return line
    line["why"] = fact_of(row.about, today, zone)
    if row.what in ("ask", "look", "nobody"):
        line["when"] = f"Decided {day(row.decision.decided_on, today)}" if row.decision.decided_on else ""
    elif row.decision.decide_by:
        line["when"] = f"Decide by {day(row.decision.decide_by, today)}"
        line["late"] = row.decision.decide_by < today
    her = vcisos.get(row.company.id)
    name = first_name(her.name) if her else ""
    if row.what == "nobody":
        people_page = url_for("people.index", slug=row.company.slug)
        line["act"] = Line(label="Engage a vCISO", href=people_page)
    elif row.what in ("ask", "send"):
        label = f"Ask {name} now" if row.what == "ask" else f"Send to {name}"
        line["act"] = Line(label=label, action=_page("reviews.ask", row), primary=row.what == "send")
    elif row.what == "decide":
        line["act"] = Line(label="Decide", href=line["href"], primary=True)
    else:
        label = "See what is next" if row.what == "stuck" else "Open"
        line["act"] = Line(label=label, href=line["href"])
    return line


def asked_word(mine: Mine, row: Row, several: bool) -> Line:
    """Return one line of to-dos that wait for the CTO's word, and from when they bind without it."""
    line = line_of(mine, row, several)
    first, many = row.about
    zone = row.company.zone
    more = f" And {plural(many - 1, 'more')}." if many > 1 else ""
    line["why"] = f"{first_name(first.signed)} asks for a to-do: {short(first.text)}{more}"
    line["when"] = f"Binds after {due_day(first.binds_at, zone, mine.today(row.company.id))}"
    line["act"] = Line(label="Look", href=_page("reviews.show", row, "to-dos"))
    return line


def contested(
    company: Company,
    decision: Decision,
    row: Contested,
    today: date,
    *,
    named: bool = False,
    act: str = "Look",
) -> Line:
    """Return one line of a to-do that the CTO contests, with a sentence from each adviser."""
    href = page_of("reviews.show", company.slug, decision.number, "to-dos")
    risk = f" Reduces: {row.todo.risk}" if row.todo.risk else ""
    return Line(
        company=company.name if named else "",
        ref=decision.ref,
        title=decision.title,
        href=href,
        when=f"Contested {day(row.objection.at, today, company.zone)}",
        advice=[
            (f"{first_name(row.security)}, security", f"{row.todo.text.rstrip('.')}.{risk}"),
            (f"{first_name(row.objection.person.name)}, technology", said_of(row.objection)),
        ],
        act=Line(label=act, href=href),
    )


def short(text: str) -> str:
    """Return a question on one line, cut at a word where it is long."""
    words = " ".join(text.split())
    if len(words) <= LONGEST_QUESTION:
        return words
    return words[:LONGEST_QUESTION].rsplit(" ", 1)[0] + " …"


def waits(mine: Mine, row: Row, several: bool, absent: Mapping[tuple[int, int], Away]) -> Line:
    """Return one line of what waits for somebody else, with a line to remind them by."""
    line = line_of(mine, row, several)
    today, zone = mine.today(row.company.id), row.company.zone
    who = first_name(row.about.asked_of.name)
    if row.what == "leadership":
        by = day(row.about.answer_by, today)
        line |= {"when": f"With {who}, answer by {by}", "late": row.about.answer_by < today}
        line["act"] = remind(row, who, f"with {who}, answer by {by}", "risks.show")
        return line
    due = due_day(row.about.due_at, zone, today)
    late = row.about.due_at <= now()
    line["late"] = late
    line["when"] = f"No answer, was due {due}" if late else f"With {who}, due {due}"
    asked = f"Asked {day(row.about.asked_at, today, zone)}" if late else ""
    looks = f"{who} will look on {day(row.about.look_on, today)}" if row.about.look_on else ""
    gone = said(absent.get((row.company.id, row.about.asked_of_id)), today)
    line["why"] = " · ".join(filter(None, (asked, looks, gone)))
    if late and row.decision.status == "proposed":
        line["act"] = Line(label="Decide without the answer", href=line["href"])
    else:
        words = f"with {who}, {'was due' if late else 'due'} {due}"
        line["act"] = remind(row, who, words, "reviews.show")
    return line


def remind(row: Row, who: str, words: str, page: str) -> Line:
    """Return the act of reminding somebody: a line to hand over, with a link that signs nothing."""
    address = full_address(page, slug=row.company.slug, number=row.decision.number)
    return Line(
        label="Remind",
        line=f"{row.decision.ref} {row.decision.title} – {words} – {address}",
        line_label=f"One line for {who}",
        line_id=f"remind-{row.company.slug}-{row.decision.number}",
    )


def answer(mine: Mine, row: Row, several: bool) -> Line:
    """Return one line of what waits for the vCISO's answer: by when, why it matters, how long it takes."""
    review, newest = row.about
    line = line_of(mine, row, several, "reviews.show")
    today, zone = mine.today(row.company.id), row.company.zone
    late_days = (today - last_day(review.due_at, zone)).days
    line["late"] = review.due_at <= mine.at
    due_words = due_day(review.due_at, zone, today) if late_days <= 0 else ""
    if late_days > 0:
        line["when"] = f"{plural(late_days, 'day')} late"
    elif line["late"]:
        line["when"] = f"was due {due_words}"
    else:
        line["when"] = "today" if due_words == day(today, today) else f"by {due_words}"
    about = f"about {plural(desk.minutes_to_judge(newest), 'minute')}"
    first = [haste(row), with_whom(mine, review, today, zone)]
    line["why"] = " · ".join([*filter(None, first), *reasons(newest), about])
    line["act"] = Line(label="Open", href=line["href"])  # [Start] above is the page's one main act
    return line


def haste(row: Row) -> str:
    """Return why a review is asked for in a hurry, where it is: it was decided at once, or cannot wait."""
    if not row.about[0].emergency:
        return ""
    return "decided already, to be checked" if row.decision.in_force == row.decision.latest else "cannot wait"


def with_whom(mine: Mine, review: Any, today: date, zone: str) -> str:
    """Return who has a review where several share a company: who took it, or of whom else it was asked."""
    if review.asked_of_id == mine.person.id:
        return "you took it" if review.taken_at else ""
    name = first_name(review.asked_of.name)
    return f"{name} took it on {day(review.taken_at, today, zone)}" if review.taken_at else f"asked of {name}"


def claim(mine: Mine, row: Row, several: bool) -> Line:
    """Return one line of a meeting that the vCISO is said to have taken part in."""
    line = line_of(mine, row, several, "reviews.show")
    on = day(row.about.on, mine.today(row.company.id))
    line["why"] = f"{first_name(row.about.claimed_by.name)} says you advised on this on {on}."
    line["act"] = Line(label="Did you?", href=line["href"])
    return line


def declared(mine: Mine, row: Row, several: bool) -> Line:
    """Return one line of what its author declared harmless: one click agrees, another looks at it."""
    line = line_of(mine, row, several)
    since = since_when(row.about.starts, mine, row.company)
    line["why"] = Markup('{} answered no to all four questions. <a href="{}">I do not agree{}</a>').format(
        first_name(row.decision.author.name),
        _page("reviews.show", row),
        Markup('<span class="visually-hidden">: {} {}</span>').format(row.decision.ref, row.decision.title),
    )
    line["when"] = f"Decided {since}"
    line["act"] = Line(label="Agree", action=_page("levels.agree", row), fields={"base": row.decision.latest})
    return line


def waits_for_them(mine: Mine, row: Row, several: bool) -> Line:
    """Return one line of what waits for somebody after the vCISO answered: who, and since when."""
    line = line_of(mine, row, several)
    if row.what == "leadership":
        who, began = first_name(row.about.asked_of.name), row.about.asked_at
        why, page = row.about.question, "risks.show"
    else:
        review, name, said = row.about
        who, began = first_name(name), said.at if said else review.asked_at
        why, page = short(said.text if said else ""), "reviews.show"
    since = since_when(began, mine, row.company)
    line |= {"when": f"{who}, since {since}", "why": why}
    line["act"] = remind(row, who, f"with {who}, since {since}", page)
    return line


def since_when(began: Any, mine: Mine, company: Company) -> str:
    """Return the day something began as people say it: “yesterday”, “Thu 19 Nov”."""
    today, local = mine.today(company.id), local_day(began, company.zone)
    return ago_days(local, today) if (today - local).days <= 1 else day(local, today)


def due(mine: Mine, row: Row, several: bool) -> Line:
    """Return one line of what ends soon: a to-do's day, or a risk taken until a day."""
    line = line_of(mine, row, several)
    today, zone = mine.today(row.company.id), row.company.zone
    if row.what == "todo":
        line |= {"when": f"To-do due {day(row.about.due_on, today)}", "why": row.about.text}
        line["late"] = row.about.due_on < today
    else:
        line |= {"when": f"Risk ends {due_day(row.about.until, zone, today)}", "why": row.about.reason}
    line["act"] = Line(label="Open", href=line["href"])
    return line


def risk(company: Company, decision: Decision, asked: Asked, today: date, *, named: bool) -> Line:
    """Return one line of a question put to a leader, with a sentence from each adviser."""
    question, security = asked.question, asked.security
    href = page_of("risks.show", company.slug, decision.number)
    her = first_name(security.person_name) if security else "The vCISO"
    said = " ".join(filter(None, (SAID.get(security.code, "") if security else "", question.security_says)))
    advice = [(f"{her}, security", said or "has not answered.")]
    if question.technology_says:
        advice.append((f"{first_name(asked.technology)}, technology", question.technology_says))
    return Line(
        company=company.name if named else "",
        ref=decision.ref,
        title=question.question,
        href=href,
        when=f"Answer by {day(question.answer_by, today)}",
        late=question.answer_by < today,
        advice=advice,
        act=Line(label="Answer", href=href, primary=True),
    )


def start(answers: list[Row]) -> str:
    """Return the address of the first review in the queue, or nothing."""
    return _page("reviews.show", answers[0]) if answers else ""


def _page(endpoint: str, row: Row, anchor: str | None = None) -> str:
    return page_of(endpoint, row.company.slug, row.decision.number, anchor)
