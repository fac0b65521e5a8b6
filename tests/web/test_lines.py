"""Lines of lists that are written once: what is kept is only ever shown for the very same words."""

from typing import Any

import pytest
from markupsafe import Markup, escape

from adr_app.web import lines
from adr_app.web.lines import Line, kept_row


def write(line: Any) -> Markup:
    written.append(line)
    return Markup("<li>{}{}</li>").format(line["title"], line["why"] or "")


written: list[Any] = []


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_kept", {})
    written.clear()


def line(**said: Any) -> Line:
    act = Line(label="Open", href="/a", **said.pop("act", {}))
    return Line({"title": "Kafka", "href": "/a", "act": act, **said})


def test_a_line_with_the_same_words_is_written_once_and_with_any_other_word_anew() -> None:
    changed = ("company", "ref", "title", "href", "when", "why")
    for n, one in enumerate((line(), *(line(**{name: "Other"}) for name in changed)), 1):
        assert type(one) is Line
        assert kept_row(one, write) == kept_row(one, write) == kept_row(Line(one), write)
        assert len(written) == n
    for n, more in enumerate(({"late": True}, {"advice": [("Vera", "No.")]}, {"act": {"primary": True}}), 8):
        assert kept_row(line(**more), write) == kept_row(line(**more), write)
        assert len(written) == n


def test_typed_words_that_look_like_markup_are_never_shown_as_the_markup_they_look_like() -> None:
    said = "<a href='/b'>I do not agree</a>"
    ready, typed = line(why=Markup(said)), line(why=said)
    for first, second in ((ready, typed), (typed, ready)):
        kept_row(first, write), kept_row(second, write)
        assert said in kept_row(ready, write) and said not in kept_row(typed, write)
        assert escape(said) in kept_row(typed, write)


def test_a_form_is_written_each_time_as_its_token_is_of_one_session() -> None:
    posts = line(act={"action": "/a", "fields": {"base": 1}})
    kept_row(posts, write), kept_row(posts, write)
    assert len(written) == 2 and lines._kept == {}


def test_only_so_many_lines_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "KEPT", 3)
    for n in range(7):
        assert f"Title {n}<" in kept_row(line(title=f"Title {n}"), write)
        assert len(lines._kept) <= 3
