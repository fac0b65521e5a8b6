"""Find the record that a link means among all records of an import."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Mapping, MutableMapping
from typing import NamedTuple
from urllib.parse import unquote

from adr_app.domain.documents.numbers import read_name
from adr_app.domain.documents.record import stem_of
from adr_app.domain.documents.room import Memory, Room
from adr_app.domain.documents.vocabulary import choices

_HUGO = re.compile(r"\{\{[<%]\s*(?:rel)?ref\s+\"?([^\"\s>%]{1,300})\"?\s*[>%]\}\}")
_HOSTED = re.compile(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.[\w.]+"
    r"|bitbucket\.org)/[^/]+/[^/]+/(?:-/)?(?:blob|tree|src)/[^/]+/(.+)",
    re.I,
)
_LABELLED = re.compile(r"\[(.{1,400})\]\((.{1,800})\)", re.S)
_NUMBER = re.compile(
    r"(?:adrs?|ad|dr|madr|rfc|decision|record)[-_\s]?#?0*(\d{1,5})\b|^\W*0*(\d{1,5})(?=[.:)\s-]|\W*$)", re.I
)
_SCOPED = re.compile(r"([\w.-]{1,100})[:/]([\w.-]{1,200})")
_WORD = re.compile(r"[^\W_]+")
_SMALL = choices(
    "a|an|and|for|the|to|of|in|on|use|using|with|as|by|or|be|is|adr|adrs|rfc|madr|decision|record"
)


def letters(text: str) -> str:
    """Return only the letters and digits of a text, lower-cased: the same for a slug and its title."""
    return "".join(_WORD.findall(text.casefold()))


def _stem(path: str) -> str:
    folder, _, name = path.rpartition("/")
    stem = stem_of(name)
    return folder.rpartition("/")[2] if stem.casefold() in ("readme", "index") and folder else stem


class Known(NamedTuple):
    """What the shelf is told of a record: its number, its title and the scope of its number."""

    number: int | None
    title: str
    scope: str


class _Numbers:
    """The numbers of each scope: those near each other share one integer, a bit for each."""

    _BLOCK = 512

    def __init__(self) -> None:
        self._blocks: dict[str, dict[int, int]] = defaultdict(dict)

    def add(self, scope: str, number: int) -> None:
        """Put a number into a scope."""
        block, bit = divmod(number, self._BLOCK)
        self._blocks[scope][block] = self._blocks[scope].get(block, 0) | 1 << bit

    def shared(self, scope: str, other: str) -> bool:
        """Return whether two scopes have a number in common."""
        theirs = self._blocks.get(other, {})
        return any(bits & theirs.get(block, 0) for block, bits in self._blocks.get(scope, {}).items())


class Shelf:
    """The records of an import by path, name, number and words."""

    def __init__(self, records: Mapping[str, Known] | None = None, room: Room | None = None) -> None:
        """Take every record by its path; `room` is where they are kept, by default in memory."""
        room = room or Memory()
        self._known: MutableMapping[str, Known] = room.mapping("known")
        self._paths: MutableMapping[str, str] = room.mapping("paths")
        self._marked = room.index("marked")
        self._named = room.index("named")
        self._worded = room.index("worded")
        self._numbered = room.index("numbered")
        self._numbers = _Numbers()
        self._any_marked = False
        for path, known in (records or {}).items():
            self.add(path, known)

    def add(self, path: str, known: Known) -> None:
        """Put a record on the shelf; all must be there before any is looked for."""
        self._known[path] = known
        self._paths[path.casefold()] = path
        stem = _stem(path)
        self._named.add(stem.casefold(), path)
        named = read_name(stem)
        if named.topic:
            self._any_marked = True
            self._marked.add(_mark(named.topic, known.number), path)
        for key in {letters(named.words), letters(known.title)}:
            if len(key) > 7:
                self._worded.add(key, path)
        if known.number is not None:
            self._numbered.add(str(known.number), path)
            self._numbers.add(known.scope, known.number)

    def find(self, target: str, source: str) -> str | None:
        """Return the path of the record that `target` means in the record at `source`, or None.

        Tried in this order: as an address from the file, from the root, the same name elsewhere, the number
        as a site's address or as text, and the same words under another number.
        """
        match = _LABELLED.fullmatch(target)
        text, address = (match[1], match[2]) if match else ("", target)
        hugo = _HUGO.search(address)
        address = unquote(hugo[1] if hugo else address).strip()
        hosted = _HOSTED.match(address)
        if hosted:
            address = "/" + hosted[1]
        elif "://" in address:
            return None
        address = (
            re.split(r"[#?]", address, maxsplit=1)[0]
            if not address.startswith("#") and ".md" not in address
            else address
        )
        if ".md" in address:
            end = address.rfind(".md") + 3
            address = address[: end + (address[end : end + 1] == "x")]
        if scoped := _SCOPED.fullmatch(address):
            inside = self._in_scope(scoped[1], scoped[2], source)
            if inside or ":" in address:
                return inside
        if self._any_marked and (marked := self._of_topic(address if address == target else _stem(address))):
            return self._nearest([path for path in marked if path != source], source)
        found = self._by_address(address, source) or self._by_name(address, source)
        if found is None:
            found = self._by_number(address, text, source) or self._by_words(address, text, source)
        return found if found != source else None

    def _of_topic(self, said: str) -> list[str]:
        name = read_name(said)
        return self._marked.all(_mark(name.topic, int(name.number))) if name.topic and name.number else []

    def _in_scope(self, scope: str, said: str, source: str) -> str | None:
        """Return the record of a named scope, by its number or its file's name."""
        if said.isdigit():
            known = self._numbered.all(str(int(said)))
        else:
            known = self._named.all(said.casefold())
        inside = [path for path in known if self._known[path].scope == scope and path != source]
        return inside[0] if len(inside) == 1 else None

    def _by_address(self, address: str, source: str) -> str | None:
        folder = posixpath.dirname(source)
        here = posixpath.normpath(posixpath.join(folder, address)) if not address.startswith("/") else ""
        for base in (here, posixpath.normpath(address.lstrip("/") or ".")):
            for tried in (
                base,
                f"{base}.md",
                f"{base}/README.md",
                f"{base}/index.md",
                f"{base}/index.mdx",
                re.sub(r"\.html?$", ".md", base),
            ):
                if found := self._paths.get(tried.casefold()):
                    return found
        return None

    def _by_name(self, address: str, source: str) -> str | None:
        stem = _stem(
            address.rstrip("/") if "." in posixpath.basename(address) else address.rstrip("/") + ".x"
        )
        return self._nearest(self._named.few(stem.casefold(), source), source)

    def _by_number(self, address: str, text: str, source: str) -> str | None:
        stem = _stem(address.rstrip("/") + ("" if "." in posixpath.basename(address) else ".x"))
        for said in (stem, text, address):
            match = _NUMBER.search(said)
            number = read_name(said).number if match is None else match[1] or match[2]
            if number is None:
                continue
            known = [p for p in self._numbered.few(str(int(float(number))), source) if p != source]
            known = self._reachable(known, source, stem, text)
            found = self._nearest(self._agreeing(known, stem, text), source) or self._likest(known, source)
            if found:
                return found
        return None

    def _reachable(self, known: list[str], source: str, stem: str, text: str) -> list[str]:
        """Leave out what is in a scope that counts for itself, unless the link says its words, too."""
        scope = self._known[source].scope
        said = _content(read_name(stem).words) | _content(text)
        return [
            path
            for path in known
            if self._known[path].scope == scope
            or not self._numbers.shared(scope, self._known[path].scope)
            or said & (_content(self._known[path].title) | _content(_stem(path)))
        ]

    def _agreeing(self, known: list[str], stem: str, text: str) -> list[str]:
        """Keep those that share a word with what the link says, where it says words at all."""
        said = _content(read_name(stem).words) | _content(text)
        if not said:
            return known
        return [path for path in known if said & (_content(self._known[path].title) | _content(_stem(path)))]

    def _by_words(self, address: str, text: str, source: str) -> str | None:
        for said in (
            read_name(_stem(address if "." in address else address + ".x")).words,
            text,
            read_name(text).words,
        ):
            known = self._worded.few(letters(said), source)
            if found := self._nearest([p for p in dict.fromkeys(known) if p != source], source):
                return found
        return None

    def _nearest(self, known: list[str], source: str) -> str | None:
        """Return the only one, or the only one in the same folder."""
        if len(known) < 2:
            return known[0] if known else None
        folder = posixpath.dirname(source)
        beside = [path for path in known if posixpath.dirname(path) == folder]
        return beside[0] if len(beside) == 1 else None

    def _likest(self, known: list[str], source: str) -> str | None:
        """Return, of several with one number, the one beside the source that shares most words with it."""
        if len(known) < 2:
            return None
        own = _content(self._known[source].title) | _content(_stem(source))
        folder = posixpath.dirname(source)
        rated = sorted(
            (len(own & (_content(self._known[p].title) | _content(_stem(p)))), p)
            for p in known
            if posixpath.dirname(p) == folder
        )
        if not rated or rated[-1][0] == 0 or (len(rated) > 1 and rated[-1][0] == rated[-2][0]):
            return None
        return rated[-1][1]


def _mark(topic: str, number: int | None) -> str:
    return f"{topic.casefold()}-{number}"


def _content(text: str) -> set[str]:
    words = (word.casefold() for word in _WORD.findall(text))
    return {word[:6] for word in words if len(word) > 2 and word not in _SMALL and not word.isdigit()}
