"""A text as it comes to the readers, with the metadata before it."""

from adr_app.domain.documents.frontmatter import Metadata
from adr_app.domain.documents.record import Note
from adr_app.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A file's text as read (LF line ends), its metadata, and how many characters those take.

    `kind` is "yaml", "toml" or "json", or None without metadata. `before` is how many lines of the file stand
    before this text, where it is one of several records in a file.
    """

    text: str
    metadata: Metadata
    kind: str | None = None
    body_at: int = 0
    warnings: tuple[Note, ...] = ()
    before: int = 0
