"""Unpacking what somebody uploaded: only files that the reader looks at, and nothing outside its folder.

An archive is read as if it meant harm: names, links, sizes and counts are checked while it is unpacked, and
what its own headers say of sizes is never believed.
"""

import errno
import gzip
import lzma
import shutil
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO

from adr_app.domain.errors import Invalid
from adr_app.services.reading import PASSED_OVER, is_looked_at

LARGEST_UPLOAD = 20 * 1024 * 1024
"""Bytes of an archive as it is sent."""

MOST_FILES = 20_000
MOST_ENTRIES = 200_000
MOST_BYTES = 300 * 1024 * 1024
"""What one archive may hold: files for the reader, entries of any kind, and bytes once unpacked."""

_PIECE = 64 * 1024
_GZIP = b"\x1f\x8b"
_LARGEST_NAME = 1024 * 1024
_LARGEST_DIRECTORY = 32 * 1024 * 1024
_OURS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EMFILE})
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    tarfile.TarError,
    gzip.BadGzipFile,
    zlib.error,
    EOFError,
    lzma.LZMAError,
    NotImplementedError,  # a way of packing that the library does not know
    IndexError,
    RuntimeError,
    ValueError,
    struct.error,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What came out of an archive: how many files there are for the reader, and how many were left in it."""

    files: int
    left: int


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    size: int
    content: IO[bytes] | None


def unpack(upload: IO[bytes], into: Path) -> Unpacked:
    """Write the files of a ZIP or TAR archive that the reader looks at into an empty folder.

    A single folder at the top is left out, so that the same files have the same paths whatever the archive
    is called. Links and devices are left in the archive.

    :raises Invalid: with what is wrong; the folder may hold some files then.
    """
    kept: list[PurePosixPath] = []
    folders: set[PurePosixPath] = set()
    left = size = 0
    try:
        for entry in _entries(upload):
            size += entry.size
            if size > MOST_BYTES:
                raise _refused(f"more than {MOST_BYTES // 1_048_576} MB once unpacked")
            path = _inside(entry.name)
            if path is None or entry.content is None or not _is_wanted(path):
                left += 1
                continue
            folders.update(path.parents)
            if len(kept) == MOST_FILES or len(folders) > MOST_FILES:
                raise _refused(f"more than {MOST_FILES} records or folders")
            size += _write(entry.content, into / path, MOST_BYTES - size) - entry.size
            kept.append(path)
    except FileExistsError as error:
        raise _refused("two files of one name") from error
    except _BROKEN as error:
        if isinstance(error, OSError) and error.errno in _OURS:
            raise  # the machine's trouble, not the archive's
        told = {"file": "It is no archive, or not whole. Send a ZIP or TAR archive."}
        raise Invalid("This file cannot be unpacked.", told) from error
    if not kept:
        raise Invalid("Nothing to read.", {"file": "There is no Markdown file in this archive."})
    _without_top(into, kept)
    return Unpacked(len(kept), left)


def _refused(what: str) -> Invalid:
    return Invalid("This archive is not read.", {"file": f"It holds {what}. Nothing of it was kept."})


def _entries(upload: IO[bytes]) -> Iterator[_Entry]:
    start = upload.read(4)
    upload.seek(0)
    if start.startswith(_GZIP):
        with TemporaryFile() as plain, gzip.GzipFile(fileobj=upload) as packed:
            _pour(packed, plain, MOST_BYTES)
            plain.seek(0)
            yield from _of_tar(plain)
    elif start.startswith(b"PK"):
        yield from _of_zip(upload)
    else:
        yield from _of_tar(upload)


def _of_zip(upload: IO[bytes]) -> Iterator[_Entry]:
    _check_directory(upload)
    with zipfile.ZipFile(upload) as archive:
        for number, info in enumerate(archive.infolist()):
            if number >= MOST_ENTRIES:
                raise _refused(f"more than {MOST_ENTRIES} entries")
            if info.is_dir():
                continue
            if info.flag_bits & 1:
                raise _refused("files that are locked with a password")
            kind = (info.external_attr >> 16) & 0o170000
            if kind not in (0, 0o100000):
                yield _Entry(info.filename, 0, None)
            elif is_looked_at(PurePosixPath(info.filename).name):
                with archive.open(info) as content:
                    yield _Entry(info.filename, 0, content)
            else:
                yield _Entry(info.filename, 0, upload)


def _check_directory(upload: IO[bytes]) -> None:
    """Refuse a list of contents that alone would fill the memory."""
    end = upload.seek(0, 2)
    upload.seek(max(0, end - 65_557))
    tail = upload.read()
    at = tail.rfind(b"PK\5\6")
    if at >= 0 and len(tail) >= at + 22:
        (size,) = struct.unpack("<L", tail[at + 12 : at + 16])
        if size > _LARGEST_DIRECTORY:
            raise _refused(f"more than {MOST_ENTRIES} entries")
    upload.seek(0)


class _Pieces:
    """A file read in pieces only: a name or remark of an entry that is larger than one is refused."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most `_LARGEST_NAME` of them."""
        if not 0 <= size <= _LARGEST_NAME:
            raise _refused("a name or a remark that is too long to be kept")
        return self._file.read(size)


def _of_tar(upload: IO[bytes]) -> Iterator[_Entry]:
    with tarfile.open(fileobj=_Pieces(upload), mode="r:") as archive:  # type: ignore[call-overload]
        for number, member in enumerate(archive):
            if number >= MOST_ENTRIES:
                raise _refused(f"more than {MOST_ENTRIES} entries")
            archive.members = []  # what was read is not kept
            if member.isdir():
                continue
            content = archive.extractfile(member) if member.isreg() else None
            yield _Entry(member.name, member.size if content else 0, content)
        # The library takes a damaged entry for the end, and says nothing.
        upload.seek(archive.offset)
        end = upload.read(tarfile.BLOCKSIZE)
        if len(end) < tarfile.BLOCKSIZE or any(end):
            raise tarfile.ReadError("no end where the entries end")


def _inside(name: str) -> PurePosixPath | None:
    """Return an entry's path below the folder, or None for one that no reader looks for.

    :raises Invalid: for a path that leaves the folder, or cannot be one.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    parts = [part for part in path.parts if part != "."]
    if path.is_absolute() or ".." in parts or (parts and ":" in parts[0]):
        raise _refused("a file that lies outside its own folder")
    if any(len(part.encode("utf-8", "replace")) > 200 for part in parts) or len(parts) > 40:
        raise _refused("a path that is too long to be kept")
    if not parts or not name.isprintable():
        return None
    return PurePosixPath(*parts)


def _is_wanted(path: PurePosixPath) -> bool:
    return is_looked_at(path.name) and not PASSED_OVER & set(path.parts)


def _write(content: IO[bytes], target: Path, most: int) -> int:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:  # a second file of the same path is refused
        return _pour(content, file, most)


def _pour(content: IO[bytes] | gzip.GzipFile, into: IO[bytes], most: int) -> int:
    poured = 0
    while piece := content.read(_PIECE):
        poured += len(piece)
        if poured > most:
            raise _refused(f"more than {MOST_BYTES // 1_048_576} MB once unpacked")
        into.write(piece)
    return poured


def _without_top(folder: Path, kept: list[PurePosixPath]) -> None:
    """Move everything up where all of it lies in one folder."""
    tops = {path.parts[0] for path in kept}
    if len(tops) == 1 and all(len(path.parts) > 1 for path in kept):
        top = folder / tops.pop()
        beside = folder.with_name(f"{folder.name}.up")
        top.rename(beside)
        shutil.rmtree(folder)
        beside.rename(folder)
