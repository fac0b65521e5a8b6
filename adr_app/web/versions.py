"""Versions of a decision: each as it was, and what changed between any two, word for word."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, render_template

from adr_app.domain.decisions import KINDS
from adr_app.domain.differences import DELETE, INSERT, Block, Part, field_differences
from adr_app.domain.permissions import Act
from adr_app.domain.revisions import BY_NAME, DATA, FIELDS, UNDO
from adr_app.domain.security_questions import QUESTIONS, UNKNOWN
from adr_app.models.decisions import Decision, Revision
from adr_app.services import decision_rows, people
from adr_app.services.laid_out import html_of
from adr_app.web import references
from adr_app.web.access import needs

pages = Blueprint("versions", __name__, url_prefix="/<slug>/decisions/<ref:number>")

OPS = {INSERT: "added", DELETE: "removed"}
PIECES = {"pros": "speaks for it", "cons": "speaks against it", "chosen": "chosen", "order": "order"}
CONTEXT = 280
"""Characters of an unchanged passage that are shown beside a change."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that changed, for the page: its words, and its pieces as (words, [(op, text)])."""

    label: str
    pieces: list[tuple[str, list[tuple[str, str]]]]


@pages.get("/versions")
@needs(Act.READ)
def index(slug: str, number: int) -> str:
    """List every version, newest first."""
    decision = decision_rows.find(g.viewer, number)
    found = decision_rows.revisions(decision)
    names = people.names({revision.created_by_id for revision in found})
    return render_template(
        "versions/index.html", nav="decisions", decision=decision, versions=found, names=names
    )


@pages.get("/versions/<int:version>")
@needs(Act.READ)
def show(slug: str, number: int, version: int) -> str:
    """Show one version as it was."""
    decision = decision_rows.find(g.viewer, number)
    shown = _revision(decision, version)
    laid_out = html_of(shown)
    return render_template(
        "versions/show.html",
        nav="decisions",
        decision=decision,
        version=shown,
        laid_out=laid_out,
        name=people.names({shown.created_by_id}).get(shown.created_by_id, ""),
        fields=[
            (field.label, in_words(shown.fields, field.name))
            for field in FIELDS
            if field.shape not in ("text", "options")
        ],
        texts=[
            (field.label, laid_out[field.name])
            for field in FIELDS
            if field.shape == "text" and field.name in laid_out
        ],
    )


@pages.get("/versions/<int:earlier>..<int:later>")
@needs(Act.READ)
def compare(slug: str, number: int, earlier: int, later: int) -> str:
    """Show what changed between two versions."""
    decision = decision_rows.find(g.viewer, number)
    before, after = _revision(decision, earlier), _revision(decision, later)
    return render_template(
        "versions/compare.html",
        nav="decisions",
        decision=decision,
        before=before,
        after=after,
        changed=difference(before, after),
        names=people.names({before.created_by_id, after.created_by_id}),
    )


def difference(before: Revision, after: Revision) -> list[Changed]:
    """Return what changed from one version to another, for the page, security answers last."""
    order = [field.name for field in FIELDS]
    found = [
        Changed(
            BY_NAME[changed.name].label,
            [_piece(part) for part in changed.parts],
        )
        for changed in field_differences(_words(before.fields), _words(after.fields), order)
    ]
    for changed in field_differences(before.fields, after.fields, ["body"]):
        found.append(Changed("Text", [_piece(part) for part in changed.parts]))
    was, now_ = _answers(before.answers), _answers(after.answers)
    for changed in field_differences(was, now_, QUESTIONS):
        found.append(Changed(QUESTIONS[changed.name].words, [_piece(part) for part in changed.parts]))
    return found


def _words(fields: dict[str, Any]) -> dict[str, Any]:
    """Return fields with words in place of codes, as a reader knows them."""
    shown = dict(fields)
    shown["kind"] = KINDS.get(fields.get("kind", ""), "")
    shown["undo"] = UNDO.get(fields.get("undo", ""), "") if fields.get("undo") else ""
    shown["data"] = [DATA.get(code, code) for code in fields.get("data", [])]
    return shown


def _answers(answers: dict[str, str]) -> dict[str, str]:
    return {code: answer_words(code, answer) for code, answer in answers.items()}


def answer_words(code: str, answer: str) -> str:
    """Return a security question's answer in its words."""
    if answer == UNKNOWN:
        return "Don’t know"
    return next((offered.words for offered in QUESTIONS[code].answers if offered.code == answer), answer)


def _piece(part: Part) -> tuple[str, list[tuple[str, str]]]:
    words = " · ".join(PIECES.get(step, step) for step in part.path if step and step != "title")
    shown: list[tuple[str, str]] = []
    for block in part.blocks:
        shown += _block(block)
    return words, shown


def _block(block: Block) -> list[tuple[str, str]]:
    if block.changed:
        return [(OPS.get(segment.op, "same"), segment.text) for segment in block.segments]
    text = "".join(segment.text for segment in block.segments)
    if len(text) > CONTEXT:
        text = f"{text[: CONTEXT // 2]} … {text[-CONTEXT // 2 :]}"
    return [("same", text)]


def in_words(fields: dict[str, Any], name: str) -> str:
    """Return a field that is no text as a reader knows it, in one line."""
    value = _words(fields).get(name, "")
    return value if isinstance(value, str) else ", ".join(value)


def _revision(decision: Decision, number: int) -> Revision:
    return decision_rows.revision(decision, min(number, references.HIGHEST))
