"""The reference server: the ideal as a pure model, its HTTP faces, named faults and conforming oddities."""
