"""Markdown on the page: what people write is understood, what they should not write does nothing."""

import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.errors import Invalid
from adr_app.domain.plain_words import plain_text
from adr_app.services import markdown_reading
from adr_app.services.markdown_reading import Readers
from adr_app.services.rendering import AS_TYPED, MAX_TEXT, as_typed, render, render_revision

ALLOWED_ATTRIBUTES = {
    "align", "aria-label", "checked", "class", "colspan", "disabled", "href", "id", "open", "rel", "rowspan",
    "start", "tabindex", "title", "type",
}  # fmt: skip
FORBIDDEN_TAGS = {
    "base", "button", "embed", "form", "iframe", "img", "link", "math", "meta", "object", "script", "select",
    "style", "svg", "template", "textarea", "video",
}  # fmt: skip
SCRAPS = [
    "<script>",
    "</script>",
    "<style>",
    "<b onclick=x()>",
    "<img src=x onerror=alert(1)>",
    "<a href='",
    "'>",
    '">',
    "javascript:alert(1)",
    "[a](",
    ")",
    "![",
    "](",
    "data:text/html,x",
    "<!--",
    "-->",
    "<svg/onload=x>",
    "<details>",
    "`",
    "```\n",
    "~~",
    "**",
    "\n\n",
    "\n",
    "    ",
    "- [ ] ",
    "1. ",
    "> ",
    "# ",
    "| a | b |\n|---|---|\n",
    "[^1]",
    "[^1]: note\n",
    "[x]: http://e.example 'title'\n",
    "[x]",
    "<http://e.example>",
    "https://e.example/?a=b&c",
    "a@b.example",
    "&lt;",
    "&#x6a;avascript:",
    "\\",
    "<div>",
    "</div>",
    "</p>",
    "<table>",
    "<input autofocus>",
    "\x02klzzwxh:0\x03",
    "\x00",
    "\ud800",
    "é",
    "<a name=x id=y style=z>",
    "<h1>",
    "</h1>",
]
ANYTHING = st.text() | st.lists(st.sampled_from(SCRAPS), max_size=25).map("".join)


