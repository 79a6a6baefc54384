"""The suite that judges a client: one test per requirement."""
