"""The design language: every component parses, escapes, works without a script and is usable by everybody."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template, render_template_string
from markupsafe import Markup
from playwright.sync_api import Browser, Page

from adr_app.web import addresses, filters, headers, lines, patterns
from tests.browsers import DESKTOP, PHONE, assert_accessible, serving

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
OURS = sorted(
    [
        *TEMPLATES.glob("base*.html"),
        *(TEMPLATES / "components").iterdir(),
        *(TEMPLATES / "patterns").iterdir(),
    ]
)
ENDPOINTS = (
    "decisions.index",
    "drafts.new",
    "debt.index",
    "debt.new",
    "dashboard.show",
    "record.index",
    "people.index",
)
LARKSPUR = SimpleNamespace(slug="larkspur", name="Larkspur Dental")
SAM = SimpleNamespace(name="Sam Okafor", email="sam@okafor.example")
PARTS = {"needs", "more", "notices", "yes_no_unknown"}
"""Macros that others on the living page are made of."""
EVIL = '"><script>alert(1)</script>'


@pytest.fixture(scope="module")
def frame() -> Flask:
    """The templates with addresses that lead nowhere: no database, no session."""
    made = Flask("components", template_folder=str(TEMPLATES), static_folder=str(ROOT / "adr_app" / "static"))
    made.secret_key = "of a test"
    made.config["CLOCK"] = lambda: datetime(2026, 11, 24, 9, tzinfo=UTC)
    made.jinja_env.globals["csrf_token"] = lambda: "token-of-this-form"
    filters.init_app(made)
    addresses.init_app(made)
    lines.init_app(made)
    headers.init_app(made)
    for endpoint in ENDPOINTS:
        made.add_url_rule(f"/<slug>/{endpoint}", endpoint, lambda slug: slug)
    made.add_url_rule("/home", "home.show", lambda: "home")
    made.add_url_rule("/account", "account.show", lambda: "account")
    made.add_url_rule("/out", "session.sign_out", lambda: "out", methods=["POST"])
    made.add_url_rule("/plain", "plain", lambda: render_template("base.html", me=SAM, notices=[]))
    made.add_url_rule("/living", "living", lambda: living(company=LARKSPUR))
    return made


def living(**context: Any) -> str:
    given = {"me": SAM, "companies": [LARKSPUR], "may": lambda act: True, "nav": "decisions", "notices": []}
    return render_template(
        "patterns/show.html", **{**given, "demonstration": True, **context}, **patterns.examples()
    )


class Reading(HTMLParser):
    """What a page holds: its tags with attributes, ids, and unclosed elements."""

    VOID = frozenset({"input", "meta", "link", "br", "hr", "img"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def ids(self) -> list[str]:
        return [attributes["id"] or "" for _, attributes in self.tags if "id" in attributes]


def rendered(frame: Flask, source: str, **context: Any) -> str:
    with frame.test_request_context():
        return render_template_string(source, **context)


@pytest.fixture
def page_of_all(frame: Flask) -> Reading:
    with frame.test_request_context():
        return Reading(living(company=LARKSPUR))


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_no_template_carries_a_style_or_a_script_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


def test_every_element_closes_and_every_id_is_single(page_of_all: Reading) -> None:
    assert page_of_all.open == []
    ids = [name for name in page_of_all.ids() if "__" not in name]
    assert len(ids) == len(set(ids))


def test_every_label_and_description_leads_to_something(page_of_all: Reading) -> None:
    ids = set(page_of_all.ids())
    for tag, attributes in page_of_all.tags:
        for name in ("for", "aria-describedby", "aria-labelledby", "list"):
            for target in (attributes.get(name) or "").split():
                assert target in ids, f"<{tag} {name}={target}>"


def test_every_form_that_changes_something_carries_its_token(page_of_all: Reading) -> None:
    kinds = [
        "form" if tag == "form" else "token"
        for tag, attributes in page_of_all.tags
        if (tag == "form" and attributes.get("method") == "post") or attributes.get("name") == "csrf_token"
    ]
    assert kinds and kinds == ["form", "token"] * (len(kinds) // 2)


def test_the_living_page_shows_every_macro(frame: Flask) -> None:
    text = (TEMPLATES / "patterns" / "show.html").read_text(encoding="utf-8")
    text = re.sub(r"{#.*?#}|{% from .*? %}", "", text, flags=re.DOTALL)
    for path in (TEMPLATES / "components").iterdir():
        for macro in re.findall(r"{% macro ([a-z]\w*)\(", path.read_text(encoding="utf-8")):
            assert re.search(rf"\b{macro}\(", text) or macro in PARTS or path.name == "navigation.html", macro


@pytest.mark.parametrize(
    "call",
    [
        'lists.needs_you([{"company": evil, "ref": evil, "title": evil, "href": evil, "why": evil}])',
        "lists.facts([(evil, evil)])",
        'lists.timeline([{"when": evil, "sentence": evil, "detail": evil, "machine": evil}])',
        "lists.pager(newer=evil, older=evil, note=evil)",
        "page.page_header(evil, eyebrow=evil, lead=evil)",
        "page.copy_link(evil, evil, hint=evil)",
        "page.tabs([(evil, evil, true, evil)], evil)",
        'marks.mark("checked", fact=evil, word=evil)',
        'marks.standing("checked", evil, fact=evil)',
        "marks.tags([evil])",
        "notices.notice(evil, undo=evil)",
        'notices.notices([("error", evil), (evil, {"text": evil, "undo": evil})])',
        "notices.error_summary({evil: evil})",
        "fields.text_field(evil, evil, evil, evil, evil, list=[evil])",
        "fields.text_area(evil, evil, evil, evil, evil, preview=evil)",
        "fields.select_field(evil, evil, [(evil, evil)], evil, blank=evil)",
        "fields.radio_group(evil, evil, [(evil, evil, evil)], evil, evil, evil)",
        'questions.options_editor([{"title": evil, "pros": evil, "cons": evil}], legend=evil)',
        'questions.security_questions([{"name": evil, "text": evil, "hint": evil}])',
        'questions.answer_buttons(evil, evil, [{"value": evil, "label": evil, "hint": evil, "fields":'
        ' [{"name": evil, "label": evil, "value": evil}]}])',
        'decision.difference([("added", evil), ("same", evil), ("removed", evil)])',
        'decision.option_list([{"title": evil, "pros": [evil], "cons": [evil]}])',
        'decision.sign_off([{"name": evil, "role": evil, "answer": evil, "how": evil}], evil, evil)',
        "decision.advice(evil, evil, evil, evil)",
        "numbers.stat(evil, evil, evil, evil, (evil, evil))",
        'numbers.chart(evil, evil, "", [evil], [[evil]])',
    ],
)
def test_whatever_somebody_typed_is_shown_and_never_obeyed(frame: Flask, call: str) -> None:
    file = call.split(".")[0]
    html = rendered(frame, f'{{% import "components/{file}.html" as {file} %}}{{{{ {call} }}}}', evil=EVIL)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_macro_passes_on_what_is_already_markup(frame: Flask) -> None:
    html = rendered(
        frame,
        '{% import "components/lists.html" as lists %}{{ lists.facts([("Systems", made)]) }}',
        made=Markup("<b>billing</b>"),
    )
    assert "<dd><b>billing</b></dd>" in html


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("lists.needs_you([])", "Nothing needs you today."),
        ('lists.needs_you([], empty="Nobody waits for you.")', "Nobody waits for you."),
        ("lists.need_rows([])", "Nothing here."),
        ("lists.timeline([])", "Nothing has happened yet."),
        ('decision.difference([("same", "a")])', "Nothing was changed."),
        ("decision.option_list([])", "No other options were written down."),
    ],
)
def test_an_empty_list_says_so(frame: Flask, call: str, words: str) -> None:
    file = call.split(".")[0]
    assert words in rendered(frame, f'{{% import "components/{file}.html" as {file} %}}{{{{ {call} }}}}')


def test_a_refused_form_names_its_fields_and_leads_to_them(frame: Flask) -> None:
    page = Reading(
        rendered(
            frame,
            '{% import "components/fields.html" as fields %}{% import "components/notices.html" as notices %}'
            '{{ notices.error_summary(errors) }}{{ fields.text_field("title", "Title", error=errors.title) }}'
            '{{ fields.radio_group("kind", "Kind", [("a", "A")], error=errors.kind) }}',
            errors={"title": "Give it a title.", "kind": "Choose a kind."},
        )
    )
    links = [(attributes.get("href") or "")[1:] for tag, attributes in page.tags if tag == "a"]
    assert links == ["f-title", "f-kind"]
    assert set(links) <= set(page.ids())
    field = next(attributes for tag, attributes in page.tags if attributes.get("name") == "title")
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "f-title-error"


def test_a_password_is_never_sent_back_to_the_page(frame: Flask) -> None:
    html = rendered(frame, '{% import "components/fields.html" as f %}{{ f.password_field() }}')
    assert 'type="password" value=""' in html


def test_who_may_not_write_is_offered_no_writing(frame: Flask) -> None:
    with frame.test_request_context():
        allowed, refused = (living(company=LARKSPUR, may=lambda act, yes=yes: yes) for yes in (True, False))
    assert "/larkspur/drafts.new" in allowed and "/larkspur/debt.new" in allowed
    assert "/larkspur/drafts.new" not in refused and "/larkspur/debt.new" not in refused


def test_the_frame_stands_without_a_person_or_a_company(frame: Flask) -> None:
    with frame.test_request_context():
        page = Reading(living(me=None, company=None, companies=[]))
    assert page.open == []
    assert not any(attributes.get("action") == "/out" for _, attributes in page.tags)


@pytest.fixture(scope="module")
def living_address(frame: Flask) -> Iterator[str]:
    with serving(frame) as address:
        yield f"{address}/living"


@pytest.fixture
def window(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["360", "1440"])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    window: Page, living_address: str, size: dict[str, int]
) -> None:
    window.set_viewport_size({"width": size["width"], "height": size["height"]})
    window.goto(living_address)
    assert_accessible(window)
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert window.evaluate(too_wide) == 0


def test_everything_one_presses_is_large_enough_for_a_thumb(window: Page, living_address: str) -> None:
    window.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    window.goto(living_address)
    small = """[...document.querySelectorAll('.button, .input, summary, .nav a, .tabs a, .key label')]
      .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)
      .map(e => e.outerHTML.slice(0, 120))"""
    assert window.evaluate(small) == []


def test_the_keyboard_reaches_the_page_past_the_menus_first(window: Page, living_address: str) -> None:
    window.goto(living_address.replace("living", "plain"))
    window.keyboard.press("Tab")
    assert window.evaluate("document.activeElement.className") == "skip"
    window.keyboard.press("Enter")
    assert window.evaluate("document.activeElement.id") == "main"


def test_menus_open_without_a_script_and_close_on_escape_with_one(window: Page, living_address: str) -> None:
    window.goto(living_address)
    switcher = window.locator(".masthead details").first
    switcher.locator("summary").click()
    assert switcher.get_attribute("open") is not None
    window.keyboard.press("Escape")
    assert switcher.get_attribute("open") is None


def test_an_answer_opens_its_own_fields_and_closes_the_others(window: Page, living_address: str) -> None:
    window.goto(living_address)
    window.get_by_label("No, because…").check()
    assert window.get_by_label("What could go wrong").is_visible()
    assert not window.get_by_label("What has to be done").is_visible()


def test_an_option_is_added_named_after_its_place_and_taken_away(window: Page, living_address: str) -> None:
    window.goto(living_address)
    window.get_by_role("button", name="Add another option").click()
    added = window.locator("[name='option-2-title']")
    added.fill("Keep our own form")
    assert window.get_by_role("group", name="Option 3").is_visible()
    window.locator("[data-row]", has=added).get_by_role("button", name="Remove this option").click()
    assert window.locator("[data-row]").count() == 2


def test_typed_text_survives_a_reload(window: Page, living_address: str) -> None:
    window.goto(living_address)
    window.evaluate("document.getElementById('errors').remove()")
    window.get_by_label("E-mail").fill("vera@example.org")
    window.route(
        "**/living",
        lambda route: route.fulfill(
            response=(answer := route.fetch()), body=answer.text().replace('id="errors"', "")
        ),
    )
    window.reload()
    assert window.get_by_label("E-mail").input_value() == "vera@example.org"
    assert window.get_by_label("Password").input_value() == ""


def test_without_a_script_every_field_is_there_and_no_dead_button_is(
    browser: Browser, living_address: str
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(living_address)
    assert page.get_by_role("button", name="Copy link").count() == 0
    assert page.get_by_role("button", name="Add another option").count() == 0
    assert page.get_by_label("What could we do?").count() == 2
    page.locator(".nav-menu summary").click()
    assert page.locator(".nav-menu").get_by_role("link", name="Dashboard").is_visible()
    context.close()
