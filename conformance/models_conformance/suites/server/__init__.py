"""The suite that judges an endpoint: one test per requirement."""
