"""Clients as they introduce themselves."""

from __future__ import annotations

from models_conformance.evidence.driver_calls import Hello

FULL = Hello("full", "1", "python", ("models", "beta.models"), frozenset({"walk", "betas"}), ("beta.models",))
"""Pages by itself on both surfaces, takes betas on the second."""

BARE = Hello("bare", "1", "shell", ("models",), frozenset())
"""One surface, page calls alone, no betas."""
