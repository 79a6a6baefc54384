"""A folder of cassettes as a tape, in the record modes of pytest-recording.

`none` plays only. `once` records where there are no cassettes, else plays only. `new_episodes` plays what is there
and records the rest. `all` asks everything again; answers to questions that it did not ask stay. `rewrite` asks
everything again and leaves nothing of what was there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models_conformance.errors import UsageError
from models_conformance.probing.tape import Mode, RecordedWith, Tape, Taped, merged
from models_conformance.recordings.writing import cassettes_in, check_folder, read_cassettes, write_cassettes


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
