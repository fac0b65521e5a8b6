"""Writing a decision down: not decided yet or already decided, editing, keeping for later, previews."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from adr_app.domain.digest import check_integer
from adr_app.domain.errors import Invalid, NotFound, Stale
from adr_app.domain.permissions import Act
from adr_app.domain.revisions import BY_NAME, clean
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision
from adr_app.services import decision_rows, decisions, drafts, links, people, remembered, working_copies
from adr_app.services.rendering import render
from adr_app.web import decision_text, references
from adr_app.web.access import Answer, needs, now
from adr_app.web.decision_sheet import Sheet, copy_of, older_of, raw_answers, sent, started
from adr_app.web.versions import difference

pages = Blueprint("drafts", __name__, url_prefix="/<slug>/decisions")

DEEPER = ("plain_words", "options", "decision", "consequences", "systems", "data", "vendors", "undo")


@pages.get("/new")
@needs(Act.DRAFT)
def new(slug: str) -> Answer:
    """Ask whether it is decided already, and show what was noted and not finished."""
    if "copy" in request.args:
        return redirect(
            url_for("drafts.finish", slug=slug, copy=references.understood(request.args["copy"]) or 0)
        )
    return render_template(
        "drafts/new.html",
        nav="decisions",
        noted=working_copies.all_of(g.viewer),
        may_record=g.viewer.may(Act.ACCEPT),
        like=request.args.get("like", ""),
    )


@pages.get("/new/undecided")
@needs(Act.DRAFT)
def undecided(slug: str) -> str:
    """Show the form for what is not decided yet."""
    return started("drafts/undecided.html").shown()


@pages.post("/new/undecided")
@needs(Act.DRAFT)
def draft(slug: str) -> Answer:
    """Write the first draft, or keep what was typed for later."""
    sheet = sent("drafts/undecided.html")
    if "keep" in request.form:
        return _kept(sheet, "undecided")
    try:
        sheet.answers = decision_text.answers() or {}
        made = drafts.draft(g.viewer, sheet.values, answers=sheet.answers, copy=sheet.copy, at=now())
    except Invalid as refusal:
        return _refused(sheet, refusal)
    flash(f"{made.ref} is noted as a draft. Send it for review when it is ready.", "success")
    return _to_page(made)


@pages.get("/new/decided")
@needs(Act.ACCEPT)
def decided(slug: str) -> str:
    """Show the four fields of what was decided already."""
    sheet = started("drafts/decided.html")
    sheet.values.setdefault("decided_on", local_day(now(), g.viewer.company.zone).isoformat())
    sheet.values.setdefault("decided_by", [g.viewer.person.name])
    sheet.extra["in_force"] = links.in_force(g.viewer)
    return sheet.shown()


@pages.post("/new/decided")
@needs(Act.ACCEPT)
def record(slug: str) -> Answer:
    """Record a decision that was made already, or keep what was typed for later."""
    sheet = sent("drafts/decided.html")
    if "keep" in request.form:
        return _kept(sheet, "decided")
    try:
        sheet.answers = decision_text.answers() or {}
        made = decisions.record_decided(
            g.viewer,
            sheet.values,
            answers=sheet.answers,
            took_part=sheet.took_part == "yes",
            replaces=older_of(sheet.replaces["replaces"]),
            part=sheet.replaces["replaces_part"] == "yes",
            note=sheet.replaces["replaces_note"],
            copy=sheet.copy,
            at=now(),
        )
    except Invalid as refusal:
        sheet.extra["in_force"] = links.in_force(g.viewer)
        return _refused(sheet, refusal)
    flash(f"{made.ref} is recorded.", "success")
    return _to_page(made)


@pages.get("/<ref:number>/edit")
@needs(Act.DRAFT)
def edit(slug: str, number: int) -> str:
    """Show a decision's newest text for editing, or what this person kept of it."""
    decision = decision_rows.find(g.viewer, number)
    kept = working_copies.of_decision(g.viewer, decision)
    sheet = _edit_sheet(decision, decision.latest)
    if kept is not None and "newest" not in request.args:
        base = decision_rows.revision(decision, kept.base or decision.latest)
        sheet.values = {**base.fields, **kept.fields}
        sheet.answers = kept.fields.get("answers", base.answers)
        sheet.extra |= {"base": base.number, "kept": kept}
    return sheet.shown()


