"""What every layer may use: safe text, atomic files."""
