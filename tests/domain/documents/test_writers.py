"""What is written in a format of others is read back as the same decision, whatever its words are."""

import re
from dataclasses import replace
from datetime import date
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adr_app.domain.documents import Option, Record, Source, read_records
from adr_app.domain.documents.inline import plain
from adr_app.domain.documents.people import names
from adr_app.domain.documents.writers import (
    FORMATS,
    Fields,
    Relation,
    Security,
    adr_tools,
    markdown,
    spelled,
    wording,
)
from adr_app.services.decoding import decode

WORD = st.text(alphabet="abcdefghijklmnopqrstuvwxyzäéß", min_size=3, max_size=9)
SENTENCE = st.lists(WORD, min_size=2, max_size=6).map(" ".join).map(lambda text: "Use " + text)
NASTY = st.text(alphabet=st.sampled_from("abc #-=`*_[]|<>:\n'\"\\&!%@.,1()~"), max_size=40)
SCRIPTS = st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=30)


def as_kept(text: str) -> str:
    """Return a line as the log keeps it: composed, on one line."""
    return wording.one_line(normalize("NFC", text))


TITLE = (NASTY | SCRIPTS | SENTENCE).map(as_kept).filter(lambda text: any(map(str.isalpha, text)))
LINES = st.tuples(SENTENCE, NASTY).map("\n".join)
ODD = ("O'Brien, née", "@alice", "R & D", "J. R. Müller", "山田 太郎", "Ann (CTO)", "x: y", "#1 team", "A_b")
NAME = (
    st.lists(WORD, min_size=1, max_size=2).map(lambda parts: " ".join(p.capitalize() for p in parts))
    | st.sampled_from(ODD)
).filter(lambda name: "," in name or name in names([name, "Zz"]))
SIDES = st.lists(SENTENCE, max_size=2).map(tuple)
STATUSES = ("draft", "proposed", "accepted", "rejected", "deprecated")


# Words that say something else where an author did not spell them out: templates, boxes, marks, numbers.
TAKEN = (
    *("NONE", "n/a", "tbd.", "-", "...", "[option 1]", "{x}", "[x] y", "[ ] y", "a (chosen)", "Option 2"),
    *("a", ".a", "A.", "1a", "3", "Pros", "Decision", "a, because b", 'a", because b', "Good, because x"),
)
OPTION = TITLE | NASTY.map(as_kept).filter(bool) | st.sampled_from(TAKEN)


@st.composite
def options(draw: st.DrawFn) -> tuple[Option, ...]:
    titles = draw(st.lists(OPTION, max_size=4, unique_by=str.casefold))
    chosen = draw(st.none() | st.integers(0, 3))
    return tuple(
        Option(title, "", draw(SIDES), draw(SIDES), chosen=i == chosen) for i, title in enumerate(titles)
    )


FIELDS = st.builds(
    Fields,
    title=TITLE,
    number=st.just(7),
    status=st.sampled_from(STATUSES),
    date=st.none() | st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31)).map(date.isoformat),
    deciders=st.lists(NAME, max_size=3, unique=True).map(tuple),
    consulted=st.lists(NAME, max_size=3, unique=True).map(tuple),
    informed=st.lists(NAME, max_size=3, unique=True).map(tuple),
    tags=st.lists(WORD.filter(lambda tag: names(tag) == (tag,)), max_size=3, unique=True).map(tuple),
    context=LINES,
    drivers=SENTENCE.map(lambda text: f"* {text}"),
    options=options(),
    decision=SENTENCE,
    consequences=SENTENCE.map(lambda text: f"* Good, because {text}"),
    extra=st.just((("kind", "Vendor relationship"),)),
    security=st.none() | st.just(Security("Made without vCISO input · not asked", ("Nobody was asked.",))),
)
FEW = settings(max_examples=40)
EVERY_FORMAT = pytest.mark.parametrize("code", FORMATS)


def read(text: str, path: str = "decisions/0007-x.md", *, beside: tuple[str, ...] = ()) -> Record:
    """Read one file as an import does, with others of the given paths beside it."""
    source = decode(text.encode())
    assert isinstance(source, Source)
    others = {other: decode(f"# {other}\n\n## Status\n\nAccepted\n".encode()) for other in beside}
    reading = read_records({path: source, **others})  # type: ignore[dict-item]
    assert path not in dict(reading.skipped), reading.skipped
    return next(record for record in reading.records if record.path == path)


def written_and_read(code: str, fields: Fields) -> Record:
    return read(FORMATS[code].write(fields))


