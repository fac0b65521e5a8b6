"""The skeleton of a Markdown text: what is shown, its headings and sections.

No Markdown is rendered. Code fences and HTML comments are blanked line by line, so that a status inside an
example is never read, while every line keeps its number.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, lru_cache

from adr_app.domain.documents.vocabulary import choices
from adr_app.domain.values import dataclass

_FENCE = re.compile(r"[ \t>]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)?(`{3,}|~{3,})(.*)")
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|(?=[A-Z\[]|\d{1,5}[.:] )|$)(.*)")
_RULE = re.compile(r" {0,3}(=+|-{3,})[ \t]*")
_NOT_TITLE = re.compile(r"[ \t]*(?:[-*+>|#]|\d+[.)]|```|:)|.*\|.*\|")
_ANCHOR = re.compile(
    r"</?a\b[^<>]{0,200}>|\{#[^{}]{0,80}\}|</?(?:br|span|div|p|b|i|em|strong|h[1-6])\b[^<>]{0,200}>", re.I
)
_ENUMERATED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*[.):]?|[A-Za-z][.)])[ \t]+")
_HALVES = re.compile(r"\s*[(（]|\s/\s")
_STRUCK = re.compile(r"~~(?=\S)[^~\n]{1,300}~~")
_HELP = re.compile(
    r"\s*<!-- *(?:[^<>]{0,200}\boptional\b|markdownlint-)[^<>]{0,200}-->\s*"
    r"|\s*(?:-{3,}|\*{3,}|_{3,})\s*"
)
_KEPT = 2000
"""How many names of headings are remembered: the files of a team say the same few again and again."""

_HEADS = frozenset(" #=-")
"""What the line of a heading, or the rule below one, begins with."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of `level` 1 to 6 on `line` (from 0); `name` is its text made comparable."""

    level: int
    text: str
    line: int
    name: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the lines below it: `start` to `end` with sub-sections, `own` ends before those."""

    heading: Heading
    start: int
    own: int
    end: int


@lru_cache(maxsize=_KEPT)
def comparable(text: str) -> str:
    """Return a heading's text lower-cased, without numbering, decoration, anchors and outer punctuation."""
    bare = _ANCHOR.sub("", text) if "<" in text or "{" in text else text
    bare = _core(bare.replace("*", "").replace("`", ""))
    numbered = _ENUMERATED.match(bare)
    bare = bare[numbered.end() :] if numbered else bare
    name = " ".join(bare.casefold().split())
    return name if name.isascii() or name in _KNOWN else _in_two_languages(name)


def _in_two_languages(name: str) -> str:
    """Return the half of a heading such as “背景 (Context)” that records use for a part, else all of it."""
    halves = (half.strip(" )）") for half in _HALVES.split(name))
    return next((half for half in halves if half in _KNOWN), name)


def _core(text: str) -> str:
    """Return a text from its first letter or digit to its last."""
    start, end = 0, len(text)
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return text[start:end]


def mask(lines: list[str]) -> list[str]:
    """Return the lines with fenced code and HTML comments blanked; an unclosed comment hides nothing."""
    shown: list[str] = []
    fence, commented = "", False
    last_close = max((i for i, line in enumerate(lines) if "-->" in line), default=-1)
    for i, line in enumerate(lines):
        if fence:
            match = _FENCE.match(line)
            if match and match[1][0] == fence[0] and len(match[1]) >= len(fence) and not match[2].strip():
                fence = ""
            shown.append("")
            continue
        if not commented and ("```" in line or "~~~" in line):
            match = _FENCE.match(line)
            if match and "`" not in match[2]:
                fence = match[1]
                shown.append("")
                continue
        if commented or "<!--" in line:
            line, commented = _uncomment(line, commented, i < last_close)
        shown.append(line)
    return shown


def _uncomment(line: str, commented: bool, may_go_on: bool) -> tuple[str, bool]:
    kept: list[str] = []
    at = 0
    while True:
        if commented:
            close = line.find("-->", at)
            if close < 0:
                return "".join(kept), True
            at, commented = close + 3, False
        opening = line.find("<!--", at)
        if opening < 0:
            kept.append(line[at:])
            return "".join(kept), False
        kept.append(line[at:opening])
        at, commented = opening + 4, True
        if line.find("-->", at) < 0 and not may_go_on:
            kept.append(line[opening:])
            return "".join(kept), False


