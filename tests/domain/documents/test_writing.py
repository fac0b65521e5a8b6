"""What is written as MADR 4 is read back as the same decision."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from adr_app.domain.documents import Option, Record, Source, read_records
from adr_app.domain.documents.writing import Fields, file_name, write_record
from adr_app.services.decoding import decode

WORD = st.text(alphabet="abcdefghijklmnopqrstuvwxyzäéß", min_size=3, max_size=9)
SENTENCE = st.lists(WORD, min_size=2, max_size=6).map(" ".join).map(lambda text: "Use " + text)
NASTY = st.text(alphabet=st.sampled_from("abc #-=`*_[]|>:\n'\"\\&!%@"), max_size=60)
NAME = st.lists(WORD, min_size=1, max_size=2).map(lambda parts: " ".join(p.capitalize() for p in parts))
SIDES = st.lists(SENTENCE, max_size=2).map(tuple)


def written_and_read(fields: Fields, path: str = "decisions/0007-x.md") -> Record:
    source = decode(write_record(fields).encode())
    assert isinstance(source, Source)
    reading = read_records({path: source})
    assert not reading.skipped
    return reading.records[0]


OPTIONS = st.lists(
    st.builds(lambda title, pros, cons: Option(title, "", pros, cons), SENTENCE, SIDES, SIDES),
    max_size=4,
    unique_by=lambda option: option.title,
).map(tuple)
FIELDS = st.builds(
    Fields,
    title=SENTENCE,
    status=st.sampled_from(["draft", "proposed", "accepted", "rejected", "deprecated"]),
    date=st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31)).map(date.isoformat),
    deciders=st.lists(NAME, max_size=3, unique=True).map(tuple),
    consulted=st.lists(NAME, max_size=3, unique=True).map(tuple),
    informed=st.lists(NAME, max_size=3, unique=True).map(tuple),
    context=SENTENCE,
    drivers=SENTENCE.map(lambda text: f"* {text}"),
    options=OPTIONS,
    decision=SENTENCE,
    consequences=SENTENCE.map(lambda text: f"* Good, because {text}"),
)  # fmt: skip


@settings(deadline=None)
@given(FIELDS)
def test_what_is_written_is_read_back_the_same(fields: Fields) -> None:
    record = written_and_read(fields)
    assert (record.title, record.status, record.date, record.number_value) == (
        fields.title,
        fields.status,
        fields.date,
        7,
    )
    assert (record.deciders, record.consulted, record.informed) == (
        fields.deciders,
        fields.consulted,
        fields.informed,
    )
    assert (record.context, record.drivers, record.format) == (fields.context, fields.drivers, record.format)
    assert fields.decision in record.decision
    assert fields.consequences in record.decision
    assert [option.title for option in record.options or ()] == [option.title for option in fields.options]
    for read, written in zip(record.options or (), fields.options, strict=True):
        assert (read.pros, read.cons) == (written.pros, written.cons)


@settings(deadline=None)
@given(title=NASTY, context=NASTY, name=NASTY, extra=NASTY)
def test_no_text_breaks_out_of_its_place(title: str, context: str, name: str, extra: str) -> None:
    fields = Fields(
        title=f"Use {title}", status="accepted", date="2024-02-29", deciders=(f"A{name}",),
        context=f"x\n{context}",
        decision="Done.", extra=(("security-review", extra),),
    )  # fmt: skip
    record = written_and_read(fields)
    assert (record.status, record.date, record.decision) == ("accepted", "2024-02-29", "Done.")
    assert record.extra_metadata["security-review"] == " ".join(extra.split())
    assert not any(note.code == "metadata" for note in record.warnings)


def test_relations_and_the_chosen_option_survive() -> None:
    options = (Option("A file"), Option("A database", chosen=True))
    fields = Fields(
        title="Keep rows",
        options=options,
        decision="It is known.",
        superseded_by="ADR-0009",
        supersedes=("ADR-0001",),
    )
    record = written_and_read(fields)
    assert record.status == "superseded"
    assert [option.chosen for option in record.options or ()] == [False, True]
    assert {(link.kind, link.inward, link.target) for link in record.links} >= {
        ("supersedes", True, "ADR-0009"),
        ("supersedes", False, "ADR-0001"),
    }


def test_a_file_is_named_after_number_and_title() -> None:
    assert file_name(7, "Use SQLite, not a file!") == "0007-use-sqlite-not-a-file.md"
    assert file_name(12, "???") == "0012-decision.md"
