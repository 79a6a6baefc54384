"""The reference client: a small correct client of the Models API, its named faults and its conforming oddities.

The suite judges clients with it as it judges servers with the reference server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models_conformance.reference.registry import Registry

if TYPE_CHECKING:
    from models_conformance.reference.client.ideal import IdealClient

CLIENTS: Registry[IdealClient] = Registry("models_conformance.reference.client", "the reference client")