def headings(lines: list[str]) -> list[Heading]:
    """Return the headings among shown lines, underlined ones included."""
    found: list[Heading] = []
    for i in [i for i, line in enumerate(lines) if line[:1] in _HEADS]:
        line = lines[i]
        head = line[:4].lstrip(" ")[:1]
        if head == " " or head not in _HEADS:
            continue
        if head == "#":
            match = _ATX.fullmatch(line)
            if match:
                text = match[2].strip()
                if text.endswith("#") and (closed := text.rstrip("#")).endswith((" ", "\t")):
                    text = closed.rstrip()
                found.append(Heading(len(match[1]), text, i, comparable(text)))
        elif i and _RULE.fullmatch(line):
            title = lines[i - 1]
            alone = i < 2 or not lines[i - 2].strip()
            if title.strip() and alone and len(title) < 200 and not _NOT_TITLE.match(title):
                level = 1 if head == "=" else 2
                found.append(Heading(level, title.strip(), i - 1, comparable(title)))
    return found


class Document:
    """One text with its shown lines, headings and sections; `hidden` first lines are front matter."""

    def __init__(self, text: str, hidden: int = 0) -> None:
        self.lines = text.split("\n")
        self.hidden = hidden
        masked = self.lines
        if "```" in text or "~~~" in text or "<!--" in text:
            masked = mask(self.lines)
        self.shown = [""] * hidden + masked[hidden:] if hidden else masked
        self.headings = headings(self.shown)

    def matter_line(self, key: str, value: str = "") -> int:
        """Return the line, from 0, on which the front matter has a key, or this part of its value."""
        wanted = comparable(key).replace("_", "-")
        at = -1
        for i, line in enumerate(self.lines[: self.hidden]):
            if at < 0 and line[:1].strip() and ":" in line.replace("=", ":"):
                name = re.split(r"[:=]", line, maxsplit=1)[0]
                at = i if comparable(name).replace("_", "-") == wanted else at
            if at >= 0 and (not value or value in line):
                return i
        return max(at, 0)

    def rename(self, names: Mapping[int, str]) -> None:
        """Give headings other comparable names, by their line."""
        if names:
            self.headings = [replace(h, name=names.get(h.line, h.name)) for h in self.headings]
            self.__dict__.pop("sections", None)

    @cached_property
    def text(self) -> str:
        """Return what is shown, in one piece; struck-through words are blanked."""
        text = "\n".join(self.shown)
        return _STRUCK.sub(lambda match: " " * len(match[0]), text) if "~~" in text else text

    @cached_property
    def sections(self) -> list[Section]:
        """Return every heading with its extent, in the text's order."""
        count, found = len(self.headings), []
        ends = [len(self.lines)] * count
        open_: list[int] = []
        for i, heading in enumerate(self.headings):
            while open_ and self.headings[open_[-1]].level >= heading.level:
                ends[open_.pop()] = heading.line
            open_.append(i)
        for i, heading in enumerate(self.headings):
            own = self.headings[i + 1].line if i + 1 < count else len(self.lines)
            underlined = not self.shown[heading.line].lstrip().startswith("#")
            start = heading.line + (2 if underlined else 1)
            found.append(Section(heading, min(start, own), own, ends[i]))
        return found

    @cached_property
    def top(self) -> int:
        """Return the line where the header region ends: at the first heading that is a section of its own."""
        for i, heading in enumerate(self.headings):
            if i == 0 and heading.level <= 2 and heading.line < 40 and not is_section_name(heading.name):
                continue
            if heading.level == 1 and not is_section_name(heading.name) and i < 2:
                continue
            return heading.line
        return min(len(self.lines), 60)

    def raw(self, start: int, end: int) -> str:
        """Return lines as written, without blank lines around, a rule or a template's help behind it."""
        lines = self.lines[start:end]
        while lines and not lines[-1].strip():
            lines.pop()
        while len(lines) > 1 and _HELP.fullmatch(lines[-1]):
            lines.pop()
            while lines and not lines[-1].strip():
                lines.pop()
        return "\n".join(lines).strip("\n").rstrip()


