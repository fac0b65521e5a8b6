"""Standards and their safeguards: the ids that decisions are mapped to, each with a short label of our own.

What a standard itself says is not repeated here; a company can load a catalog that does (`domain.oscal`).
"""

from adr_app.domain.values import dataclass

EFFECTS = {"supports": "supports", "weakens": "weakens", "changes": "changes"}
"""What a decision does to a safeguard, by code, as a sentence says it."""


@dataclass(frozen=True, slots=True)
class Safeguard:
    """One safeguard of a standard: its id there, and what it is in a few words."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Framework:
    """A standard by its key, with the safeguards that this product knows by itself."""

    key: str
    name: str
    safeguards: tuple[Safeguard, ...]


def _framework(key: str, name: str, listed: str) -> Framework:
    rows = (line.split(" | ", 1) for line in listed.strip().splitlines())
    return Framework(key, name, tuple(Safeguard(code.strip(), label) for code, label in rows))


_CSF = """
GV.OC-03 | We know our duties by law and contract
GV.RM-06 | Risks are rated one way everywhere
GV.RR-01 | Leadership answers for security risk
GV.RR-02 | Security roles are given and known
GV.SC-06 | Firms are checked before they are hired
ID.AM-08 | Things are looked after from purchase to disposal
ID.RA-06 | Answers to risks are chosen and followed up
ID.RA-07 | Changes and exceptions are weighed and recorded
ID.RA-10 | Firms we depend on are weighed before purchase
PR.AA-05 | Rights are decided, kept small and looked at again
PR.DS-01 | Stored data is protected
PR.DS-02 | Data on its way is protected
PR.PS-01 | Settings are managed
PR.PS-06 | Software is built with care for security
DE.CM | Systems are watched for attacks
RC.RP | We can come back after an incident
"""

_SP_800_53 = """
AC-5 | Nobody does every step alone
AC-6 | No more rights than needed
AU-6 | Logs are read
AU-9 | Logs are protected
AU-10 | Nobody can deny what they did
AU-11 | Logs are kept long enough
CA-3 | Exchange with other systems is agreed
CA-5 | Open security to-dos are tracked
CA-6 | Somebody takes the risk of running it
CM-3 | Changes are controlled
CM-3(2) | Changes are tried before they go live
CM-3(4) | Security takes part in changes
CM-4 | What a change does to security is weighed
CM-4(1) | It is weighed in a place apart
CM-4(2) | Safeguards are checked after a change
CM-6 | Systems are set up securely
CP-9 | There are backups
IA-2 | People prove who they are
PL-8 | Security has its place in the architecture
PM-4 | One plan holds all open security to-dos
PM-7 | The whole company has an architecture
RA-3 | Risks are assessed
RA-7 | Risks are answered
SA-4 | Security is part of what is bought
SA-8 | It is built by security principles
SA-9 | Outside services are held to our rules
SA-15 | How developers work is set
SA-17 | Developers design for security
SC-7 | The edges of the network are guarded
SC-12 | Keys are looked after
SC-13 | Sound encryption is used
SC-28 | Stored data is protected
SR-3 | The supply chain is controlled
SR-6 | Suppliers are looked at again
"""

_SP_800_171_2 = """
3.1.1 | Only known people and systems get in
3.1.2 | Each may do only their part
3.1.3 | Where government data flows is controlled
3.1.4 | Nobody does every step alone
3.1.5 | No more rights than needed
3.3.1 | Logs are made and kept
3.3.8 | Logs are protected
3.4.1 | What there is, and how it is set up, is listed
3.4.2 | Systems are set up securely
3.4.3 | Changes are approved and recorded
3.4.4 | What a change does to security is weighed before
3.4.5 | Who may make changes is decided
3.4.6 | Nothing runs that is not needed
3.4.7 | Needless programs and ways in are off
3.4.8 | Which software may run is decided
3.4.9 | What people install is watched
3.11.1 | Risks are assessed
3.12.1 | Safeguards are tried from time to time
3.12.2 | Open security to-dos are planned
3.12.3 | Safeguards are watched all the time
3.12.4 | The system is described for the auditor
3.13.1 | The edges of the network are guarded
3.13.2 | It is built by security principles
3.13.8 | Government data on its way is encrypted
3.13.11 | The encryption used is an approved one
3.13.16 | Stored government data is protected
"""

_SP_800_171_3 = """
03.04.03 | Changes are approved and recorded
03.04.04 | What a change does to security is weighed
03.11.04 | Risks are answered
03.12.02 | Open security to-dos are planned
03.16.01 | It is built by security principles
"""

_HIPAA = """
164.306(a) | All patient data is protected
164.308(a)(1)(ii)(A) | Risks to patient data are looked for
164.308(a)(1)(ii)(B) | Those risks are brought down
164.308(a)(2) | One named person answers for security
164.308(a)(4) | Who gets at patient data is decided
164.308(a)(7) | There is a plan for emergencies
164.308(a)(8) | All of it is looked at again
164.308(b)(1) | Firms with patient data have a contract
164.312(a)(1) | Only who is allowed gets in
164.312(a)(2)(iv) | Stored patient data is encrypted
164.312(b) | What is done with patient data is logged
164.312(c)(1) | Patient data is not changed unnoticed
164.312(d) | People prove who they are
164.312(e)(1) | Patient data on its way is protected
164.314(a) | The contract says what it must
164.316(b)(1) | Rules and what was done are written down
164.316(b)(2)(i) | They are kept for six years
"""

_SOC_2 = """
CC2.2 | Our people know their part in security
CC3.2 | Risks are found and weighed
CC3.4 | Changes that bring risk are noticed
CC5.2 | Technology has its own safeguards
CC6.1 | Who gets in is controlled
CC6.6 | Attacks from outside are kept out
CC6.7 | Data that moves is protected
CC7.1 | Weak spots and odd settings are noticed
CC8.1 | Changes are approved, tried and recorded
CC9.1 | We are ready for interruptions
CC9.2 | Risks that outside firms bring are managed
A1.2 | It keeps running and can be restored
C1.1 | Confidential data is known and kept so
PI1.1 | What the processing must deliver is known
P1.1 | People are told what is done with their data
P2.1 | People are asked
P3.1 | Only what is needed is collected
P4.1 | It is used only for what was said
P5.1 | People can see their data
P6.1 | It is passed on only as was said
P7.1 | It is kept right
P8.1 | Complaints are heard
"""

_ISO = """
A.5.3 | Nobody does every step alone
A.5.8 | Security is part of every project
A.5.19 | Risks of working with other firms are managed
A.5.20 | Contracts with other firms speak of security
A.5.21 | The supply chain of technology is managed
A.5.22 | Other firms' services are watched
A.5.23 | Cloud services are chosen and left with care
A.5.36 | Our own rules are kept
A.8.25 | Security belongs to every step of development
A.8.26 | What applications must withstand is said first
A.8.27 | Systems are built by security principles
A.8.28 | Code is written securely
A.8.32 | Changes are managed
"""

_ALL = (
    _framework("csf-2.0", "NIST CSF 2.0", _CSF),
    _framework("800-53-r5", "NIST SP 800-53, revision 5", _SP_800_53),
    _framework("800-171-r2", "NIST SP 800-171, revision 2 (CMMC)", _SP_800_171_2),
    _framework("800-171-r3", "NIST SP 800-171, revision 3", _SP_800_171_3),
    _framework("hipaa", "HIPAA", _HIPAA),
    _framework("soc-2", "SOC 2", _SOC_2),
    _framework("iso-27001", "ISO/IEC 27001", _ISO),
)

FRAMEWORKS = {framework.key: framework for framework in _ALL}
"""The standards that this product knows, by key."""
