"""The pytest suites that ship. `pytest --pyargs models_conformance.suites.server --target URL` runs one."""
