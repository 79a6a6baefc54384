"""Conforming oddities: servers that look unusual and break no rule. Each must trip nothing."""