class Page(HTMLParser):
    """What a browser would make of the HTML: its tags with their attributes, and its words."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.open = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def named(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def text(self):
        return " ".join("".join(self.words).split())


@given(ANYTHING)
def test_nothing_typed_becomes_active_and_nothing_fails(text):
    page = Page(render(text))
    for tag, attributes in page.tags:
        assert tag not in FORBIDDEN_TAGS
        assert set(attributes) <= ALLOWED_ATTRIBUTES
        assert not any(name.startswith("on") for name in attributes)
        assert re.match(r"https?://|mailto:|#user-content-", attributes.get("href", "#user-content-"), re.I)
        assert attributes.get("id", "user-content-").startswith("user-content-")
    assert all(attrs.get("type") == "checkbox" and "disabled" in attrs for attrs in page.named("input"))


@given(ANYTHING)
def test_headings_begin_below_the_field_and_never_skip_a_level(text):
    levels = [int(tag[1]) for tag, _ in Page(render(text)).tags if re.fullmatch("h[1-6]", tag)]
    assert all(level >= 3 for level in levels)
    assert all(later <= earlier + 1 for earlier, later in zip([2, *levels], levels, strict=False))


@given(ANYTHING)
def test_rendering_is_the_same_every_time(text):
    assert render(text) == render(text)


@given(ANYTHING)
def test_plain_words_hold_no_line_end_and_do_not_fail(text):
    assert "\n" not in plain_text(text)


def test_headings_are_renumbered_from_three():
    assert re.findall(r"<(h\d)>", render("## A\n\n#### B\n\n### C\n\n## D\n\n# E\n\n## F\n")) == [
        "h3", "h4", "h4", "h3", "h3", "h4",
    ]  # fmt: skip


def test_a_table_keeps_its_alignment_without_a_style_and_can_be_scrolled_by_keyboard():
    page = Page(render("| a | b |\n|:--|--:|\n| 1 | 2 |\n"))
    assert [attrs["align"] for attrs in page.named("td")] == ["left", "right"]
    assert {"class": "table-scroll", "tabindex": "0"} in page.named("div")


def test_known_code_is_coloured_by_classes_and_other_code_is_left_plain():
    coloured = render("```python\nif a < b:\n    pass\n```\n")
    assert '<span class="k">if</span>' in coloured
    assert 'class="highlight"' in coloured
    for language in ("mermaid", "brainfuck", "", "python{1,2}", "what is this?"):
        plain = render(f"```{language}\na <b> c\n```\n")
        assert "<pre" in plain
        assert "a &lt;b&gt; c" in plain
        assert "<span" not in plain


def test_long_code_and_the_code_after_much_of_it_are_not_coloured():
    longest, most = markdown_reading._LONGEST_COLOURED, markdown_reading._MOST_COLOURED
    block = "```python\n" + "x = 1\n" * (longest // 6) + "```\n\n"
    assert "<span" in render(block)
    assert "<span" not in render(block.replace("x = 1", "x = 10000"))
    assert "<span" not in render("```c\nint a" + " " * 100 + "b;\n```\n")

    def coloured(typed):
        return sum("<span" in part for part in render(typed).split("</pre>"))

    assert coloured(block * 6) == markdown_reading._MOST_SQUARED // longest**2
    assert coloured(block.replace("x = 1\n" * (longest // 12), "", 1) * 9) == 2 * most // longest
    assert "<span" in render(block)


def test_code_loses_no_letter():
    source = "def f(x):\n\n    return '<a href=\"#\">' & x  # ünï\n"
    assert source in "".join(Page(render(f"```python\n{source}```\n")).words)


def test_lists_typed_for_other_readers_of_markdown_are_lists():
    html = render("Because:\n- one\n  - two\n  ```python\n  x = 1\n  ```\n- three\n1) four\n")
    nested = re.sub(r"\s+|</?p>", "", html)
    assert nested.startswith("Because:<ul><li>one<ul><li>two")
    assert nested.endswith("</li><li>three</li></ul><ol><li>four</li></ol>")
    assert '<span class="n">x</span>' in html
    assert "<td>1</td>" in render("Costs:\n| a | b |\n|---|---|\n| 1 | 2 |\n")


def test_a_footnote_leads_there_and_back_within_its_own_field():
    text = "Fact[^1].\n\n[^1]: Source.\n"
    first, second = Page(render(text, "context")), Page(render(text, "decision"))
    for page in (first, second):
        ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
        targets = {attrs["href"].removeprefix("#") for attrs in page.named("a")}
        assert ids == targets != set()
    assert not {a.get("id") for _, a in first.tags if a.get("id")} & {a.get("id") for _, a in second.tags}


def test_a_task_list_shows_boxes_that_have_names_and_cannot_be_ticked():
    boxes = Page(render("- [x] asked Vera\n- [ ] told Priya\n")).named("input")
    assert [(box["aria-label"], "checked" in box, "disabled" in box) for box in boxes] == [
        ("Done", True, True),
        ("Not done", False, True),
    ]


def test_struck_text_bare_addresses_and_mail_are_understood():
    html = render("~~old~~ see https://example.com/x or sam@example.com")
    assert "<del>old</del>" in html
    assert 'href="https://example.com/x" rel="noopener nofollow"' in html
    assert {attrs["href"] for attrs in Page(html).named("a")} == {
        "https://example.com/x",
        "mailto:sam@example.com",
    }


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        "data:text/html,x",
        "//evil.example",
        "/admin",
        "0001-a.md",
        "vbscript:x",
    ],
)
def test_a_link_elsewhere_than_web_mail_or_this_text_keeps_only_its_words(address):
    page = Page(render(f"[words]({address}) <a href='{address}'>more</a>"))
    assert page.text == "words more"
    assert all("href" not in attrs for attrs in page.named("a"))


def test_a_picture_becomes_a_link_so_that_nobody_elsewhere_learns_who_reads():
    for typed in ("![a map](https://e.example/m.png)", '<img src="https://e.example/m.png" alt="a map">'):
        page = Page(render(typed))
        assert page.text == "Picture: a map"
        assert page.named("a") == [{"href": "https://e.example/m.png", "rel": "noopener nofollow"}]
    inside = Page(render("[![build](https://e.example/b.svg)](https://e.example/ci)"))
    assert inside.text == "[Picture: build]"
    assert [attrs["href"] for attrs in inside.named("a")] == ["https://e.example/ci"]
    assert Page(render("![local](pic.png)")).text == "[Picture: local]"


def test_a_style_a_class_or_an_id_of_the_page_cannot_be_borrowed():
    page = Page(
        render('<p style="position:fixed" class="notice" id="main">x</p><li id="main" class="k">y</li>')
    )
    assert page.named("p") == [{}]
    (item,) = page.named("li")
    assert (item["id"], item.get("class", "")) == ("user-content-main", "")


def test_a_text_longer_than_a_field_is_refused_and_the_longest_field_is_not():
    render("a" * MAX_TEXT)
    with pytest.raises(Invalid, match="64 kilobytes"):
        render("é" * (MAX_TEXT // 2 + 1))


STALLING = {
    "pictures that never close": "![a](" * 12_000,
    "links that never close": "[a](b " * 7_300,
    "addresses that never close": "[a](<b" * 9_000,
    "brackets": "[" * 30_000,
    "footnotes that are nowhere": "[^1]" * 15_000,
    "one footnote named often": "[^1]" * 15_000 + "\n\n[^1]: x",
    "thousands of footnotes": "".join(f"[^{n}]: a\n" for n in range(5_000)),
    "underlined headings": "a\n=\n" * 15_000,
    "headings without a gap": "# a\n" * 16_000,
    "rules without a gap": "---\n" * 16_000,
    "a run of stars": "**a *b " * 4_000 + "*" * 20_000,
    "words with stars": "*a*" * 21_000,
    "bars within code": "|`" * 30_000 + "\n|-|\n",
    "lists within lists": "- " * 16_000 + "===\n@" * 6_000,
    "a table of many million cells": "|a" * 10_000 + "|\n" + "|-" * 10_000 + "|\n" + "|\n" * 4_000,
}
"""Texts of at most 64 kilobytes that took minutes, or became a hundred times as long, when laid out."""


@pytest.mark.parametrize("typed", STALLING.values(), ids=STALLING)
def test_a_text_that_would_stall_everybody_is_shown_as_typed(typed):
    assert len(typed) <= MAX_TEXT
    assert render(typed) == as_typed(typed)


@pytest.mark.parametrize("typed", [*STALLING.values(), "[" * 20_000 + "a](b)" * 5_000, "> " * 20_000])
def test_after_a_text_that_was_refused_the_next_is_laid_out_as_ever(typed):
    text = "[a](https://e.example) *b*\n\n- c\n\n    - d\n"
    usual = render(text)
    render(typed[:MAX_TEXT])
    assert render(text) == usual


def test_a_text_shown_as_typed_says_so_and_loses_nothing():
    page = Page(as_typed("a <b>\n  [c"))
    assert AS_TYPED in page.text
    assert page.words[-1] == "a <b>\n  [c"


def test_a_text_that_would_become_many_times_as_long_is_shown_as_typed(monkeypatch):
    monkeypatch.setattr(Readers, "read", lambda self, text: "<p>x</p>" * 20_000)
    assert render("short") == as_typed("short")


def test_open_brackets_here_and_there_stay_letters_among_marks_that_are_read():
    typed = "[" * 60 + " and ![a](" * 20
    assert Page(render(typed + "*x*")).text == typed + "x"
    assert "<em>x</em>" in render(typed + "*x*")


def test_as_many_links_headings_and_footnotes_as_the_longest_records_have_are_read_as_usual():
    links = "[a](https://e.example) " * 500 + "[ [ ["
    assert len(Page(render(links)).named("a")) == 500
    assert render("# a\ntext\n" * 400).count("<h3>") == 400
    notes = "".join(f"[^{n}] " for n in range(200)) + "\n\n" + "".join(f"[^{n}]: b\n" for n in range(200))
    assert len(Page(render(notes)).named("sup")) == 200


def test_a_row_of_a_table_may_be_shorter_than_its_head():
    rows = "|a|b|c|d|\n|-|-|-|-|\n" + "|1|\n" * 500
    assert len(Page(render(rows)).named("td")) == 2_000


def test_code_that_becomes_many_times_as_long_in_colours_is_left_plain():
    source = "<<A\n" * 700
    html = render(f"```tf\n{source}```\n\n```python\nif x:\n```\n")
    assert "<span" not in html
    assert source in "".join(Page(html).words)


@pytest.mark.parametrize("language", ["jsonc", *sorted(markdown_reading.LANGUAGES)])
def test_every_language_that_is_named_has_its_reader(language):
    assert Page(render(f"```{language}\na = 1\n```\n")).named("pre") == [{"tabindex": "0"}]
    assert markdown_reading._lexer(language)


def test_more_raw_tags_than_a_person_types_are_read_as_text():
    readers = Readers()
    many = "<b>x</b> " * 600
    assert readers.reader_for(many) is readers.without_tags
    assert "html" not in readers.without_tags.inlinePatterns
    assert "html_block" not in readers.without_tags.preprocessors
    assert Page(render(many)).text == many.strip()
    assert readers.reader_for("<b>x</b>") is readers.usual
    assert "<b>x</b>" in render("<b>x</b>")


def test_one_long_address_named_thousands_of_times_is_not_multiplied():
    typed = "[a][1] " * 4_000 + "\n\n[1]: https://e.example/" + "x" * 9_000
    assert render(typed) == as_typed(typed)


def test_nesting_deeper_than_a_person_writes_is_shown_as_typed_or_laid_out_but_never_fails():
    for typed in ("\n".join("    " * depth + "- a" for depth in range(170)), "> " * 20_000, ">" * 60_000):
        assert Page(render(typed)).tags


def test_a_fault_in_the_reader_shows_the_text_as_typed_and_says_so(monkeypatch, caplog):
    def fail(self, text):
        raise AssertionError("a fault nobody has met yet")

    monkeypatch.setattr(Readers, "read", fail)
    assert render("<b>kept</b>") == as_typed("<b>kept</b>")
    assert "could not be laid out" in caplog.text


def test_threads_do_not_mix_their_texts():
    texts = [f"Fact {n}[^1] [a][r]\n\n[r]: https://e.example/{n}\n[^1]: Source {n}\n" for n in range(60)]
    alone = [render(text, str(n)) for n, text in enumerate(texts)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(render, texts, map(str, range(60)))) == alone


def test_a_revision_is_rendered_text_by_text():
    html = render_revision(
        {
            "title": "*Not* a text",
            "context": "Some **context**.",
            "drivers": "",
            "options": [{"title": "Stay", "pros": "*quick*", "cons": "", "chosen": True}],
            "systems": ["*Billing*"],
        }
    )
    assert set(html) == {"context", "options"}
    assert html["context"] == "<p>Some <strong>context</strong>.</p>"
    assert html["options"] == [{"pros": "<p><em>quick</em></p>", "cons": ""}]


def test_an_imported_body_too_long_to_lay_out_is_shown_as_typed():
    assert render_revision({"body": "# A"})["body"] == "<h3>A</h3>"
    long = "<b>" + "x" * MAX_TEXT
    assert render_revision({"body": long})["body"] == as_typed(long)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("# Title #\n\nSome *very* **bold** `code` ~~gone~~ __x__", "Title Some very bold code gone x"),
        ("- [x] done\n- open\n1. first\n> said", "done open first said"),
        (
            "[Stripe](https://stripe.example/a(b)) ![map](m.png) [AD][1]\n\n[1]: https://e.example",
            "Stripe map AD",
        ),
        ("| a | b |\n|---|:-:|\n| 1 | 2 |", "a b 1 2"),
        ("```python\nx = 1\n```\nafter", "x = 1 after"),
        ("snake_case 3*4 2 * 3 a < b > c", "snake_case 3*4 2 * 3 a < b > c"),
        ("<b>raw</b> &amp; <!-- hidden --> shown[^1]\n\n[^1]: A note", "raw & shown A note"),
        ("Title\n=====\n\n---\n\nText \\*star\\*", "Title Text *star*"),
    ],
)
def test_plain_words_are_what_a_reader_would_read_aloud(typed, words):
    assert plain_text(typed) == words
