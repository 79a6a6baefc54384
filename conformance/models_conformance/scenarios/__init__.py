"""Scenarios: what the suite shows a client when it plays the server, and one call to make against it."""
