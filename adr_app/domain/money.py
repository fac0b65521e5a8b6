"""Currencies: into how many minor units each is divided."""

MINOR_DIGITS = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "VND": 0, "BHD": 3, "KWD": 3, "OMR": 3, "TND": 3}
"""Digits of the minor unit where they are not two (ISO 4217)."""


def minor_digits(currency: str) -> int:
    """Return how many digits of an amount stand behind the point."""
    return MINOR_DIGITS.get(currency.strip().upper(), 2)


def minor_units(currency: str) -> int:
    """Return how many minor units make one unit of a currency."""
    return int(10 ** minor_digits(currency))
