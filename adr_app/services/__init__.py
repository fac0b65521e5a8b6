"""The acts of the product: one function, one transaction, one event."""
