"""Conformance suite for the Models API of the Claude platform."""

__version__ = "0.1.0"
