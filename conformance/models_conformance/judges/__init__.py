"""Judges: pure functions from a trace to judgements. They know no transport, and no subject."""
