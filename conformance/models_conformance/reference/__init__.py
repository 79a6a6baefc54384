"""The ideal server and the ideal client as pure models, their named faults and conforming oddities."""
