"""The driver of the Python library."""
