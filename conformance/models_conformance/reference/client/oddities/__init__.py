"""Conforming oddities: clients that look unusual and break no rule. Each must trip nothing.

An oddity is a subclass of `IdealClient` under the decorator `registry.oddity`; the class name becomes its name and
the docstring says what is unusual.
"""
