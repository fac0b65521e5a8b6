"""The rules of the product: standard library only, no clock, no files, no database."""
