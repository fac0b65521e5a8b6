"""Numbered migrations; each carries its own frozen copy of what it creates."""
