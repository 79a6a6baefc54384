"""Waivers: known deviations that a run shows and does not fail on, each with a reason and an end."""
