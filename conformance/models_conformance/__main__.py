"""`python -m models_conformance` is `models-conformance`."""

from models_conformance.cli.main import main

main()
