"""`python -m conformance` is `models-conformance`."""

from conformance.cli import main

main()
