"""Words with which teams state a status, by what they mean; the list is open and grows with what is met."""

import re


def choices(listed: str) -> frozenset[str]:
    """Return the phrases of a text that separates them by bars."""
    return frozenset(listed.split("|"))


_AND_DONE = r"(?! ?(?:대기|거부|반려|예정|필요|요청|전|중|보류))"
"""Korean says behind the word whether something waits for it or was refused it."""

WORDS: dict[str, tuple[str, ...]] = {
    "superseded": (
        r"super[sc]{1,2}e{1,3}ded?", r"superseding", r"replaced", r"overridden by", r"remplacée?",
        r"ersetzt", r"abgelöst", r"superad[oa]", r"reemplazad[oa]", r"sustituid[oa]", r"substituíd[oa]",
        r"sostituit[oa]", r"vervangen", r"zastąpion[ay]", r"置き換え(?:済み)?", r"已(?:被)?取代",
        r"已?被[^，。；;\n]{1,60}?(?:取代|替代)",
        r"замен[её]н[аоы]?", r"대체됨?",
    ),
    "accepted": (
        r"accepted", r"accept", r"approved", r"agreed", r"decided", r"adopted", r"implemented", r"active",
        r"finali[sz]ed", r"final", r"stable", r"done", r"completed?", r"resolved", r"ratified",
        r"in effect", r"in force", r"in use", r"in production", r"effective", r"enacted", r"merged",
        r"shipped", r"released", r"endorsed", r"confirmed", r"concluded", r"current", r"validated",
        r"signed[- ]off", r"deployed", r"documented existing implementation", r"r[ée]solue?",
        r"accept[ée]e?", r"valid[ée]e?", r"adopt[ée]e?", r"merg[ée]e?", r"approuv[ée]e?", r"décid[ée]e?",
        r"angenommen", r"akzeptiert", r"beschlossen", r"genehmigt", r"entschieden", r"umgesetzt", r"aktiv",
        r"gültig", r"acept?ad[oa]", r"aprobad[oa]", r"aceit[oa]", r"aprovad[oa]", r"accettat[oa]",
        r"approvat[oa]", r"geaccepteerd", r"goedgekeurd", r"zaakceptowan[ay]", r"przyjęt[ay]", r"godkänd",
        r"принят[аоы]?", r"одобрен[аоы]?", r"утвержд[её]н[аоы]?", r"действует", r"承認済み", r"承認",
        r"採用(?:済み)?", r"決定(?:済み)?", rf"승인(?:됨|완료)?{_AND_DONE}",
        rf"채택(?:됨)?{_AND_DONE}", rf"확정(?:됨)?{_AND_DONE}", r"已?接受", r"已?采纳", r"已?通过",
        r"已?批准", r"已?採納", r"已?核准", r"已?生效", r"已?实施",
    ),
    "proposed": (
        r"proposed", r"proposal", r"propose", r"pending", r"rfc", r"request for comments?", r"open",
        r"discussing", r"discussed", r"discussion", r"(?:in|under|for) discussion", r"planned",
        r"in[- ]progress", r"on[- ]hold", r"(?:in|under|for|awaiting) review", r"ready for review",
        r"reviewing", r"review", r"last[- ]call", r"provisional", r"experimental", r"trial", r"deferred",
        r"postponed", r"paused", r"parked", r"stalled", r"ongoing", r"demonstrated", r"undecided", r"tbd",
        r"to be (?:decided|discussed|determined|approved|reviewed)", r"under consideration",
        r"investigating", r"evaluating", r"vorgeschlagen", r"in arbeit", r"in diskussion", r"offen",
        r"propos[ée]e?", r"proposition", r"en cours", r"en discussion", r"en attente", r"propuest[oa]",
        r"propost[oa]", r"pendiente", r"pendente", r"in bespreking", r"voorgesteld", r"proponowan[ay]",
        r"предложен[аоы]?", r"на рассмотрении", r"в обсуждении", r"제안(?:됨)?", r"승인 ?대기(?: ?중)?",
        r"not decided", r"검토 ?중", r"논의 ?중",
        r"承認待ち", r"提案済み", r"提案中?", r"提議", r"提议", r"待定", r"検討中", r"讨论中",
    ),
    "draft": (
        r"draft(?:ed|ing)?", r"wip", r"work[- ]in[- ]progress", r"incomplete", r"brouillon", r"entwurf",
        r"borrador", r"rascunho", r"bozza", r"concept", r"черновик", r"초안", r"草案", r"草稿", r"下書き",
    ),
    "rejected": (
        r"rejected", r"reject", r"declined", r"withdrawn", r"abandoned", r"denied", r"dropped",
        r"cancell?ed", r"discarded", r"won'?t do", r"wontfix", r"not (?:accepted|approved|adopted|agreed)",
        r"rejet[ée]e?", r"refus[ée]e?", r"abandonn[ée]e?", r"abgelehnt", r"verworfen", r"rechazad[oa]",
        r"rejeitad[oa]", r"rifiutat[oa]", r"afgewezen", r"odrzucon[ay]", r"отклон[её]н[аоы]?",
        r"(?:승인 ?)?거부(?:됨)?",
        r"기각(?:됨)?",
        r"却下", r"已?拒绝",
    ),
    "deprecated": (
        r"deprecated", r"obsoleted?",
        r"no longer (?:\w+ )?(?:relevant|valid|applicable|applies|used|needed|in use)", r"reverted",
        r"retired", r"invalid(?:ated)?", r"out[- ]of[- ]date", r"out ?dated", r"historic(?:al)?",
        r"archived", r"sunset", r"removed", r"expired", r"not applicable", r"rescinded", r"revoked",
        r"veraltet", r"überholt", r"obsolète", r"déprécié?e?", r"caduc", r"obsolet[oa]", r"deprecad[oa]",
        r"verouderd", r"устарел[аои]?", r"폐기(?:됨)?", r"非推奨", r"廃止", r"已?弃用", r"已?废弃",
    ),
}  # fmt: skip

