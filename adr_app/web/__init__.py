"""Pages: each translates a request into one read or one act, and decides nothing."""

from importlib import import_module

from flask import Flask

from adr_app.web import addresses, csrf, entry, errors, filters, headers, kept, layout, lines, references

FEATURES = (
    "session",
    "account",
    "api_keys",
    "mail",
    "home",
    "desk",
    "portfolio",
    "away",
    "companies",
    "people",
    "mandates",
    "decisions",
    "drafts",
    "versions",
    "diverged",
    "links",
    "comments",
    "reviews",
    "conditions",
    "overhead",
    "levels",
    "looking_again",
    "older",
    "systems",
    "vendors",
    "in_advance",
    "profiles",
    "pressures",
    "obligations",
    "first_role",
    "first_run",
    "safeguards",
    "risks",
    "exceptions",
    "question_links",
    "debt",
    "debt_plan",
    "debt_pictures",
    "debt_reports",
    "debt_csv",
    "readings",
    "debt_steps",
    "debt_carries",
    "dashboard",
    "receipts",
    "record",
    "exports",
    "imports",
    "flags",
    "patterns",
)
"""Modules with pages, each with a blueprint `pages`."""


def init_app(app: Flask) -> None:
    """Install every page, the checks before them and what templates may use."""
    errors.init_app(app)
    kept.init_app(app)
    headers.init_app(app)
    entry.init_app(app)
    csrf.init_app(app)
    filters.init_app(app)
    addresses.init_app(app)
    lines.init_app(app)
    layout.init_app(app)
    references.init_app(app)
    for feature in FEATURES:
        app.register_blueprint(import_module(f"adr_app.web.{feature}").pages)
