"""Named faults: wrong servers, each a small edit of the ideal.

A fault is a subclass of `Behaviour` under the decorator of its area (`registry.area`): the class name is the
wrong claim and becomes the fault's name, the docstring says what is wrong, and the arguments are the
requirements that it must trip.
"""

from __future__ import annotations

from models_conformance.reference.server.faults.registry import Fault, faults

__all__ = ["Fault", "faults"]
