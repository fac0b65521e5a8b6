"""The formats that records are read in: what they are called, and what a file is recognised by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FormatName:
    """A format for people: its name, and what gives it away."""

    name: str
    told_by: str


NAMES = {
    "madr4": FormatName("MADR 4", "its block of decision makers, or sections that only MADR 4 has"),
    "madr3": FormatName("MADR 3", "its options and outcome below a block with status, date or deciders"),
    "madr2": FormatName("MADR 2", "its options and outcome, with a list of status and deciders on top"),
    "madr1": FormatName("MADR 1", "its section “Considered Alternatives”"),
    "log4brains": FormatName("log4brains", "the day in its name, with a list of status or tags on top"),
    "nygard": FormatName("adr-tools (Nygard)", "its sections Context and Decision"),
    "adg": FormatName("ADG", "the key adr_id in its block on top"),
    "hand-written": FormatName("No known format", "sections of its own; it was read by its words"),
}
"""Every format by the code that is kept of a file."""
