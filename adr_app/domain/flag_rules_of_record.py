"""The flags about the record itself: that it does not verify, and that no receipt was given out lately."""

from adr_app.domain import receipts
from adr_app.domain.flag_rule import Rule

OF_RECORD = (
    Rule(
        "record-broken",
        "state",
        "S1",
        "company",
        "The record does not verify",
        "A check found something in the record that is not as it was recorded, or could not read it.",
        "NIST SP 800-53r5 AU-9(3), AU-10; HIPAA 164.312(c)",
        "a check of the record that did not come out well",
        "A later check finds that all verifies; how it stood meanwhile stays in the history.",
        None,
        False,
        "dealt with",
        company_test=receipts.broken,
    ),
    Rule(
        "receipt-stale",
        "state",
        "S3",
        "company",
        "No receipt of the record given out lately",
        "For thirty days nobody outside was given the line by which a record written anew is known.",
        "NIST SP 800-53r5 AU-9, AU-10",
        "thirty days without a receipt in which something happened; the admin's settings show it",
        "A receipt is given to somebody outside, such as an auditor.",
        None,
        False,
        "dealt with",
        company_test=receipts.stale,
        apart=True,
    ),
)