@EVERY_FORMAT
@FEW
@given(fields=FIELDS)
def test_what_is_written_is_read_back_the_same(code: str, fields: Fields) -> None:
    record = written_and_read(code, fields)
    assert record.title == fields.title
    assert (record.status, record.date, record.number_value) == (fields.status, fields.date, 7)
    assert record.tags == fields.tags
    assert [option.title for option in record.options or ()] == [option.title for option in fields.options]
    for found, written in zip(record.options or (), fields.options, strict=True):
        assert (found.pros, found.cons, found.chosen) == (written.pros, written.cons, written.chosen)
    assert (record.context, record.drivers) == (markdown.block(fields.context), fields.drivers)
    assert fields.decision in record.decision
    assert fields.consequences in record.consequences
    assert not any(note.code == "metadata" for note in record.warnings)


@FEW
@given(fields=FIELDS)
def test_names_in_metadata_stay_whole_however_odd_they_are(fields: Fields) -> None:
    apart = ("Ann", "Bob")
    fields = replace(fields, deciders=(*fields.deciders, *apart))
    record = written_and_read("madr4", fields)
    whole = [name for name in fields.deciders if "," not in name]
    assert [name for name in record.deciders if name in whole] == [*dict.fromkeys(whole)]


@EVERY_FORMAT
def test_names_survive_in_every_format(code: str) -> None:
    people = ("@alice", "J. R. Müller", "山田 太郎", "Ann (CTO)")
    record = written_and_read(
        code,
        Fields(
            "Use x", 7, status="accepted", deciders=people, consulted=people, informed=people, decision="Yes."
        ),
    )
    assert (record.deciders, record.consulted, record.informed) == (people, people, people)


@EVERY_FORMAT
@FEW
@given(title=NASTY, context=NASTY, name=NASTY, extra=NASTY)
def test_no_text_breaks_out_of_its_place(code: str, title: str, context: str, name: str, extra: str) -> None:
    fields = Fields(
        title=f"Use {title}", number=7, status="accepted", date="2024-02-29", deciders=(f"A{name}",),
        context=f"x\n{context}", decision="Done.", extra=(("security-review", f"said {extra}"),),
    )  # fmt: skip
    record = written_and_read(code, fields)
    assert (record.status, record.date, record.decision) == ("accepted", "2024-02-29", "Done.")
    assert record.title == wording.one_line(fields.title)
    if code == "madr4":
        assert record.extra_metadata["security-review"] == wording.one_line(f"said {extra}")


@EVERY_FORMAT
@pytest.mark.parametrize("tags", [("release changelog labels",), ("a b", "c"), ("a",)])
def test_tags_of_several_words_stay_whole(code: str, tags: tuple[str, ...]) -> None:
    fields = Fields("Use x", 7, status="accepted", date="2024-02-29", tags=tags, context="x", decision="y")
    text = FORMATS[code].write(fields)
    assert read(text, path=f"decisions/{FORMATS[code].name(fields)}").tags == tags


@EVERY_FORMAT
@pytest.mark.parametrize(
    "title",
    [
        "Draft: a policy", "2. Second thoughts", "7 ways to pay", "Decision: go", "[accepted] x", "Use C#",
        "# hash", "@mention me", "A | B", "[brackets] and (round)", "a\nline break", "{curly}", "C:\\Program",
        "superseded by ADR-0003", "Status: accepted", "<b>bold</b> & co", "日本語の決定", "*star* and `code`",
        "---", "title", "Template", "<!--a", "Keep <!-- this",
    ],
)  # fmt: skip
def test_a_title_stays_what_it_is(code: str, title: str) -> None:
    said = "x\n\n<!-- a remark that would close one opened above -->"
    record = written_and_read(code, Fields(title, 7, status="accepted", context=said, decision="y"))
    assert record.title == wording.one_line(title)
    assert (record.status, record.number_value) == ("accepted", 7)


CHAIN = (
    Relation("supersedes", "ADR-0001", "0001-a.md"),
    Relation("supersedes", "ADR-0002", "sub folder/0002-b (x).md", part=True, note="the part on backups"),
    Relation("supersedes", "ADR-0009", "0009-c#.md", inward=True, part=True),
    Relation("amends", "ADR-0003", "0003-d.md"),
)
PATHS = (
    "decisions/0001-a.md",
    "decisions/sub folder/0002-b (x).md",
    "decisions/0009-c#.md",
    "decisions/0003-d.md",
)


