"""A folder of cassettes as a tape, in the record modes of pytest-recording: read, played, and written again.

`none` plays only. `once` records where there are no cassettes, else plays only. `new_episodes` plays what is there
and records the rest. `all` asks everything again; answers to questions that it did not ask stay. `rewrite` asks
everything again and leaves nothing of what was there.

The files have the format of vcrpy and pytest-recording, so that other tools read them; three things are added
that these pass over: `recorded_with` (the settings of the run), and `failure` beside a `response` of null, for an
exchange that had no whole answer. Nothing in a file depends on when or on which machine it was recorded.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast, get_args

import yaml

from models_conformance.errors import UsageError
from models_conformance.evidence.exchange import Failure, FailureKind, Response, reason_phrase
from models_conformance.probing.tape import Mode, RecordedWith, Tape, Taped, merged
from models_conformance.recordings import files
from models_conformance.recordings.bodies import recorded_bytes
from models_conformance.recordings.cassettes import RECORDED_WITH
from models_conformance.recordings.entries import read_headers, read_request, read_status
from models_conformance.recordings.plain import Members, Value, read_yaml
from models_conformance.recordings.problems import Location
from models_conformance.support.files import cannot_be_written

_SUFFIXES = (".yaml", ".yml")
_FAILURES: tuple[str, ...] = get_args(FailureKind)
# One line a body, however long it is: folded JSON is no easier to read, and cannot be searched.
_WIDTH = 1 << 30
_DUMPER = cast("type[yaml.SafeDumper]", getattr(yaml, "CSafeDumper", yaml.SafeDumper))
# When something was sent says nothing of the contract, and would make every recording another.
_TIMES = frozenset({"date"})
_NEVER_SENT = frozenset({"host"})


@dataclass(frozen=True, slots=True)
class Cassettes:
    """A folder in one of the modes. `option` is what the user named it with, for messages."""

    folder: Path
    mode: Mode
    option: str
    recorded: tuple[Taped, ...]
    recorded_with: RecordedWith | None

    @property
    def plays_only(self) -> bool:
        """Whether nothing may be sent."""
        return self.mode == "none" or (self.mode == "once" and bool(self.recorded))

    def tape(self) -> Tape:
        """A tape from its beginning."""
        plays = self.mode not in ("all", "rewrite")
        return Tape(self.recorded if plays else (), self.recorded_with if plays else None, sends=not self.plays_only)

    def save(self, tape: Tape, settings: RecordedWith) -> list[Path]:
        """Keep what a run on the tape recorded; nothing is written where that is nothing new.

        Returns the files that were written. Raises UsageError where they cannot be.
        """
        if self.plays_only or not tape.new:
            return []
        if self.mode == "all":
            taped = merged(tape.kept, self.recorded, replaced=True)
        else:
            taped = merged(tape.kept, tape.left(), replaced=False)
        return write_cassettes(taped, settings, self.folder, self.option)


def open_cassettes(folder: Path, mode: Mode, option: str) -> Cassettes:
    """Read the cassettes that the mode needs.

    Raises UsageError where there are none and nothing may be sent, where they cannot be read (RecordingError),
    and where a recording could not be written to the folder.
    """
    if mode == "rewrite":
        recorded, settings = list[Taped](), None
    else:
        recorded, settings = read_cassettes(folder)
    found = Cassettes(folder, mode, option, tuple(recorded), settings)
    if mode == "none" and not cassettes_in(folder):
        raise UsageError(
            f"{option} {folder}: there are no cassettes; `models-conformance record URL -o {folder}` makes them"
        )
    if not found.plays_only:
        check_folder(folder, option, overwrite=True)
    return found


def is_cassette_file(path: Path) -> bool:
    """Whether a file is, by its name, a cassette."""
    return path.suffix.lower() in _SUFFIXES and not path.name.startswith(".")


def cassettes_in(folder: Path) -> list[Path]:
    """The cassettes of a folder, in the order of the run. None where it is not there. Raises RecordingError."""
    try:
        return sorted(path for path in folder.iterdir() if is_cassette_file(path))
    except FileNotFoundError:
        return []
    except OSError as problem:
        raise Location(str(folder)).refused(f"cannot be read: {problem.strerror or problem}") from None


def check_folder(folder: Path, option: str, overwrite: bool) -> None:
    """Raises UsageError, in one line that names `option`, where a recording cannot be put there.

    A folder that holds anything else than cassettes is never taken: it is replaced as a whole.
    """
    try:
        why = _why_not_there(folder, overwrite)
    except (OSError, ValueError) as problem:
        raise cannot_be_written(folder, option, problem) from None
    if why is not None:
        raise UsageError(f"{option} {folder}: {why}")


def _why_not_there(folder: Path, overwrite: bool) -> str | None:
    if folder.exists() and not folder.is_dir():
        return "is a file, expected the name of a folder"
    if Path.cwd().resolve().is_relative_to(folder.resolve()):
        return "is the current folder or one around it; give a folder of its own"
    held = sorted(folder.iterdir()) if folder.exists() else []
    foreign = [path.name for path in held if not is_cassette_file(path) or not path.is_file()]
    if foreign:
        return f"holds other things than cassettes ({foreign[0]!a}); give another folder"
    if held and not overwrite:
        return "holds cassettes already; --overwrite replaces them"
    parent = next(parent for parent in folder.resolve().parents if parent.exists())
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        return f"nothing can be written in {parent}"
    return None


def write_cassettes(taped: Iterable[Taped], settings: RecordedWith, folder: Path, option: str) -> list[Path]:
    """Write a recording, a file for each phase; whatever was in the folder is replaced by it.

    Everything is written beside the folder first and moved in place at the end: whoever interrupts this finds
    the old recording whole. Returns the files. Raises UsageError where it cannot be written.
    """
    target = Path(os.path.realpath(folder))
    token = secrets.token_hex(6)
    fresh, old = (target.parent / f".{target.name}-{token}.{end}" for end in ("part", "old"))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.mkdir()
        try:
            for name, text in rendered(taped, settings).items():
                (fresh / name).write_text(text, encoding="utf-8", newline="\n")
            if target.exists():
                target.rename(old)
            fresh.rename(target)
        finally:
            if old.exists() and not target.exists():
                # Stopped between the two moves.
                old.rename(target)
            shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
    except (OSError, ValueError) as problem:
        raise cannot_be_written(folder, option, problem) from None
    return cassettes_in(target)


def rendered(taped: Iterable[Taped], settings: RecordedWith) -> dict[str, str]:
    """The files of a recording by name, each as its text; equal recordings give equal texts."""
    phases: dict[str, list[dict[str, Any]]] = {}
    for exchange in taped:
        phases.setdefault(exchange.phase, []).append(_interaction(exchange))
    recorded_with = {
        "seed": settings.seed,
        "examples": settings.examples,
        "max_requests": settings.max_requests,
        # A list: their order says which of them are asked for.
        "aliases": [{"name": name, "id": target} for name, target in settings.aliases.items()],
        "credential": settings.credential,
    }
    return {
        f"{phase}.yaml": yaml.dump(
            {"interactions": interactions, RECORDED_WITH: recorded_with, "version": 1},
            Dumper=_NoAliases,
            sort_keys=True,
            allow_unicode=True,
            default_flow_style=False,
            width=_WIDTH,
        )
        for phase, interactions in sorted(phases.items())
    }


class _NoAliases(_DUMPER):  # type: ignore[misc, valid-type]
    """Equal bodies are one object in memory; readers of a file want to see each where it was."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _interaction(taped: Taped) -> dict[str, Any]:
    request, response = taped.request, taped.response
    sent = [line for line in request.headers if line[0].lower() not in _NEVER_SENT]
    members: dict[str, Any] = {
        "request": {"body": None, "headers": _lines(sent), "method": request.method, "uri": request.url},
        "response": _response(response) if response is not None else None,
    }
    if taped.failure is not None:
        # A reader of cassettes must not take what was cut short for an answer.
        failure = {"kind": taped.failure.kind, "detail": taped.failure.detail, "response": members["response"]}
        members |= {"response": None, "failure": failure}
    return members


