"""Measurements of the suite itself; `python -m benchmarks` prints them."""
