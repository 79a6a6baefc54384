"""Conforming oddities: clients that look unusual and break no rule. Each must trip nothing."""
