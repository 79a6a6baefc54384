"""The driver of the program `curl`."""
