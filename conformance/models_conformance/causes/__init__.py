"""From findings to causes: which faults a subject has, each named once, what to fix first in front."""
