"""The reference client: a small correct client of the Models API, its named faults and its conforming oddities.

The suite judges clients with it as it judges servers with the reference server: every fault must trip what it names,
and no oddity may trip anything.
"""

from __future__ import annotations

from models_conformance.reference.client.registry import (
    ClientFault,
    ClientOddity,
    client_faults,
    client_oddities,
    driver_named,
)

__all__ = ["ClientFault", "ClientOddity", "client_faults", "client_oddities", "driver_named"]
