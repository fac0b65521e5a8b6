"""Decision records as files: read other people's Markdown with rules, write our own as MADR 4.

Everything here works on texts that are already in memory; finding and decoding files is a service's work.
"""

from adr_app.domain.documents.reading import Reader, Reading, read_records
from adr_app.domain.documents.record import Link, Note, Option, Record
from adr_app.domain.documents.source import Source
from adr_app.domain.documents.surroundings import record_folders

__all__ = [
    "Link",
    "Note",
    "Option",
    "Reader",
    "Reading",
    "Record",
    "Source",
    "read_records",
    "record_folders",
]
