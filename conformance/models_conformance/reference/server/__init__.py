"""The reference server: the ideal as a pure model, its sockets, named faults and conforming oddities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models_conformance.reference.registry import Registry

if TYPE_CHECKING:
    from models_conformance.reference.server.ideal import Behaviour

SERVERS: Registry[Behaviour] = Registry("models_conformance.reference.server", "the reference server")
