"""Words of a decision are marked with a finger, commented on, and resolved."""

from playwright.sync_api import expect

from adr_app.services import concerns, drafts
from adr_app.services.people import viewer
from tests.browser.players import Log

MARKED = 'CSS.highlights.get("passage")?.size ?? 0'
SELECT = """() => {
  const node = document.querySelector('[aria-labelledby="part-decision"] .prose p').firstChild;
  getSelection().setBaseAndExtent(node, 6, node, 20);
}"""


def test_words_are_marked_commented_on_and_resolved(larkspur: Log, player, clock):
    cto = viewer(larkspur.sam, larkspur.path.strip("/"), clock())
    noes = dict.fromkeys(("data", "access", "outside", "undo"), "no")
    typed = {"title": "Doors open with cards", "decision": "Every front door opens with a card."}
    made = drafts.draft(cto, typed, answers=noes, at=clock())
    concerns.raise_one(cto, made.number, "Cards are copied", "The old ones have no secret.", at=clock())
    vera = player(phone=True)
    vera.comes_in(larkspur.vera, f"{larkspur.path}/decisions/AD-0001")
    vera.reads("Sam has a blocking concern: Cards are copied", "Only Sam resolves it.")
    vera.page.evaluate(SELECT)
    vera.presses("Comment on these words")
    expect(vera.page.get_by_label("The words this is about")).to_have_value("front door ope")
    vera.types("Your words", "The back doors too?")
    vera.looks("commenting")
    vera.presses("Say it")
    assert vera.page.evaluate(MARKED) == 1
    vera.reads("The back doors too?", "In What we decide, version 1.")
    vera.clicks(vera.page.get_by_role("button", name="Resolve"))
    assert vera.page.evaluate(MARKED) == 0
    vera.opens("1 resolved")
    vera.looks("resolved")