CONTEXT = choices(
    "context|context and problem statement|problem|problem statement|background|motivation"
    "|kontext|contexte|contexte et définition du problème"
    "|contexte et problématique|contexto|issue|the problem|problem description|introduction"
    "|context and problem description|kontext und problemstellung|problématique|contesto|背景|контекст"
    "|discussion (context|prologue (summary|contexto e problema|contesto e problema|kontext und problem"
    "|контекст и проблема|проблема|맥락|배경|문제|컨텍스트|コンテキスト"
    "|背景と課題|課題|上下文|问题|背景与问题|背景和问题|上下文与问题描述"
)
DECISION = choices(
    "decision|decisions|decision outcome|outcome|entscheidung|décision|decisión|decisão|decisione|résultat"
    "|proposed decision|chosen decision|solution|proposal|conclusion|resultado"
    "|entscheidungsergebnis|決定|решение"
    "|chosen solution|solution or decision outcome|decision made|decisions made"
    "|final decision|decision taken"
    "|solution (decision|our decision|the decision|recommendation|proposed solution"
    "|proposed design|chosen option"
    "|résultat de la décision|决策|решения|принятое решение|결정|결정 사항|決定事項|决定|決策|选定方案"
)
CONSEQUENCES = choices(
    "consequences|consquences|konsequenzen|conséquences|consecuencias|consequências|conseguenze|implications"
    "|consequences/considerations|considerations and consequences|general consequences|impact|影響"
    "|последствия"
    "|consequences (results|positive consequences|risks and consequences|results|auswirkungen|结果|后果|影响"
    "|결과|영향|帰結|結果"
)
DRIVERS = choices(
    "decision drivers|drivers|forces|goals or decision drivers|facteurs de décision|entscheidungstreiber"
    "|factores de decisión|fatores de decisão|fattori decisionali|драйверы решения|факторы решения"
    "|决策驱动因素"
    "|決定要因|결정 요인"
)
STATUS = choices("status|statut|estado|stato|state|статус|ステータス|状态|狀態|상태")
OPTIONS = choices(
    "considered options|considered alternatives|options|options considered|alternatives"
    "|alternatives considered"
    "|other options considered|other alternatives considered|alternatives (considered|considered option"
    "|options (alternatives|betrachtete alternativen|betrachtete optionen|options envisagées|alternativas"
    "|alternatives rejected|rejected alternatives|alternative options|possible options|solutions considered"
    "|optionen|betrachtete lösungen|lösungsoptionen|options considérées|solutions considérées"
    "|opções consideradas|рассмотренные варианты|варианты|検討した選択肢|检讨的方案|备选方案"
    "|possible solutions|options analysis|alternative solutions|opciones consideradas|solutions envisagées"
    "|considered solutions|available options|alternative approaches|considered approaches|alternativen"
    "|alternative designs|other alternatives|other options|proposals|proposed options"
    "|approaches|approaches considered|opzioni considerate|考虑的选项|選択肢|alternativas consideradas"
    "|alternativas evaluadas|alternativas descartadas|opciones|opciones evaluadas|opções"
    "|opzioni|opzioni valutate"
    "|alternative considerate|alternative valutate|alternatives envisagées|alternatives considérées"
    "|alternatives écartées|verworfene alternativen|geprüfte alternativen|erwogene alternativen"
    "|рассмотренные альтернативы|отклонённые альтернативы|альтернативы|代替案|検討した代替案|考慮した選択肢"
    "|候选方案|替代方案|考虑的方案|고려한 옵션|검토한 옵션|고려한 대안|검토한 대안|대안"
)
ARGUMENTS = choices(
    "pros and cons of the options|pros and cons of the alternatives|pros and cons|pro/cons|pros/cons"
    "|pros and cons of the solutions|avantages et inconvénients des options"
)
OTHER = choices(
    "links|more information|references|notes|rationale|changelog|change log|summary|related|related decisions"
    "|confirmation|validation|date|deciders|table of contents|abstract|metadata|meta"
    "|decision log|tags|referenzen"
    "|compliance|more info|parties involved|considerations|contents"
)
_KNOWN = CONTEXT | DECISION | CONSEQUENCES | DRIVERS | STATUS | OPTIONS | ARGUMENTS | OTHER


def is_section_name(name: str) -> bool:
    """Return whether a comparable heading is one that records use for a part, not for their title."""
    return name.removesuffix(" (optional").removesuffix(" optional").removesuffix(" [optional") in _KNOWN or (
        name.startswith(("status:", "statut:"))
    )
