"""The HTML report: one self-contained file that opens from disk and trusts nothing a subject sent."""

from models_conformance.reports.html.page import render

__all__ = ["render"]
