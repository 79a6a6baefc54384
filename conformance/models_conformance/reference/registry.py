"""The registry of what the references can be besides the ideal: wrong (faults) or unusual (oddities).

A variant is the ideal with one of its methods taken by a function, or a subclass of it where it differs in more than
that. Its name says what is wrong or unusual and becomes the variant's name, its docstring says it in a sentence.

    @SERVERS.faults_in(Behaviour.find, "retrieve-listed-id-succeeds")
    class _NotFound(Behaviour):
        def retrieval_is_not_implemented(self, parsed: ParsedRequest) -> Model | None:
            \"""Every retrieval is answered 404.\"""
            return None

    @SERVERS.fault("list-envelope-is-complete")
    class ListHasTheOpenaiShape(Behaviour):
        \"""The list is {"object": "list", "data": [...]} with models of the other API.\"""

Where variants differ in a value alone, the class of them all holds it as an attribute, and they are rows of a table:

    CLIENTS.faults_of(
        _Refusing,
        "client-answer-is-accepted",
        ("refuses-the-epoch", "A date of 1970 is refused as impossible.", {"refused": "^1970"}),
    )

A fault has one root: the requirement that names it best. What else it trips is computed, never written by hand
(`fault_matrix.json`), and follows from the root by the rules of `consequences`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import FunctionType
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from models_conformance.errors import UsageError
from models_conformance.support.suggestions import did_you_mean

IDEAL = "ideal"

Ideal = TypeVar("Ideal")
Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")
Row = tuple[str, str, Mapping[str, Any]]
"""A variant that differs in values alone: its name, what is wrong or unusual, and the attributes that it has."""

Method = Callable[Concatenate[Any, Parameters], Returned]
_Replacing = Callable[[Method[Parameters, Returned]], Method[Parameters, Returned]]


class UnknownVariant(UsageError):
    """A name that no fault and no oddity has; the message offers the names that are close."""


def unknown_variant(title: str, name: str, known: Iterable[str]) -> UnknownVariant:
    """The error for a name that is not among the known ones."""
    hint = did_you_mean(name, known) or "`models-conformance faults` lists them"
    return UnknownVariant(f"{title} has no fault or oddity named {name!a}; {hint}")


@dataclass(frozen=True, slots=True)
class Variant(Generic[Ideal]):
    """A wrong reference, or one that is correct but unusual: then it has no `root`."""

    name: str
    about: str
    root: str | None
    implementation: type[Ideal]


class Registry(Generic[Ideal]):
    """The faults and oddities of one reference: of the modules in `PACKAGE.faults` and `PACKAGE.oddities`."""

    def __init__(self, package: str, title: str) -> None:
        self.title = title
        self._package = package
        self._variants: dict[str, Variant[Ideal]] = {}
        self._complete = False

    def fault(self, root: str) -> Callable[[type[Ideal]], type[Ideal]]:
        """The decorator that registers a fault. `root` is the id of the requirement that names it best.

        Registering raises ValueError for a name that is taken and for a class without a docstring.
        """
        return lambda implementation: self._add(implementation, root)

    def oddity(self, implementation: type[Ideal]) -> type[Ideal]:
        """Register an oddity. Raises ValueError for a name that is taken and for a class without a docstring."""
        return self._add(implementation, None)

    def fault_in(self, method: Method[Parameters, Returned], root: str) -> _Replacing[Parameters, Returned]:
        """As `fault`, for a function that is called in place of `method` of the class that its `self` is said to be.

        Raises ValueError where that class has another method of that name.
        """
        return lambda function: self._replace(method, function, root)

    def oddity_in(self, method: Method[Parameters, Returned]) -> _Replacing[Parameters, Returned]:
        """As `oddity`, for a function that is called in place of `method`: see `fault_in`."""
        return lambda function: self._replace(method, function, None)

    def faults_in(self, method: Callable[..., Any], root: str) -> Callable[[type[Ideal]], type[Ideal]]:
        """As `fault`, for each function of a class: a variant has it in place of `method`, which the class inherits.

        Raises ValueError where the class has another method of that name, and for a function of other arguments.
        """
        return lambda group: self._replace_each(method, group, root)

    def oddities_in(self, method: Callable[..., Any]) -> Callable[[type[Ideal]], type[Ideal]]:
        """As `oddity`, for each function of a class: see `faults_in`."""
        return lambda group: self._replace_each(method, group, None)

    def faults_of(self, base: type[Ideal], root: str, *rows: Row) -> None:
        """As `fault`, for each row: `base` with other attributes. Raises ValueError for one that `base` has not."""
        self._vary(base, rows, root)

    def oddities_of(self, base: type[Ideal], *rows: Row) -> None:
        """As `oddity`, for each row: see `faults_of`."""
        self._vary(base, rows, None)

    def faults(self) -> Mapping[str, Variant[Ideal]]:
        """Every fault by name."""
        return {name: variant for name, variant in self._all().items() if variant.root is not None}

    def oddities(self) -> Mapping[str, Variant[Ideal]]:
        """Every oddity by name."""
        return {name: variant for name, variant in self._all().items() if variant.root is None}

    def names(self) -> tuple[str, ...]:
        """The ideal, every fault and every oddity."""
        return (IDEAL, *self._all())

    def variant(self, name: str) -> Variant[Ideal] | None:
        """The fault or oddity of that name; None for the ideal. Raises UnknownVariant."""
        if name == IDEAL:
            return None
        if name not in self._all():
            raise unknown_variant(self.title, name, self.names())
        return self._all()[name]

    def _replace(self, method: Any, function: Any, root: str | None) -> Any:
        self._replace_in(function.__globals__[function.__annotations__["self"]], method, function, root)
        return function

    def _replace_each(self, method: Any, group: type[Ideal], root: str | None) -> type[Ideal]:
        for function in [member for member in vars(group).values() if isinstance(member, FunctionType)]:
            self._replace_in(group, method, function, root)
        return group

    def _replace_in(self, owner: type[Ideal], method: Any, function: FunctionType, root: str | None) -> None:
        name: str = method.__name__
        if getattr(owner, name, None) is not method:
            raise ValueError(f"{function.__name__}: its class has another {name}")
        if _arguments(function) != _arguments(method):
            raise ValueError(f"{function.__name__}: {name} takes other arguments")
        members = {name: function, "__doc__": function.__doc__, "__module__": function.__module__}
        self._register(function.__name__.replace("_", "-"), type(function.__name__, (owner,), members), root)

    def _vary(self, base: type[Ideal], rows: Iterable[Row], root: str | None) -> None:
        for name, about, attributes in rows:
            if lacking := [attribute for attribute in attributes if not hasattr(base, attribute)]:
                raise ValueError(f"{name}: {base.__name__} has no {lacking[0]}")
            members = {**attributes, "__doc__": about, "__module__": base.__module__}
            self._register(name, type(name, (base,), members), root)

    def _add(self, implementation: type[Ideal], root: str | None) -> type[Ideal]:
        # A number is a word of its own.
        name = "-".join(re.findall(r"[A-Z][a-z]*|[0-9]+", implementation.__name__)).lower()
        self._register(name, implementation, root)
        return implementation

    def _register(self, name: str, implementation: type[Ideal], root: str | None) -> None:
        if name in self._variants or not implementation.__doc__:
            raise ValueError(f"{name} is registered twice or has no docstring")
        self._variants[name] = Variant(name, " ".join(implementation.__doc__.split()), root, implementation)

    def _all(self) -> Mapping[str, Variant[Ideal]]:
        if not self._complete:
            for kind in ("faults", "oddities"):
                package = import_module(f"{self._package}.{kind}")
                for module in sorted(module.name for module in iter_modules(package.__path__)):
                    import_module(f"{package.__name__}.{module}")
            self._complete = True
        return self._variants


def _arguments(function: Any) -> tuple[str, ...]:
    return tuple(function.__code__.co_varnames[: function.__code__.co_argcount])