_ALTERNATIVES = "|".join(
    f"(?P<{status}>{'|'.join(sorted(words, key=len, reverse=True))})" for status, words in WORDS.items()
)
_NOT_YET = (
    r"(?P<not_yet>not (?:yet |been )+(?:accepted|approved|adopted|agreed|decided|implemented|finali[sz]ed)"
    r"|not (?:accepted|approved|adopted|agreed|decided|implemented|finali[sz]ed) yet)"
)
_RECORD = r"(?:adr|madr|dr|rfc|decision|record|document|proposal|page|entscheidung|décision)"
_LEAD = (
    rf"(?:(?:(?:this|the|diese[rs]?|cette?)\s+(?:[\w-]+\s+)?{_RECORD}\s+(?:has been|have been|is|was|wurde"
    r"|ist)"
    r"|(?:adr |decision |current )?stat(?:us|ut)\s*[:=–-]?|currently|has been|had been|been|is"
    r"|was|now|fully|mostly"
    r"|conditionally|provisionally|tentatively|formally|initially|already|largely|later|then|but|since|"
    r"has become|became|changed to|moved to|marked as|as|and|so far|still|tsc|unanimously|team|self|pre"
    r"|(?P<part>part(?:ly|ially|ial)?|in part|parts? of (?:this|the|it)(?: \w+){0,2} (?:is|are"
    r"|was|were|has been|have been)"
    r"|teilweise|partiellement))(?:\s+|-))"
)
HEAD = re.compile(rf"{_LEAD}{{0,4}}(?:{_NOT_YET}|{_ALTERNATIVES})(?!\w)", re.I)
"""A clause that begins by stating a status; the group that matched names it, `part` says "partly"."""

WORD = re.compile(rf"(?<![\w-])(?:{_NOT_YET}|{_ALTERNATIVES})(?![\w])", re.I)
"""A status word anywhere."""


def status_of(match: re.Match[str]) -> str:
    """Return the status that a match of `HEAD` or `WORD` means."""
    if match["not_yet"]:
        return "proposed"
    return next(status for status in WORDS if match[status])
