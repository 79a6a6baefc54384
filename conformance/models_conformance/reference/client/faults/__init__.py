"""Named faults: wrong clients, each a small edit of the ideal. `reference.registry` says how they are written."""
