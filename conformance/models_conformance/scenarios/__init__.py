"""Scenarios: what the suite shows a client when it is the server, and one call to make against it."""
