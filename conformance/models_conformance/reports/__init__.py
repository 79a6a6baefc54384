"""Renderings of one result. Each is a pure function of a `Result` and the shipped contract."""
