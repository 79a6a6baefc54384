"""Conforming oddities: servers that look unusual and break no rule. Each must trip nothing.

An oddity is a subclass of `Behaviour` under the decorator `oddity`; the class name becomes its name and the
docstring says what is unusual. It may bring its catalogue (with its aliases) and the path under
which it is mounted.
"""

from __future__ import annotations

from models_conformance.reference.server.oddities.registry import Oddity, oddities

__all__ = ["Oddity", "oddities"]
