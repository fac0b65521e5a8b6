"""What is left out in laying out a text changes nothing: it becomes what the library alone makes of it."""

from functools import partial

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown.blockparser import BlockParser
from markdown.treeprocessors import InlineProcessor

from adr_app.services.markdown_limits import TooLarge
from adr_app.services.markdown_reading import Readers

LINES = [
    *("a word", "A | b", "**Bold** a", '"q" b', "(c)", "`code` d", "é", "1 word", "word: a  ", "#a", "a # b"),
    *("# H", "## H ##", "---", "===", "- - -", "***", "_ _ _", "- ---", "* * *", "-", "=", "+", ":-|"),
    *(
        "| a | b |",
        "|---|---|",
        "--- | ---",
        "    --- | ---",
        "- a | b",
        "    | a",
        "|",
        "    ---",
        "    ===",
    ),
    *("* a", "- b", "+ c", "-  d", "1. e", "2. f", "* # a", "* > a", "- [ ] g", "* [x]: y", "- - a", "*a*"),
    *("    * a", "    - b", "    1. c", "    # d", "    > e", "    f", "        - g", " a", "  b", "   - c"),
    *("> a", ">", " > b", "[x]: y", "[x]", "  [x]: z 't'", "[^1]", "[^1]: note", "<b>c</b>", "<div>"),
    *("&amp;", "a & b", "https://e.example/x", "www.e.example", "a@b.example", "[a](b)", "![a](b)", "c  "),
    *("</div>", "```", "    ===", "~~~", "    ", "\t", "\\", "\\# a", "'d", "_e_", "~~f~~"),
]
ENDS = ["\n", "\n", "\n\n", "\n\n\n", " "]
TEXTS = st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(ENDS)), max_size=14)


def library() -> Readers:
    """Return readers that look for everything everywhere, as the library does."""
    readers = Readers()
    readers.bare = readers.without_tags
    for reader in (readers.usual, readers.without_tags):
        inline = reader.treeprocessors["inline"]
        inline.run = partial(InlineProcessor.run, inline)
        reader.parser.parseBlocks = partial(BlockParser.parseBlocks, reader.parser)
    return readers


OURS, LIBRARY = Readers(), library()


def laid_out(readers: Readers, text: str) -> tuple[str, int]:
    """Return the HTML of a text, or why there is none, and how many more letters it might look at."""
    try:
        return readers.read(text), readers.purse.left
    except TooLarge:
        return "too large", 0


@settings(max_examples=400)
@given(TEXTS)
@example([("* a | b", "\n"), ("    --- | ---", "\n")])
@example([("A word", "\n"), ("---", "\n")])
@example([("# H", " "), ("\\", "\n")])
def test_a_text_becomes_what_the_library_makes_of_it(pieces: list[tuple[str, str]]) -> None:
    text = "".join(f"{line}{end}" for line, end in pieces)
    assert laid_out(OURS, text) == laid_out(LIBRARY, text)


def test_paragraphs_and_lists_are_told_by_their_first_letters() -> None:
    readers, tried = Readers(), []
    heading = readers.bare.parser.blockprocessors["hashheader"]
    heading.test = lambda parent, block: tried.append(block) or False
    readers.read("A paragraph\nof *two* lines.\n\n- an item\n- another **one**\n\n**Bold** words.")
    assert tried == []
