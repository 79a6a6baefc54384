"""Documentation pages read into the contract."""
