"""Judgments about servers and recordings, one file an area."""
