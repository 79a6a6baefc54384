"""From findings to causes: which faults a subject has, each named once, what is to be mended first in front."""