def _response(response: Response) -> dict[str, Any]:
    headers = [line for line in response.headers if line[0].lower() not in _TIMES]
    return {
        "body": {"string": _text(response.body)},
        "headers": _lines(headers),
        "status": {"code": response.status, "message": reason_phrase(response.status)},
    }


def _text(body: bytes) -> str | bytes:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body


def _lines(headers: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    lines: dict[str, list[str]] = {}
    for name, value in headers:
        lines.setdefault(name, []).append(value)
    return lines


def read_cassettes(folder: Path) -> tuple[list[Taped], RecordedWith | None]:
    """Every exchange of a folder of cassettes in order, and the settings of the run where a file says.

    Unlike `reading`, which takes evidence from anybody's recordings, nothing is left out or made sense of.
    Raises RecordingError, in one line with file and position.
    """
    taped: list[Taped] = []
    settings: RecordedWith | None = None
    for path in cassettes_in(folder):
        where = Location(str(path))
        try:
            text = files.read(path).decode("utf-8")
        except UnicodeDecodeError as problem:
            raise where.within(f"byte {problem.start}").refused("no text in UTF-8") from None
        for document in read_yaml(text, where.path):
            interactions = document.get("interactions") if isinstance(document, Members) else None
            if not isinstance(interactions, list):
                raise where.refused("no cassette: there is no list of interactions")
            settings = settings or _recorded_with(document.get(RECORDED_WITH), where.within(RECORDED_WITH))
            taped += (
                _taped(interaction, path.stem, where.within(f"interaction {number}"))
                for number, interaction in enumerate(interactions, 1)
            )
    return taped, settings


def _taped(interaction: Value, phase: str, where: Location) -> Taped:
    request = interaction.get("request") if isinstance(interaction, Members) else None
    if not isinstance(request, Members):
        raise where.refused("has no request")
    headers = read_headers(request.get("headers"), where)
    spec = replace(read_request(request.get("method"), request.get("uri"), where), headers=headers)
    failure = interaction.get("failure")
    if failure is None:
        return Taped(phase, spec, _read_response(interaction.get("response"), where))
    if not isinstance(failure, Members) or failure.get("kind") not in _FAILURES:
        raise where.refused("the failure is none that is known")
    kind = cast(FailureKind, failure["kind"])
    partial = failure.get("response")
    response = _read_response(partial, where) if partial is not None else None
    return Taped(phase, spec, response, Failure(kind, str(failure.get("detail") or "")))


def _read_response(response: Value, where: Location) -> Response:
    if not isinstance(response, Members):
        raise where.refused("has no response")
    status = response.get("status")
    code = status.get("code") if isinstance(status, Members) else status
    headers = read_headers(response.get("headers"), where)
    body = recorded_bytes(response.get("body"), where)
    return Response(read_status(code, where), headers, body or b"")


def _recorded_with(value: Value, where: Location) -> RecordedWith | None:
    if value is None:
        return None
    wrong = where.refused("is not what a recording of this suite says there")
    if not isinstance(value, Members) or value.get("credential", "key") not in ("key", "bearer"):
        raise wrong
    aliases: dict[str, str | None] = {}
    for alias in value.get("aliases") or []:
        if not isinstance(alias, Members) or not isinstance(alias.get("name"), str):
            raise wrong
        target = alias.get("id")
        if target is not None and not isinstance(target, str):
            raise wrong
        aliases[alias["name"]] = target
    numbers: dict[str, int] = {}
    for name, least in (("seed", None), ("examples", 0), ("max_requests", 1)):
        text = value.get(name)
        if not isinstance(text, str) or not re.fullmatch(r"-?[0-9]{1,100}", text):
            raise wrong
        numbers[name] = int(text)
        if least is not None and numbers[name] < least:
            raise wrong
    return RecordedWith(**numbers, aliases=aliases, credential=value.get("credential", "key"))
