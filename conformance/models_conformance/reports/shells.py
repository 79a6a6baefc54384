"""The shells that lines to reproduce are written for: how each quotes, repeats, pipes and walks from page to page."""

from __future__ import annotations

import re
import shlex
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

# What no shell acts on, and neither takes for the end of a word.
_PLAIN = re.compile(r"[A-Za-z0-9_./:=-]+")


class Shell(ABC):
    """How one shell writes what the others write otherwise. `curl` is what it calls curl."""

    curl: str
    between: str

    @abstractmethod
    def quoted(self, text: str) -> str:
        """One word that is this text, character by character."""

    @abstractmethod
    def filled(self, text: str, variables: Mapping[str, tuple[str, bool]]) -> str:
        """One word that is this text with each placeholder, a key of `variables`, replaced by the value of the
        environment variable; where the flag says so, with another last character."""

    @abstractmethod
    def again(self, line: str, times: int) -> str:
        """Run a line so many times."""

    @abstractmethod
    def piped(self, text: str, command: str) -> str:
        """Run a command with this text as its input."""

    @abstractmethod
    def walk(self, words: Sequence[str], cursor: str, first: str, end: str, most: int) -> str:
        """Ask for page after page and print each: `words` ask for one, `cursor` is added to them, at `first` where that
        is not empty, then at the member `end` of the page before; at most so many."""

    def variable(self, name: str) -> str:
        """One word that is the value of that environment variable."""
        return self.filled(name, {name: (name, False)})

    def together(self, lines: Sequence[str]) -> str:
        """Run lines one after the other."""
        return self.between.join(lines)


class Bash(Shell):
    """Bash, and each other shell of POSIX. Members are found by `sed`: no tool that reads JSON is on every machine."""

    curl, between = "curl", "; echo; "

    def quoted(self, text: str) -> str:
        return shlex.quote(text)

    def filled(self, text: str, variables: Mapping[str, tuple[str, bool]]) -> str:
        # Inside double quotes a shell still acts on these four; the variable alone is meant to be acted on.
        for character in '\\"$`':
            text = text.replace(character, "\\" + character)
        for placeholder, (name, is_changed) in variables.items():
            text = text.replace(placeholder, f"${{{name}%?}}_" if is_changed else f"${name}")
        return f'"{text}"'

    def again(self, line: str, times: int) -> str:
        return f"for n in {' '.join(map(str, range(1, times + 1)))}; do {line}; echo; done"

    def piped(self, text: str, command: str) -> str:
        return f"printf %s {self.quoted(text)} | {command}"

    def walk(self, words: Sequence[str], cursor: str, first: str, end: str, most: int) -> str:
        command = f'{" ".join(words)} ${{c:+--data-urlencode "{cursor}=$c"}}'
        found = f'printf %s "$p" | sed -n \'s/.*"{end}": *"\\([^"]*\\)".*/\\1/p\''
        more = """case $p in *'"has_more":true'*|*'"has_more": true'*) ;; *) break;; esac"""
        return (
            f"c={self.quoted(first)}; n=0; while [ $n -lt {most} ]; do n=$((n+1)); "
            f"p=$({command}); printf '%s\\n' \"$p\"; c=$({found}); {more}; done"
        )


class PowerShell(Shell):
    """PowerShell 7.3 and later, which hands quotes in a word on as they are. `curl` alone is a command of its own."""

    curl, between = "curl.exe", "; ''; "

    def quoted(self, text: str) -> str:
        if _PLAIN.fullmatch(text):
            return text
        # It takes the typographic ones for quotes, too.
        return "'" + re.sub("(['\u2018\u2019\u201a\u201b])", r"\1\1", text) + "'"

    def filled(self, text: str, variables: Mapping[str, tuple[str, bool]]) -> str:
        text = re.sub('([`"$\u201c\u201d\u201e])', r"`\1", text)
        for placeholder, (name, is_changed) in variables.items():
            value = f"$env:{name}"
            # In braces: a colon or a letter that follows is not part of the name.
            whole = f"$({value}.Substring(0, {value}.Length - 1))_" if is_changed else f"${{env:{name}}}"
            text = text.replace(placeholder, whole)
        return f'"{text}"'

    def again(self, line: str, times: int) -> str:
        return f"1..{times} | ForEach-Object {{ {line}; '' }}"

    def piped(self, text: str, command: str) -> str:
        return f"{self.quoted(text)} | {command}"

    def walk(self, words: Sequence[str], cursor: str, first: str, end: str, most: int) -> str:
        added = f"$q = @(if ($c) {{ '--data-urlencode'; \"{cursor}=$c\" }})"
        return (
            f"$c = {self.quoted(first) if first else chr(39) * 2}; foreach ($n in 1..{most}) {{ {added}; "
            f'$p = ({" ".join(words)} @q) -join "`n"; $p; $m = $p | ConvertFrom-Json; $c = $m.{end}; '
            "if (-not $m.has_more) { break } }"
        )


SHELLS: Mapping[str, Shell] = {"bash": Bash(), "powershell": PowerShell()}
"""By the names that `--shell` takes."""
BASH = SHELLS["bash"]
