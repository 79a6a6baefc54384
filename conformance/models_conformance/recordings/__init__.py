"""Recordings as evidence: files that other tools wrote, read into traces and judged without a network.

`files` finds and opens them, `plain` parses JSON and YAML into plain values, `cassettes` and `har` read what
recorders wrote into entries, `traces` makes traces of these, `judging` judges them. `trace_file` is this
project's own format, which loses nothing.
"""
