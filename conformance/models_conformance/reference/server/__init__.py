"""The ideal server as a pure model, its named faults and conforming oddities."""
