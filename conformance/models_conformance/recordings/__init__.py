"""Recordings as evidence: files that other tools wrote, read into traces and judged without a network.

`files` finds and opens them, `plain` parses JSON and YAML into plain values, `dialects` has what recorders and other
tools wrote read into entries, `traces` makes traces of these. `trace_file` is this project's own format, which loses
nothing; `taping` plays and writes folders of cassettes.
"""
