"""Driving a client: the driver protocol, programs and objects that speak it, and the drivers that ship."""
