"""Named faults: wrong clients, each a small edit of the ideal, each a mistake that released clients have made or could.

A fault is a subclass of `IdealClient` under the decorator of its area (`registry.area`): the class name is the wrong
claim and becomes the fault's name, the docstring says what is wrong, and the arguments are the requirements that it
must trip.
"""
