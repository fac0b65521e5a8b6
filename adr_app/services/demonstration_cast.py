"""The people of the demonstration."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the cast: address, name and what they are."""

    email: str
    name: str
    what: str


SAM = Member("sam@example.com", "Sam Okafor", "fractional CTO of Larkspur and Ostara")
VERA = Member("vera@example.com", "Vera Lindqvist", "vCISO of Larkspur and Ostara")
PRIYA = Member("priya@example.com", "Priya Nair", "leads Larkspur Dental")
OMAR = Member("omar@example.com", "Omar Haddad", "leads Ostara Software")
TOMAS = Member("tomas@example.com", "Tomás Rey", "on Larkspur's team")
NADIA = Member("nadia@example.com", "Nadia Rahimi", "leads Marlow Booking, which has no adviser yet")
JONAS = Member("jonas@example.com", "Jonas Weber", "leads Cedar Health, which has no adviser yet")
CAST = (SAM, VERA, PRIYA, OMAR, TOMAS, NADIA, JONAS)
