"""An archive is unpacked as if it meant harm: nothing leaves the folder, nothing grows without end."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from adr_app.domain.errors import Invalid
from adr_app.services import archives

RECORD = b"# Use a queue\n\n## Status\n\nAccepted\n"
Files = dict[str, bytes]
Pack = Callable[[Files], io.BytesIO]


def zipped(files: Files) -> io.BytesIO:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    held.seek(0)
    return held


def tarred(files: Files, mode: str = "w") -> io.BytesIO:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    held.seek(0)
    return held


def gzipped(files: Files) -> io.BytesIO:
    return tarred(files, "w:gz")


KINDS = pytest.mark.parametrize("packed", [zipped, tarred, gzipped])


def there(folder: Path) -> dict[str, bytes]:
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    return made


def refused(upload: io.BytesIO, folder: Path) -> str:
    with pytest.raises(Invalid) as told:
        archives.unpack(upload, folder)
    return told.value.fields["file"]


@KINDS
def test_only_what_the_reader_looks_at_is_unpacked(packed: Pack, folder: Path) -> None:
    files = {
        "docs/adr/0001-a.md": RECORD,
        "docs/ä b.md": RECORD,
        "logo.png": b"x",
        ".log4brains.yml": b"a: b",
    }
    done = archives.unpack(packed(files), folder)
    assert there(folder) == {name: content for name, content in files.items() if name != "logo.png"}
    assert (done.files, done.left) == (3, 1)


@KINDS
def test_a_single_folder_at_the_top_is_left_out(packed: Pack, folder: Path) -> None:
    archives.unpack(packed({"shop-main/adr/0001-a.md": RECORD, "shop-main/x.md": RECORD}), folder)
    assert sorted(there(folder)) == ["adr/0001-a.md", "x.md"]


@KINDS
@pytest.mark.parametrize("name", ["../out.md", "/out.md", "a/../../out.md", "..\\out.md", "C:/out.md"])
def test_nothing_leaves_the_folder(packed: Pack, folder: Path, name: str) -> None:
    assert "outside its own folder" in refused(packed({"a.md": RECORD, name: RECORD}), folder)
    assert not (folder.parent / "out.md").exists() and not Path("/out.md").exists()


def test_links_and_devices_stay_in_the_archive(folder: Path) -> None:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        for name, kind in (
            ("link.md", tarfile.SYMTYPE),
            ("hard.md", tarfile.LNKTYPE),
            ("dev.md", tarfile.CHRTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("a.md")
        info.size = len(RECORD)
        archive.addfile(info, io.BytesIO(RECORD))
    held.seek(0)
    archives.unpack(held, folder)
    assert there(folder) == {"a.md": RECORD}


def test_a_link_in_a_zip_stays_there(folder: Path) -> None:
    held = zipped({"a.md": RECORD})
    with zipfile.ZipFile(held, "a") as archive:
        info = zipfile.ZipInfo("link.md")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    held.seek(0)
    archives.unpack(held, folder)
    assert there(folder) == {"a.md": RECORD}


@KINDS
def test_what_grows_beyond_its_limit_is_refused_while_it_grows(
    packed: Pack, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 3_000_000)
    upload = packed({"a.md": b"0" * 2_000_000, "b.md": b"0" * 2_000_000})
    assert "once unpacked" in refused(upload, folder)
    assert sum(len(content) for content in there(folder).values()) <= 3_100_000


def test_a_zip_that_lies_about_its_sizes_is_refused(folder: Path) -> None:
    upload = zipped({"a.md": b"0" * 1_000_000}).getvalue()
    lying = upload.replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != upload
    assert refused(io.BytesIO(lying), folder)


@KINDS
def test_too_many_records_are_refused(packed: Pack, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_FILES", 3)
    assert "more than 3 records" in refused(packed({f"{n}.md": RECORD for n in range(4)}), folder)


def test_a_locked_zip_is_refused(folder: Path) -> None:
    upload = bytearray(zipped({"a.md": RECORD}).getvalue())
    at = upload.index(b"PK\1\2") + 8
    upload[at] |= 1
    assert "password" in refused(io.BytesIO(bytes(upload)), folder)


@KINDS
def test_a_file_named_twice_is_refused(packed: Pack, folder: Path) -> None:
    assert "two files of one name" in refused(packed({"a.md": RECORD, "./a.md": RECORD}), folder)


@pytest.mark.parametrize(
    "upload",
    [b"", b"PK", b"PK\3\4" + b"x" * 100, gzip.compress(b"x" * 5000), b"\x1f\x8b", b"no archive" * 99],
)
def test_what_is_no_archive_is_refused_in_words(folder: Path, upload: bytes) -> None:
    assert "no archive" in refused(io.BytesIO(upload), folder)


@KINDS
def test_an_archive_cut_off_is_refused(packed: Pack, folder: Path) -> None:
    whole = packed({"a.md": bytes(range(256)) * 400, "b.md": RECORD}).getvalue()
    for part in (2, 3, 10):
        target = folder / str(part)
        target.mkdir()
        assert refused(io.BytesIO(whole[: len(whole) // part]), target)


@KINDS
def test_an_archive_without_records_says_so(packed: Pack, folder: Path) -> None:
    assert "no Markdown" in refused(packed({"logo.png": b"x"}), folder)


def test_an_entry_whose_name_would_fill_the_memory_is_refused(folder: Path) -> None:
    remark = b"3000000 comment=" + b"x" * (3_000_000 - 17) + b"\n"
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, len(remark)
    upload = info.tobuf() + remark + b"\0" * (-len(remark) % 512) + tarred({"a.md": RECORD}).getvalue()
    assert "too long to be kept" in refused(io.BytesIO(upload), folder)


@pytest.mark.parametrize("packed", [tarred, gzipped])
def test_a_damaged_entry_is_not_taken_for_the_end(packed: Pack, folder: Path) -> None:
    whole = bytearray(tarred({f"{n}.md": RECORD for n in range(4)}).getvalue())
    whole[1024 + 150] ^= 1  # within the second header
    upload = bytes(whole) if packed is tarred else gzip.compress(bytes(whole))
    assert "not whole" in refused(io.BytesIO(upload), folder)


def test_a_tar_cut_off_between_its_entries_is_refused(folder: Path) -> None:
    whole = tarred({f"{n}.md": RECORD for n in range(4)}).getvalue()
    for end in (1024, 1024 + 200, 4 * 1024):
        target = folder / str(end)
        target.mkdir()
        assert "not whole" in refused(io.BytesIO(whole[:end]), target)


def test_too_many_folders_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_FILES", 20)
    assert "folders" in refused(zipped({"/".join("abcdefghijklmnopqrstuv") + "/x.md": RECORD}), folder)


def test_a_damaged_entry_of_any_packing_is_refused(folder: Path) -> None:
    for packing in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", packing) as archive:
            archive.writestr("a.md", RECORD * 50)
        upload = bytearray(held.getvalue())
        at = upload.index(b"a.md") + len("a.md") + 9
        upload[at : at + 20] = bytes(byte ^ 0xFF for byte in upload[at : at + 20])
        target = folder / str(packing)
        target.mkdir()
        assert "not whole" in refused(io.BytesIO(bytes(upload)), target)


@KINDS
def test_folders_in_which_nobody_keeps_decisions_are_left_out(packed: Pack, folder: Path) -> None:
    done = archives.unpack(packed({"a.md": RECORD, "node_modules/x/README.md": RECORD}), folder)
    assert there(folder) == {"a.md": RECORD} and done.left == 1
