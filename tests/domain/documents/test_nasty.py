"""Whatever is in a file, it is read or refused with a reason, and its remarks point at lines that it has."""

from unicodedata import normalize

from hypothesis import given, settings
from hypothesis import strategies as st

from adr_app.domain.documents import Reading, Source, read_records
from adr_app.services.decoding import decode

FRAGMENTS = [
    "# ", "## Status\n\n", "## Considered Options\n\n", "## Pros and Cons of the Options\n\n",
    "### Option 1\n", "Accepted\n", "Superseded by ", "[2. B](0002-b.md)", "ADR-0002", "supersedes ",
    "amends ", "\n", "\n\n", "```\n", "~~~\n", "<!--", "-->", "---\n", "+++\n", "...\n", "* ", "- ",
    "1. ", "| a | b |\n", "|---|---|\n", "> ", "!!! info\n", "    ", "\t", "Status: ", "**Status**: ",
    "Date: 2020-13-01\n", "3/4/2021", "Deciders: A, B", "status: [", "status: &a x\n", "x: *a\n", "{{<",
    "{", "[", "](", "(", "\\", "\x00", "\r", "\r\n", "\ufeff",
    "<!-- DECISION-DB-001 -->\n## Decision: x\n", "<!-- adr-manager-tags: [", '<a name="option-1">',
    "~~Accepted~~", "* Good, because ", 'Chosen option: "', '", because ', "Pros: ", "é", "é",
    "状态: 承認済み\n", "#", "%23", "Superceded by [", "DECISION-DB-001", '## <a name="question"></a>',
    'adr_id: "0001"\n', "links:\n  - target: 2\n",
]  # fmt: skip
NASTY = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=4), max_size=40).map("".join)
PATHS = ["adr/0001-a.md", "adr/0002-b.md", "rfd/0003/README.md", "adrs/x/index.mdx", "a #1 b.md", "XXXX-c.md"]


def read(files: dict[str, str]) -> tuple[dict[str, Source], Reading]:
    found = {path: decode(text.encode("utf-8", "surrogatepass")) for path, text in files.items()}
    sources = {path: source for path, source in found.items() if isinstance(source, Source)}
    return sources, read_records(sources, {p: s for p, s in found.items() if isinstance(s, str)})


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(PATHS), NASTY, min_size=1))
def test_every_file_is_told_once_and_every_remark_has_a_line(files: dict[str, str]) -> None:
    sources, reading = read(files)
    whole = {record.path for record in reading.records if record.file == record.path}
    assert sorted([*whole, *(path for path, _ in reading.skipped)]) == sorted(files)
    assert reading.files == len(files)
    known = {record.path for record in reading.records}
    for record in reading.records:
        text = sources[record.file].text
        for note in record.warnings:
            assert 1 <= note.line <= text.count("\n") + 1
        assert all(link.path is None or link.path in known for link in record.links)
        assert record.format_reason
        if record.path in whole:
            assert record.front_matter + record.body == normalize("NFC", text)


@settings(max_examples=60, deadline=None)
@given(NASTY)
def test_reading_a_text_again_says_the_same(text: str) -> None:
    once, again = read({"adr/0001-a.md": text})[1], read({"adr/0001-a.md": text})[1]
    assert once == again
