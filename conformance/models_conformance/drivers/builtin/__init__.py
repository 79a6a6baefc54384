"""The drivers that ship: thin programs around released libraries, and how a release is fetched."""
