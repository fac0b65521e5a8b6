"""The security questions: four that everybody answers, fourteen behind them, and what each answer asks for.

Answers stand from the least to the most risky. `floor` is the review level (0 to 3) an answer alone asks
for. The questions follow impact analysis before change (NIST SP 800-53r5 CM-4), the three impact aims of
FIPS 199, and the published intake habits of rapid risk assessment; the words are ours.
"""

from adr_app.domain.values import dataclass

UNKNOWN = "unknown"
"""The answer that is always allowed; it counts as level 2 and puts the question to the vCISO."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One possible answer: its code, the words on the screen, the level it asks for."""

    code: str
    words: str
    floor: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answers; `opened_by` is the first question whose yes brings it up."""

    code: str
    words: str
    help: str
    answers: tuple[Answer, ...]
    opened_by: str | None = None


def _yes_no(yes: int = 0) -> tuple[Answer, ...]:
    return Answer("no", "No"), Answer("yes", "Yes", yes)


_HARM = (
    Answer("limited", "Annoying: a small loss, work goes on"),
    Answer("serious", "Serious: large loss, people harmed, duties much reduced", 2),
    Answer("severe", "Severe: life or livelihood at stake, or the company cannot do its work", 3),
)

FIRST = (
    Question(
        "data",
        "Is data about people, money or health involved?",
        "Also where such data could be reached from here, not only where it is kept.",
        _yes_no(),
    ),
    Question(
        "access",
        "Does it change who gets in, or what keeps others out?",
        "Sign-in, rights, keys, backups, logging, or what can be reached from the internet.",
        _yes_no(),
    ),
    Question(
        "outside",
        "Does an outside firm or service come in?",
        "A supplier, a cloud service, an AI service, a contractor, or a component somebody else wrote.",
        _yes_no(),
    ),
    Question(
        "undo",
        "Is it hard to undo, or would a failure hurt soon?",
        "Also when it breaks one of your own rules, or is already live.",
        _yes_no(),
    ),
)
"""The four first questions, in screen order."""

FOLLOW_UPS = (
    Question(
        "q1",
        "Do you want the vCISO in from the start?",
        "If something makes you uneasy, say yes. Nobody will ask for a reason.",
        _yes_no(2),
    ),
    Question(
        "q2",
        "Does it touch how people or services sign in, keys, logging, backups or another safeguard?",
        "Changing the value of a setting within your standard is “adjusts”. One product for another of the "
        "same kind is “like by like”. A safeguard that your standard asks for already is one it names.",
        (
            Answer("no", "No"),
            Answer("adjusts", "Adjusts one within our standard", 1),
            Answer("like-by-like", "Replaces one, like by like", 2),
            Answer("adds", "Adds one that our standard names, and weakens none", 2),
            Answer("changes", "Adds any other, removes one, or changes how it works", 3),
        ),
        "access",
    ),
    Question(
        "q3",
        "What is the most sensitive data it keeps, handles or can reach?",
        "The password with which a service signs in to its own database is not meant by “passwords or keys”; "
        "other people's passwords and signing keys are.",
        (
            Answer("public", "Public or internal only"),
            Answer("personal", "Confidential or personal", 1),
            Answer("sensitive", "Patient, card or government data, passwords or keys", 2),
        ),
        "data",
    ),
    Question(
        "q4",
        "Is it something new, or a change to what you have?",
        "New means a part, service or supplier that you do not run or use today.",
        (
            Answer("existing", "A change to what we have"),
            Answer("new", "New, with public or internal data only"),
            Answer("new-personal", "New, with confidential or personal data", 2),
            Answer("new-sensitive", "New, with patient, card or government data, passwords or keys", 3),
        ),
        "outside",
    ),
    Question(
        "q5",
        "Does it open or move a boundary?",
        "A new way in, a port, a network path, a region, an account, or what keeps customers apart.",
        (
            Answer("no", "No"),
            Answer("internal", "Inside our own network only", 1),
            Answer("internet", "Towards the internet, or between customers", 2),
            Answer("internet-sensitive", "The same, and sensitive data is behind it", 3),
        ),
        "access",
    ),
    Question(
        "q6",
        "Does an outside party get data, or reach into your systems?",
        "Services, their suppliers, AI services, contractors, components that run with many rights.",
        (
            Answer("none", "No"),
            Answer("no-data", "Yes, without data", 1),
            Answer("data", "Yes, with data", 2),
            Answer("sensitive", "Yes, with patient, card or government data, passwords or keys", 3),
        ),
        "outside",
    ),
    Question(
        "q7",
        "Does it change who may do what?",
        "Also access for support, from outside, for a service, or one person now doing two separated jobs.",
        (
            Answer("no", "No"),
            Answer("ordinary", "Ordinary rights of ordinary users", 1),
            Answer("privileged", "Rights of administrators, services or support", 2),
        ),
        "access",
    ),
    Question(
        "q8",
        "Does it depart from a rule of yours, weaken a safeguard, or keep a known weakness?",
        "Such a choice needs an end date.",
        _yes_no(3),
        "undo",
    ),
    Question("q9", "If all its data became public, how bad?", "Think of the worst day.", _HARM, "data"),
    Question(
        "q10",
        "If its data or results were wrong, how bad?",
        "Altered on purpose or by mistake.",
        _HARM,
        "data",
    ),
    Question(
        "q11",
        "If it were down, how long until serious harm?",
        "Harm to people or to the company, not annoyance.",
        (
            Answer("days", "More than two days"),
            Answer("day", "Within a day", 2),
            Answer("hours", "Within two hours", 3),
        ),
        "undo",
    ),
    Question(
        "q12",
        "Can you go back within a day without losing data?",
        "If not, everything else weighs one step more.",
        (Answer("yes", "Yes"), Answer("no", "No")),
        "undo",
    ),
    Question(
        "q13",
        "Is the system inside a compliance boundary?",
        "Named in an audit report, a health-data or government programme, or a customer's contract.",
        _yes_no(1),
        "data",
    ),
    Question(
        "q14",
        "Is it live already, or must it be before security can look?",
        "This never lowers what is needed; it sets when the check afterwards is due.",
        _yes_no(),
        "undo",
    ),
)
"""The fourteen questions behind the first four, in order."""

QUESTIONS = {question.code: question for question in (*FIRST, *FOLLOW_UPS)}
"""Every question by its code."""