@pages.post("/<ref:number>/edit")
@needs(Act.DRAFT)
def save(slug: str, number: int) -> Answer:
    """Save a new version, or show what somebody else changed meanwhile beside what was typed."""
    decision = decision_rows.find(g.viewer, number)
    base = check_integer(request.form.get("base", ""), "base", 1, references.HIGHEST)
    sheet = _edit_sheet(decision, base)
    before = decision_rows.revision(decision, base)
    typed, whole = decision_text.fields(), decision_text.body()
    sheet.values = {**before.fields, **typed} | ({"body": whole} if whole is not None else {})
    try:
        given = decision_text.answers()
        sheet.answers = before.answers if given is None else given
        if "keep" in request.form:
            kept = {**typed, "answers": sheet.answers} | ({"body": whole} if whole is not None else {})
            working_copies.keep(g.viewer, kept, decision=decision, base=base, at=now())
            flash("Kept for later. Nobody else sees it.", "success")
            return _to_page(decision)
        written = drafts.revise(g.viewer, number, typed, base=base, answers=given, body=whole, at=now())
    except Invalid as refusal:
        return _refused(sheet, refusal)
    except Stale:
        return _overtaken(decision, sheet, base)
    if written is None:
        flash("Nothing was changed, so there is no new version.", "info")
    else:
        flash(f"Saved as version {written.number}.", "success")
    return _to_page(decision)


@pages.post("/<ref:number>/keep-answers")
@needs(Act.DRAFT)
def keep_answers(slug: str, number: int) -> Answer:
    """Answer the security questions that are open as they were answered for the same system before."""
    decision_rows.find(g.viewer, number)
    base = check_integer(request.form.get("base", ""), "base", 1, references.HIGHEST)
    written = remembered.keep(g.viewer, number, base=base, seen=request.form.get("seen", ""), at=now())
    if written is not None:
        flash(f"Kept as version {written.number}. Change an answer where it does not hold here.", "success")
    return redirect(url_for("decisions.show", slug=slug, number=number, _anchor="part-security"))


@pages.post("/preview")
@needs(Act.DRAFT)
def preview(slug: str) -> Answer:
    """Show one text as it will be laid out, by the renderer that stores it."""
    name = request.form.get("preview_of", "")
    text = request.form.get(name, "")
    return render_template("drafts/preview.html", nav="decisions", html=render(text, "preview"))


@pages.get("/kept/<int:copy>")
@needs(Act.DRAFT)
def finish(slug: str, copy: int) -> Answer:
    """Go on with something noted and not finished.

    :raises NotFound: when this person kept nothing with that number.
    """
    kept = copy_of(copy)
    if kept.decision_id > 0:
        decision = decision_rows.visible(g.viewer).where(Decision.id == kept.decision_id).first()
        if decision is None:
            raise NotFound("There is no such page.")
        return redirect(url_for("drafts.edit", slug=slug, number=decision.number))
    form = "decided" if kept.fields.get("form") == "decided" else "undecided"
    return redirect(url_for(f"drafts.{form}", slug=slug, copy=kept.id))


@pages.post("/kept/<int:copy>/drop")
@needs(Act.DRAFT)
def drop(slug: str, copy: int) -> Answer:
    """Give up something noted and not finished."""
    working_copies.forget(g.viewer, copy_of(copy).id)
    flash("It is gone.", "success")
    return redirect(url_for("drafts.new", slug=slug))


def _edit_sheet(decision: Decision, base: int) -> Sheet:
    newest = decision_rows.revision(decision)
    return Sheet(
        "drafts/edit.html",
        dict(newest.fields),
        dict(newest.answers),
        extra={"decision": decision, "base": base, "form": newest.form, "deeper": DEEPER, "kept": None},
    )


def _kept(sheet: Sheet, form: str) -> Answer:
    typed = {**sheet.values, "answers": sheet.answers, "took_part": sheet.took_part, "form": form}
    typed["replaces"] = sheet.replaces
    kept = working_copies.keep(g.viewer, typed, copy=sheet.copy, at=now())
    flash("Kept for later. Nobody else sees it; you find it here and on your first page.", "success")
    return redirect(url_for("drafts.new", slug=g.viewer.company.slug, _anchor=f"kept-{kept.id}"))


def _refused(sheet: Sheet, refusal: Invalid) -> Answer:
    sheet.errors = refusal.fields or {"title": str(refusal)}
    sheet.answers = raw_answers() or sheet.answers
    return sheet.shown(), 422


def _overtaken(decision: Decision, sheet: Sheet, base: int) -> Answer:
    """Answer a save that came second: what changed meanwhile, and both texts together, ready to save."""
    decision = decision_rows.find(g.viewer, decision.number)
    before, newest = decision_rows.revision(decision, base), decision_rows.revision(decision)
    typed = clean(sheet.values, sheet.answers, sheet.values.get("body")).stored()
    values, both = drafts.merged(before.fields, newest.fields, typed)
    answers, both_answers = drafts.merged(before.answers, newest.answers, sheet.answers)
    sheet.values = values
    sheet.answers = {code: answer for code, answer in answers.items() if answer}
    sheet.extra |= {
        "base": newest.number,
        "theirs": difference(before, newest),
        "their_name": people.names({newest.created_by_id}).get(newest.created_by_id, "Somebody"),
        "both": [BY_NAME[name].label if name in BY_NAME else "Text" for name in both]
        + (["Security questions"] if both_answers else []),
        "newest": newest,
    }
    return sheet.shown(), 409


def _to_page(decision: Decision) -> Answer:
    return redirect(url_for("decisions.show", slug=g.viewer.company.slug, number=decision.number))
