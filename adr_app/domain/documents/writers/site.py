"""A website of the whole log that opens from disk: plain pages, one stylesheet, relative links, no script."""

from collections.abc import Iterable
from dataclasses import replace
from html import escape

from adr_app.domain.decisions import STATUS_NAMES, Status
from adr_app.domain.documents.writers.fields import Fields, Relation

LABELS = {
    ("supersedes", False): "Replaces",
    ("supersedes", True): "Replaced by",
    ("amends", False): "Changes",
    ("amends", True): "Changed by",
    ("relates to", False): "Belongs with",
    ("depends on", False): "Depends on",
}
_POLICY = "default-src 'none'; style-src 'self' file:; base-uri 'none'; form-action 'none'"


def name(fields: Fields) -> str:
    """Return the path of a decision's page."""
    return f"decisions/{fields.reference}.html"


def page(fields: Fields, company: str, parts: Iterable[tuple[str, str]]) -> str:
    """Return the page of one decision; `parts` are headings and their HTML, which is taken as safe."""
    facts = [
        ("Decided on", escape(fields.date or "")),
        ("Decided by", escape(", ".join(fields.deciders))),
        ("Asked for advice", escape(", ".join(fields.consulted))),
        ("Told", escape(", ".join(fields.informed))),
        *((_words(key), escape(value)) for key, value in (*fields.flat, *fields.extra)),
        ("Tags", escape(", ".join(fields.tags))),
    ]
    body = [
        '<nav aria-label="Back"><a href="../index.html">All decisions</a></nav>',
        f"<main><header><p>{escape(fields.reference)}</p><h1>{escape(fields.title)}</h1>",
        f'<p class="status">{_status(fields)}</p></header>',
        _security(fields),
        *(f"<section><h2>{escape(heading)}</h2>{html}</section>" for heading, html in parts),
        _options(fields),
        _safeguards(fields.safeguards),
        _relations(fields.relations),
        "<section><h2>Facts</h2><dl>",
        *(f"<div><dt>{escape(term)}</dt><dd>{value}</dd></div>" for term, value in facts if value),
        "</dl></section></main>",
    ]
    return _document(f"{fields.reference} {fields.title}", company, "../", "".join(body))


def index(decisions: Iterable[Fields], company: str, note: str) -> str:
    """Return the first page: every decision in a list, newest first; `note` says what is left out."""
    rows = [
        f'<tr><td class="ref">{escape(f.reference)}</td>'
        f'<th scope="row"><a href="{escape(name(f))}">{escape(f.title)}</a></th>'
        f"<td>{_status(f)}</td><td>{escape(f.security.words if f.security else '')}</td>"
        f'<td class="date">{escape(f.date or "")}</td></tr>'
        for f in decisions
    ]
    table = (
        '<table><caption>Decisions, newest first</caption><thead><tr><th scope="col">Number</th>'
        '<th scope="col">Decision</th><th scope="col">Status</th><th scope="col">Was security asked?</th>'
        f'<th scope="col">Decided on</th></tr></thead><tbody>{"".join(reversed(rows))}</tbody></table>'
    )
    body = f"<main><header><h1>Decisions</h1><p>{len(rows)} decisions. {escape(note)}</p></header>"
    return _document("Decisions", company, "", f"{body}{table if rows else '<p>None yet.</p>'}</main>")


def listed(fields: Fields) -> Fields:
    """Return only what the list shows of a decision, its texts dropped."""
    newer = tuple(replace(r, address=f"decisions/{r.address}") for r in fields.replaced_by())
    return Fields(
        fields.title,
        reference=fields.reference,
        status=fields.status,
        date=fields.date,
        relations=newer,
        security=fields.security and replace(fields.security, lines=()),
    )


def _document(title: str, company: str, top: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · {escape(company)}</title>"
        f'<link rel="stylesheet" href="{top}site.css"></head><body>'
        f'<header class="company">{escape(company)}</header>{body}</body></html>\n'
    )


def _status(fields: Fields) -> str:
    newer = [relation for relation in fields.replaced_by() if relation.address]
    words = STATUS_NAMES[Status(fields.status)] if fields.status else STATUS_NAMES[Status.UNSTATED]
    return f"{words} by {_ends(newer)}" if fields.status == "superseded" and newer else escape(words)


def _ends(relations: list[Relation]) -> str:
    # Pages lie side by side, whatever folder the decision's file would lie in.
    return ", ".join(f'<a href="{escape(r.address)}">{escape(r.label)}</a>' for r in relations)


def _safeguards(lines: Iterable[str]) -> str:
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<section><h2>Safeguards</h2><ul>{listed}</ul></section>" if listed else ""


def _security(fields: Fields) -> str:
    if fields.security is None:
        return ""
    lines = "".join(f"<li>{escape(line)}</li>" for line in fields.security.lines)
    lists = f"<ul>{lines}</ul>" if lines else ""
    words = escape(fields.security.words)
    return f'<section class="security"><h2>Was security asked?</h2><p>{words}.</p>{lists}</section>'


def _options(fields: Fields) -> str:
    if fields.body or not fields.options:
        return ""
    parts = []
    for option in fields.options:
        chosen = " <strong>(chosen)</strong>" if option.chosen else ""
        sides = [("For", option.pros), ("Against", option.cons)]
        lists = "".join(
            f"<p>{words}</p><ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>"
            for words, texts in sides
            if texts
        )
        parts.append(f"<h3>{escape(option.title)}{chosen}</h3>{lists}")
    return f"<section><h2>Options</h2>{''.join(parts)}</section>"


def _relations(relations: tuple[Relation, ...]) -> str:
    lines = []
    for relation in relations:
        words = LABELS.get((relation.kind, relation.inward))
        if words and relation.address:
            part = " a part of" if relation.part and not relation.inward else ""
            part = " in part" if relation.part and relation.inward else part
            note = f" ({escape(relation.note)})" if relation.note else ""
            said = words.replace(" by", f"{part} by") if part == " in part" else f"{words}{part}"
            lines.append(f"<li>{said} {_ends([relation])}{note}</li>")
    return f"<section><h2>Belongs with</h2><ul>{''.join(lines)}</ul></section>" if lines else ""


def _words(key: str) -> str:
    words = key.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]
