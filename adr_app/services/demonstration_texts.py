"""What the demonstration's people decided, in their words."""

from typing import Any

Text = dict[str, Any]

REGION: Text = {
    "title": "Keep patient records in one European region",
    "kind": "infrastructure",
    "plain_words": "All patient records stay in one data centre region in Europe, with a copy in another.",
    "context": "Two clinics asked where their records are. Today nobody can say for sure.",
    "decision": "We store records in **one** region and copy them each night to a second.",
    "options": [
        {"title": "One region and a nightly copy", "pros": "Simple to explain and to show", "chosen": True},
        {"title": "Follow the clinic's country", "cons": "Four setups for twelve people"},
    ],
    "consequences": "A region that is down for a day costs us a day.",
    "systems": ["Patient records"],
    "data": ["personal", "health"],
    "accountable": "Sam Okafor",
    "undo": "hard",
}
BACKUP: Text = {
    "title": "Nightly backups go to a second provider",
    "kind": "vendor",
    "plain_words": "If our provider loses our data, or locks us out, we can start again elsewhere.",
    "context": "All backups lie with the provider they are meant to protect us from.",
    "decision": "Every night one encrypted copy goes to Northfold.",
    "systems": ["Patient records"],
    "vendors": ["Northfold"],
    "data": ["health"],
    "accountable": "Sam Okafor",
}
LOGIN: Text = {
    "title": "Staff sign in through one provider",
    "kind": "security",
    "plain_words": "One account for everything; when somebody leaves, one switch turns it off.",
    "context": "Eleven systems, eleven passwords, and former staff still in three of them.",
    "decision": "All staff sign in through Keyring.",
    "vendors": ["Keyring"],
    "systems": ["Sign-in"],
    "decided_by": ["Sam Okafor"],
}
QUEUE: Text = {
    "title": "A queue table instead of a message broker",
    "kind": "product-platform",
    "plain_words": "Appointments wait in the database we already have, not in a new system.",
    "context": "Reminders must survive a restart. We send about 4,000 a day.",
    "options": [
        {"title": "A table in our database", "pros": "Nothing new to run", "cons": "Polling", "chosen": True},
        {"title": "A message broker", "pros": "Made for it", "cons": "A new system for twelve people to run"},
    ],
    "decision": "We use a table and a worker.",
    "systems": ["Booking"],
    "undo": "easy",
}
HIRING: Text = {
    "title": "One product team until spring",
    "kind": "team",
    "plain_words": "We do not split the team before the clinic launch.",
    "decision": "Seven people stay one team until the end of March.",
}
MONITOR: Text = {
    "title": "Watch the booking system from outside",
    "kind": "vendor",
    "plain_words": "Somebody tells us within a minute when patients cannot book.",
    "decision": "We pay Beacon to look every minute from three places. It sees no patient data.",
    "vendors": ["Beacon"],
    "systems": ["Booking"],
}
CODES: Text = {
    "title": "Keep text-message login codes until 31 March",
    "kind": "security",
    "plain_words": "Patients go on receiving a code by text message when they sign in, until the launch.",
    "context": "An app for codes is ready in three weeks, exactly when two clinics start.",
    "decision": "We keep text messages until the end of March and replace them then.",
    "systems": ["Patient sign-in"],
    "data": ["health", "personal"],
    "undo": "easy",
}
FOUND_ON_CODES = {
    "exposed": "The sign-in of every patient whose telephone number somebody takes over.",
    "needed": "Codes made by an app, or a passkey; no second way in by text message.",
    "ready": "We would see many codes asked for at once; nobody looks at night.",
}
RENEWAL: Text = {
    "title": "Renew the cloud contract for two years",
    "kind": "vendor",
    "plain_words": "We stay where we are for two years and pay eight percent less.",
    "context": "The contract ends in December. Moving would take the team four months.",
    "decision": "We renew for two years with the right to leave after one.",
    "cost_of_not_deciding": "About 1,400 euros for every two weeks after the end of the contract",
    "vendors": ["Stratus Cloud"],
    "data": ["health"],
    "undo": "hard",
}
BILLING: Text = {
    "title": "Move billing to a payment provider",
    "kind": "build-or-buy",
    "plain_words": "Patients pay on the provider's page, not on ours. Card numbers never reach us.",
    "context": "Our own card form costs us an audit each year, and fails one patient in thirty.",
    "options": [
        {
            "title": "Paywell's page",
            "pros": "No card data with us",
            "cons": "1.4 % of each payment",
            "chosen": True,
        },
        {"title": "Keep our form", "cons": "The audit, each year"},
        {"title": "Invoices only", "pros": "Nothing to build", "cons": "Paid 20 days later"},
    ],
    "decision": "We move all payments to Paywell before the spring launch.",
    "consequences": "Refunds are done in Paywell. The finance team learns a second tool.",
    "systems": ["Billing"],
    "vendors": ["Paywell"],
    "data": ["payment", "personal"],
    "undo": "hard",
    "accountable": "Sam Okafor",
}
REMINDERS: Text = {
    "title": "Text reminders to patients",
    "kind": "new-product",
    "plain_words": "Patients get a text message the day before, so that fewer chairs stay empty.",
    "decision": "We send reminders through Pingwise from January.",
    "vendors": ["Pingwise"],
    "data": ["personal"],
}
CHAT: Text = {
    "title": "Answer patients' questions by chat on weekdays",
    "kind": "new-product",
    "plain_words": "Patients can write to the practice; the team answers until five.",
    "context": "Decided in the weekly meeting: the telephone is busy half of the day.",
    "decision": "We try a chat for three months, without sending any record through it.",
    "decided_by": ["Sam Okafor"],
    "undo": "easy",
}
CLUSTER: Text = {
    "title": "Run the product on a managed cluster",
    "kind": "platform-migration",
    "plain_words": "A provider runs the machines; we only bring the program.",
    "decision": "We move to a managed cluster and close our own machines by summer.",
    "systems": ["Production"],
    "vendors": ["Stratus Cloud"],
    "undo": "hard",
}
ASSISTANT: Text = {
    "title": "An assistant drafts answers to customers",
    "kind": "new-product",
    "plain_words": "A language model drafts; a person reads and sends.",
    "context": "Support answers 300 messages a week, most of them alike.",
    "decision": "We try it with one team for six weeks.",
    "vendors": ["Draftwell"],
    "data": ["personal"],
}
PROVIDER: Text = {
    "title": "New login provider",
    "kind": "vendor",
    "plain_words": "Customers sign in through another firm from now on.",
    "decision": "We move customer sign-in to Keyring.",
    "vendors": ["Keyring"],
    "systems": ["Sign-in"],
}

RESTORE = {
    "text": "Restore one backup on a clean machine and note how long it took",
    "risk": "A backup nobody has restored may not be one",
    "build_days": "0.5",
    "run_days": "0.25",
}
KEYS = {
    "text": "Change the access keys and keep them out of the code",
    "risk": "Whoever reads the code could read every patient's file",
    "build_days": "1",
}
CONTRACT = {
    "text": "Have the health-data contract signed",
    "risk": "Without it, a leak there is ours alone to answer for",
}
OWN_KEY = {
    "text": "Switch on encryption with our own key",
    "risk": "The provider, and whoever breaks in there, can read the files",
    "build_days": "4",
    "run_days": "1",
}

DUTY = {
    "name": "Yearly look at the risks to patient data",
    "source": "law",
    "reference": "HIPAA, 164.308(a)(1)(ii)(A)",
    "asks": "Look for what could harm patient data, and write down what was found.",
    "kind": "regulatory_requirement",
    "consequence": "liability",
    "loses": "The clinics, who may not work with us without it",
    "level": "3",
    "months": "12",
}
