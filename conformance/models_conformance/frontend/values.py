"""From what a user gave for an option to its value: one reader and one wording for every frontend.

Every problem is a UsageError of one line that begins with the option as its frontend spells it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from models_conformance.contract.versions import LISTED, OLDEST, VERSION_HEADER, is_judged
from models_conformance.errors import UsageError
from models_conformance.evidence.exchange import TOKEN
from models_conformance.frontend.configuration import configured
from models_conformance.frontend.option import Command, Option
from models_conformance.frontend.options import options_of
from models_conformance.support.reading import UnreadableError, read_bounded

_Number = TypeVar("_Number", int, float)

# RFC 9110, 5.5: what every recipient accepts in a header value.
_VALUE = re.compile(r"[\t\x20-\x7e]*")
# No server takes a longer header line.
_MOST_BYTES = 1 << 16
_VARIABLE = re.compile(r"\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})")
# RFC 9110, 11.4: credentials are a scheme and what follows it.
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9-]*[ \t]+)([@$].*)", re.DOTALL)
_DAY_OR_MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?")


@dataclass(frozen=True, slots=True)
class Values:
    """The options of one run of `command`, by attribute.

    `given` holds what the user gave on the frontend itself, `assumed` what holds instead of the default where they gave
    nothing: from the environment, or from the recording that is played. `is_library`: they are arguments of a function.
    """

    command: Command
    given: Mapping[str, Any]
    assumed: Mapping[str, Any]
    is_library: bool = False

    def __getitem__(self, attribute: str) -> Any:
        """The value, or the default for a server. Raises KeyError for what the command does not have."""
        return self.get(attribute, "server")

    def get(self, attribute: str, subject: str) -> Any:
        """The value, or the default for that kind of subject. Raises KeyError for what the command does not have."""
        option = self.option(attribute)
        for values in (self.given, self.assumed):
            if attribute in values:
                return values[attribute]
        if option.kind == "flag":
            return False
        return () if option.repeatable else option.default_for(subject)

    def option(self, attribute: str) -> Option:
        """The declaration. Raises KeyError."""
        for option in options_of(self.command):
            if option.attribute == attribute:
                return option
        raise KeyError(attribute)

    def name(self, attribute: str) -> str:
        """The option as the frontend spells it."""
        return name_of(self.option(attribute), self.command, self.is_library)


def name_of(option: Option, command: Command, is_library: bool = False) -> str:
    """An option as a frontend spells it."""
    if is_library:
        return option.attribute
    return option.pytest_name if command == "pytest" else option.name


class GivenHeader(NamedTuple):
    """A header that goes with each request. `is_secret` where its value stood elsewhere than on the command line."""

    name: str
    value: str
    is_secret: bool = False


def read_values(command: Command, raw: Mapping[str, Any], environment: Mapping[str, str] | None) -> Values:
    """The values of what a frontend took, by attribute: texts, or a sequence of them, or None where nothing was given.

    With `environment` None, as for the library, every value means itself: no key or header is looked up elsewhere, and
    no configuration is read. Raises UsageError.
    """
    given: dict[str, Any] = {}
    is_library = environment is None
    assumed = _configured(command, environment) if environment is not None else {}
    for option in options_of(command):
        name, value = name_of(option, command, is_library), raw.get(option.attribute)
        if value if option.kind == "flag" or option.repeatable else value is not None:
            given[option.attribute] = _read_whole(option, value, name, environment)
        elif option.variable is not None and environment is not None and option.variable in environment:
            assumed[option.attribute] = read_value(option, environment[option.variable], name)
    values = Values(command, given, assumed, is_library)
    return _again(values) if {"again"} & {*given, *assumed} else values


def _configured(command: Command, environment: Mapping[str, str]) -> dict[str, Any]:
    """What the configuration of the current folder says. Raises UsageError, which names its file."""
    file, configuration = configured(command, Path())
    options = {option.attribute: option for option in options_of(command)}
    try:
        return {
            attribute: _read_whole(options[attribute], value, options[attribute].name, environment)
            for attribute, value in configuration.items()
        }
    except UsageError as error:
        raise UsageError(f"{file}: {error}") from None


def _read_whole(option: Option, value: Any, name: str, environment: Mapping[str, str] | None) -> Any:
    """The value of a flag, of an option that is given once, or of one that may be given several times."""
    if option.kind == "flag":
        return bool(value)
    if option.repeatable:
        return tuple(_read_given(option, item, name, environment) for item in value)
    return _read_given(option, value, name, environment)


def _again(values: Values) -> Values:
    """What failed in an earlier run, asked as it was then. Raises UsageError."""
    failed, seed = values["again"]
    if values["only"]:
        raise UsageError(f"{values.name('again')} and {values.name('only')} both say what is judged")
    return replace(values, given={**values.given, "only": failed}, assumed={"seed": seed, **values.assumed})


def read_value(option: Option, text: str, name: str) -> Any:
    """One value of an option that is spelled `name`. Raises UsageError."""
    return _READERS[option.kind](option, text, name)


def _read_given(option: Option, given: object, name: str, environment: Mapping[str, str] | None) -> Any:
    value = read_value(option, str(given), name)
    if environment is None or value is None:
        return value
    if option.kind == "key":
        return read_key(_looked_up(value, name, environment)[0])
    if option.kind == "header":
        look_up = _credentials_looked_up if value.name.lower().endswith("authorization") else _looked_up
        text, is_secret = look_up(value.value, f"{name} {value.name}", environment)
        return _read_header(option, f"{value.name}:{text}", name)._replace(is_secret=is_secret)
    return value


def _looked_up(text: str, what: str, environment: Mapping[str, str]) -> tuple[str, bool]:
    """What `text` stands for, and whether it stood elsewhere: a command line only points to a secret, which so stands
    in no list of processes. `what` names it in a message. Raises UsageError.

    `@FILE` is what the file holds, `$NAME` or `${NAME}` what that variable of the environment does. `@@` and `$$` begin
    a value that begins with `@` or `$`. Messages show neither: it may be a secret that begins like that by chance.
    """
    if text.startswith(("@@", "$$")):
        return text[1:], False
    if text.startswith("@"):
        return _content(text[1:], what), True
    match = _VARIABLE.fullmatch(text)
    if match is None:
        return text, False
    value = environment.get(match[1] or match[2], "").strip()
    if not value:
        raise UsageError(f"{what}: the environment variable that it names is not set; $$ begins a value that begins so")
    return value, True


def _credentials_looked_up(text: str, what: str, environment: Mapping[str, str]) -> tuple[str, bool]:
    """As `_looked_up`, of credentials: a scheme may stand before it. Raises UsageError."""
    match = _SCHEME.fullmatch(text)
    if match is None:
        return _looked_up(text, what, environment)
    value, was_elsewhere = _looked_up(match[2], what, environment)
    return match[1] + value, was_elsewhere


def _content(path: str, what: str) -> str:
    try:
        value = read_bounded(path, _MOST_BYTES).decode("utf-8").strip()
    except UnreadableError as problem:
        raise UsageError(f"{what}: the file that it names {problem}; @@ begins a value that begins so") from None
    except UnicodeDecodeError:
        raise UsageError(f"{what}: the file that it names is not UTF-8") from None
    if not value:
        raise UsageError(f"{what}: the file that it names is empty")
    return value


def _read_path(option: Option, text: str, name: str) -> str | Path:
    is_folder = option.kind == "folder"
    if not text:
        raise UsageError(f"{name} needs the name of a {'folder' if is_folder else 'file'}")
    return Path(text) if is_folder else text


def _read_within(option: Option, text: str, name: str, parse: Callable[[str], _Number], what: str) -> _Number:
    least, most = option.least, option.most
    try:
        number = parse(text)
        # No comparison holds for a NaN, so it is within nothing that has a bound.
        if (least is None or number >= least) and (most is None or number <= most):
            return number
    except ValueError:
        pass
    bounds = "" if least is None else f" from {least:g} on" if most is None else f" from {least:g} to {most:g}"
    raise UsageError(f"{name} {text}: expected {what}{bounds}")


def _read_choice(option: Option, text: str, name: str) -> str:
    if text not in option.choices:
        raise UsageError(f"{name} {text}: expected {' or '.join(option.choices)}")
    return text


def read_key(text: str | None) -> str | None:
    """The API key, None where it is empty. Raises UsageError, which does not show the key."""
    if text and not (_VALUE.fullmatch(text) and text == text.strip()):
        raise UsageError("the API key holds blanks at an end, control characters or non-ASCII characters")
    return text or None


def _read_header(_option: Option, text: str, name: str) -> GivenHeader:
    """Name and value. The error shows the name only, once it is one: the rest may be a secret."""
    field, colon, value = text.partition(":")
    if not colon:
        raise UsageError(f"{name}: there is no colon in it; expected 'Name: value'")
    if not TOKEN.fullmatch(field):
        raise UsageError(f"{name}: the part before the colon is not a header name; expected 'Name: value'")
    if not _VALUE.fullmatch(value):
        raise UsageError(f"{name}: the value of {field} holds control characters or non-ASCII characters")
    return GivenHeader(field, value.strip())


def _read_alias(_option: Option, text: str, name: str) -> tuple[str, str | None]:
    alias, equals, model_id = text.partition("=")
    if not alias or (equals and not model_id):
        raise UsageError(f"{name} {text!a}: expected NAME or NAME=ID")
    return alias, model_id or None


def _read_version(_option: Option, text: str, name: str) -> str:
    if not is_judged(text):
        raise UsageError(f"{name} {text[:40]!a}: expected a date from {OLDEST} on, such as {max(LISTED)}")
    return text


def _read_certificate(_option: Option, text: str, name: str) -> tuple[str, str | None]:
    """The file of a certificate and that of its key, None where it is the same."""
    certificate, colon, key = text.rpartition(":")
    # A colon may be part of a name, such as of a drive.
    if not colon or Path(text).exists():
        certificate, key = text, ""
    if not certificate or (colon and not key and text.endswith(":")):
        raise UsageError(f"{name} {text!a}: expected FILE or FILE:KEY")
    return certificate, key or None


def _read_date(_option: Option, text: str, name: str) -> str:
    if not _DAY_OR_MONTH.fullmatch(text):
        raise UsageError(f"{name} {text[:40]!a}: expected a date such as 2026-10-21, or a month such as 2026-10")
    return text


def _read_result(_option: Option, text: str, name: str) -> tuple[tuple[str, ...], int]:
    """The ids of what failed in a result, and its seed."""
    # Results and their schema: only a run that goes on from one reads it.
    from models_conformance.matrix.result_files import read_result

    try:
        result = read_result(text).result
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from None
    failed = tuple(entry.requirement.id for entry in result.requirements if entry.verdict in ("fail", "error"))
    if not failed:
        raise UsageError(f"{name}: nothing failed in {text}; leave the option out")
    return failed, result.run.seed


_READERS: Mapping[str, Callable[[Option, str, str], Any]] = {
    "text": lambda _option, text, _name: text,
    "file": _read_path,
    "output": _read_path,
    "folder": _read_path,
    "integer": lambda option, text, name: _read_within(option, text, name, int, "a whole number"),
    "number": lambda option, text, name: _read_within(option, text, name, float, "a number"),
    "choice": _read_choice,
    "key": lambda _option, text, _name: read_key(text),
    "header": _read_header,
    "alias": _read_alias,
    "version": _read_version,
    "certificate": _read_certificate,
    "date": _read_date,
    "result": _read_result,
}


def api_version(values: Values) -> str | None:
    """The API version that was asked for, by its own option or as a header; None where neither was.

    Raises UsageError where the two say different things.
    """
    version: str | None = values["api_version"]
    if not any(option.attribute == "headers" for option in options_of(values.command)):
        return version
    option, name = values.option("api_version"), values.name("headers")
    for header in values["headers"]:
        if header.name.lower() == VERSION_HEADER:
            named = read_value(option, header.value, f"{name} {VERSION_HEADER}:")
            if version not in (None, named):
                raise UsageError(f"{values.name('api_version')} says {version}, and {name} says {named}")
            version = named
    return version


def aliases_of(pairs: Iterable[tuple[str, str | None]], name: str) -> dict[str, str | None]:
    """Aliases as a mapping. Raises UsageError where one is given twice, with different ids."""
    aliases: dict[str, str | None] = {}
    for alias, model_id in pairs:
        if alias in aliases and aliases[alias] != model_id:
            raise UsageError(f"{name} {alias!a} is given twice, with different ids")
        aliases[alias] = model_id
    return aliases
