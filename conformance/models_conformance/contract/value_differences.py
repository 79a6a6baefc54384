"""How the values of a parameter or of a member of an answer changed: its enumeration, its constant."""

from __future__ import annotations

from models_conformance.contract.changes import Collector, Group, Sides
from models_conformance.contract.model import MODEL_INFO, Field, Parameter


def compare_values(about: str, old: Parameter | Field, new: Parameter | Field, sides: Sides, found: Collector) -> None:
    """Tell the changes of an enumeration. A page that does not list the values has not removed them."""
    if old.values and new.values:
        _listed(about, old, new, sides, found)
    elif old.values:
        found.add("documentation", about, f"the values of {about} are no longer listed", *sides)
    elif new.values:
        closes = isinstance(new, Parameter) and not new.open
        says = f"the values of {about} are now listed" + (", and no others are allowed" if closes else "")
        found.add("breaking" if closes else "documentation", about, says, *sides)


def _listed(about: str, old: Parameter | Field, new: Parameter | Field, sides: Sides, found: Collector) -> None:
    if isinstance(old, Field) and isinstance(new, Field) and old.const and new.const:
        _constant(about, old, new, sides, found)
    else:
        _enumeration(about, old, new, sides, found)


def _constant(about: str, old: Field, new: Field, sides: Sides, found: Collector) -> None:
    if old.const != new.const:
        found.add("breaking", about, f"{about} is now {new.const}, no longer {old.const}", *sides)
        found.reported.add(about.replace(f"{MODEL_INFO}.", "model.", 1) + ".is")


def _enumeration(about: str, old: Parameter | Field, new: Parameter | Field, sides: Sides, found: Collector) -> None:
    added = [value for value in new.values if value not in old.values]
    removed = [value for value in old.values if value not in new.values]
    grows = old.open and new.open
    if added:
        group: Group = "open_sets" if grows else "additive"
        found.add(group, about, f"{about} has {_counted(added)} more: {', '.join(added)}", *sides)
    if removed:
        says = f"{about} has {_counted(removed)} less: {', '.join(removed)}"
        found.add(_less(old, new, len(removed), grows=grows), about, says, *sides)
    if old.open != new.open:
        # A closed list of a request shuts values out; one of an answer only promises more.
        breaks = old.open if isinstance(old, Parameter) else new.open
        says = f"{about} {'may now have' if new.open else 'no longer has'} values beyond those listed"
        found.add("breaking" if breaks else "additive", about, says, *sides)


def _less(old: Parameter | Field, new: Parameter | Field, removed: int, *, grows: bool) -> Group:
    """What it means that values are gone, `grows` being whether their set was and is open."""
    # Where the new pages leave the companion pages to speak, nothing was taken back.
    if all(source.line is None for source in new.sources):
        return "documentation"
    if grows:
        return "open_sets"
    # A reader that knows more than is answered loses nothing, unless nothing that it knows is left.
    return "additive" if isinstance(old, Field) and removed < len(old.values) else "breaking"


def _counted(values: list[str]) -> str:
    return f"{len(values)} value{'s' if len(values) > 1 else ''}"
