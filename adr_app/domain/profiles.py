"""What a company is: its sector, where it does business, and why security may be asked of it."""

from adr_app.domain.revisions import DATA

SECTORS = {
    "health": "Healthcare and health technology",
    "finance": "Banks, insurance, payments",
    "government": "Work for government or defence",
    "services": "Professional services",
    "software": "Software and internet",
    "industry": "Industry and trade",
    "other": "Something else",
}
"""Sectors by code; in the first three duties of security are formal and come back."""

SENSITIVE = {code: words for code, words in DATA.items() if code not in ("public", "internal", "secrets")}
"""Kinds of data that make a company ask for security, by code."""

MARKETS = {
    "regulated": "A law or an authority watches how we do it",
    "competitive": "Rivals could overtake us within a year",
    "assurance": "Customers ask how secure we are before they buy",
}
"""What holds of the market a company is in, by code."""
