"""Small Markdown inside a line: take the decoration off, keep the words."""

import html
import re

_LINK = re.compile(
    r"!?\[((?:[^\[\]]|\[[^\[\]]{0,300}\]){0,600})\](?:\((?:[^()\n]"
    r"|\([^()\n]{0,300}\)){0,1500}\)|\[[^\[\]\n]{0,200}\])"
)
_AUTOLINK = re.compile(r"<(https?://[^<>\s]{1,500})>")
_TAG = re.compile(
    r"</?(?:a|abbr|b|br|center|code|del|details|div|em|font|h[1-6]|i|img|ins|kbd|mark|p|s"
    r"|small|span|strike|strong|sub"
    r"|summary|sup|u)\b[^<>]{0,300}>",
    re.I,
)
_EMPHASIS = re.compile(r"\*\*|__|[*`]|(?<!\w)_|_(?!\w)|~~")
_STRUCK = re.compile(
    r"~{1,2}(?=\S)([^~\n]{1,200})~{1,2}|<(?:del|s|strike)>([^<>\n]{1,200})</(?:del|s|strike)>", re.I
)


def unlink(text: str) -> str:
    """Return the text with every link replaced by the words it shows."""
    if "[" in text:
        text = _LINK.sub(r"\1", text)
    return text


def unstrike(text: str) -> str:
    """Return the text without what is struck through, unless nothing else is left."""
    if "~" not in text and "<" not in text:
        return text
    left = _STRUCK.sub(" ", text)
    return left if any(c.isalnum() for c in left) else text.replace("~", "")


def plain(text: str) -> str:
    """Return one line of words: no links, emphasis, tags, entities or escapes."""
    if not text:
        return ""
    if "[" in text:
        text = _LINK.sub(r"\1", text)
    if "<" in text:
        text = _AUTOLINK.sub(r"\1", text)
        text = _TAG.sub("", text)
    if "*" in text or "_" in text or "`" in text or "~" in text:
        text = _EMPHASIS.sub("", text)
    if "\\" in text:
        text = text.replace("\\", "")
    if "&" in text:
        text = html.unescape(text)
    return " ".join(text.split())
