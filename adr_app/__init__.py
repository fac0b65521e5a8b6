"""A decision log where the fractional CTO and the virtual CISO meet."""

__version__ = "0.1.0"