def said(record: Record) -> set[tuple[str, bool, str | None, bool]]:
    return {(link.kind, link.inward, link.path, link.part) for link in record.links}


@EVERY_FORMAT
def test_replacing_and_being_replaced_in_part_survive(code: str) -> None:
    fields = Fields("Keep rows", 7, status="accepted", context="x", decision="y", relations=CHAIN)
    record = read(FORMATS[code].write(fields), beside=PATHS)
    assert said(record) == {
        ("supersedes", False, PATHS[0], False),
        ("supersedes", False, PATHS[1], True),
        ("supersedes", True, PATHS[2], True),
        ("amends", False, PATHS[3], False),
    }
    assert record.status == "accepted"


@EVERY_FORMAT
@pytest.mark.parametrize("spelling", adr_tools.SPELLINGS)
def test_being_replaced_whole_survives_by_several_too(code: str, spelling: str) -> None:
    newer = tuple(Relation("supersedes", f"ADR-000{n}", f"000{n}-n.md", inward=True) for n in (8, 9))
    fields = Fields("Keep rows", 7, status="superseded", context="x", decision="y", relations=newer)
    text = spelled(FORMATS[code], spelling).write(fields)
    record = read(text, beside=("decisions/0008-n.md", "decisions/0009-n.md"))
    assert record.status == "superseded"
    assert sorted(record.related("supersedes", inward=True)) == ["decisions/0008-n.md", "decisions/0009-n.md"]
    assert ("Superceded by [" in text) == (code == "adr-tools" and spelling == "superceded")


@EVERY_FORMAT
def test_no_status_is_invented(code: str) -> None:
    assert written_and_read(code, Fields("Use x", 7, context="x", decision="y")).status is None


@EVERY_FORMAT
def test_whether_security_was_asked_is_said_and_is_no_part_of_the_text(code: str) -> None:
    fields = Fields("Use x", 7, status="accepted", context="x", decision="y", consequences="z")
    plainly = FORMATS[code].write(fields)
    asked = FORMATS[code].write(
        replace(fields, security=Security("Made without vCISO input · not asked", ("Asked: nobody",)))
    )
    assert "Made without vCISO input · not asked" in asked
    assert re.search(r"[Ss]ecurity[- ]review: Made without", asked)
    record = read(asked)
    assert "## Security Review" in record.body
    without = markdown.without_security(asked)
    assert "## Security Review" not in without
    body = read(plainly).body
    assert markdown.without_security(record.body).strip() == body.strip() or code != "madr4"
    assert markdown.without_security(plainly) == plainly


def test_a_section_of_that_name_by_an_author_stays() -> None:
    text = "# T\n\n## Security Review\n\nOurs.\n"
    assert markdown.without_security(text) == text


def test_code_in_a_text_is_left_as_it_is_and_closed_where_it_was_not() -> None:
    code = "```sh\n# not a heading\n---\n<!-- x -->\n```\n\\# text"
    assert markdown.block(code.replace("\\#", "#")) == code
    assert markdown.block("~~~\n# open") == "~~~\n# open\n~~~"
    assert markdown.block("a <!-- b") == "a &lt;!-- b"


def test_arguments_are_never_taken_for_those_of_an_option_with_a_longer_name() -> None:
    given_options = (Option("Use A", cons=("slow",)), Option("Use A fast", pros=("quick",), chosen=True))
    record = written_and_read(
        "madr4", Fields("T x", 7, options=given_options, status="accepted", decision="y")
    )
    assert [(o.title, o.pros, o.cons, o.chosen) for o in record.options or ()] == [
        ("Use A", (), ("slow",), False),
        ("Use A fast", ("quick",), (), True),
    ]


def test_files_are_named_as_each_format_names_them() -> None:
    fields = Fields("Use SQLite, not a file!", 7, date="2024-02-29")
    assert FORMATS["madr4"].name(fields) == "0007-use-sqlite-not-a-file.md"
    assert FORMATS["log4brains"].name(fields) == "20240229-use-sqlite-not-a-file.md"
    assert FORMATS["log4brains"].name(replace(fields, date=None)) == "0007-use-sqlite-not-a-file.md"
    assert FORMATS["madr2"].name(Fields("???", 12)) == "0012-decision.md"


def test_plain_words_are_shown_as_they_are() -> None:
    for words in ("a_b", "*x*", "[a](b)", "&amp;", "a\\b", "C#", "<i>"):
        assert plain(wording.literal(words)) == words
