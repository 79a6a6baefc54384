"""The pytest suites that ship. `pytest --pyargs conformance.suites.server --target URL` runs one."""
