"""Measures how fast pages and imports are on a log of a hundred thousand decisions."""
