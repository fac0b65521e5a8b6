"""For programs: a few acts in JSON, opened by a key and never by a browser's cookie.

It is an application of its own beside the pages: what guards pages (sign-in, forms, kept drafts) has no part
here, and what guards this has none there.
"""

from importlib import import_module

from flask import Flask

from adr_app.api import access, errors

PREFIX = "/api/v1"
FEATURES = ("debt", "debt_reports")
"""Modules with addresses, each with a blueprint `addresses`."""


def create_api(pages: Flask) -> Flask:
    """Return the application for programs, on the configuration of the pages."""
    api = Flask("adr_app.api", static_folder=None)
    api.config = pages.config
    errors.init_app(api)
    access.init_app(api)
    for feature in FEATURES:
        api.register_blueprint(import_module(f"adr_app.api.{feature}").addresses)
    return api
