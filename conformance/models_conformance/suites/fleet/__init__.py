"""One test a subject of a fleet file.

`pytest --pyargs models_conformance.suites.fleet --models-fleet fleet.toml -n 2`
"""
