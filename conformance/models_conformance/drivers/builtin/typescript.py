"""The npm package @anthropic-ai/sdk, from 0.33.0, the first release with the Models API."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from models_conformance.drivers.builtin.fetcher import CannotFetch, Progress
from models_conformance.drivers.builtin.toolchain import PROGRAMS, exact_release, in_order, require, run_tool, told_by

_PACKAGE = "@anthropic-ai/sdk"
_ADVICE = "the TypeScript driver needs node and npm: install Node.js 18 or newer"
_OLDEST_NODE = 18
HAS_MODELS = "resources/models.mjs"
"""The file of a built package that its Models API is in."""
_REASON = re.compile(r"npm (?:error|ERR!) (?:notarget|404|network) (.+)")


class TypeScriptFetcher:
    """Fetches with npm, into a folder with the driver program beside it. Nothing is compiled and no script is run."""

    name = _PACKAGE
    aliases: tuple[str, ...] = ("typescript",)

    def newest(self) -> str:
        """The version that npm's `latest` tag names. Raises CannotFetch."""
        require_node()
        argv = ["npm", "view", _PACKAGE, "dist-tags.latest"]
        return told_by(argv, f"asking npm for the newest {_PACKAGE}", _REASON).strip()

    def versions(self) -> list[str]:
        """Every release that npm knows, pre-releases left out, the oldest first. Raises CannotFetch."""
        require_node()
        argv = ["npm", "view", _PACKAGE, "versions", "--json"]
        return in_order(json.loads(told_by(argv, f"asking npm for the releases of {_PACKAGE}", _REASON)))

    def install(self, version: str, folder: Path, progress: Progress) -> None:
        """Fetch that release into `folder`, which exists and is empty. Raises CannotFetch."""
        exact_release(_PACKAGE, version)
        require_node()
        progress(f"fetching {_PACKAGE} {version} with npm")
        self.add_package(f"{_PACKAGE}@{version}", folder, f"fetching {_PACKAGE} {version}")
        if not (folder / "node_modules" / _PACKAGE / HAS_MODELS).exists():
            raise CannotFetch(f"{_PACKAGE} {version} has no Models API; 0.33.0 is the first release that has")

    def add_package(self, what: str, folder: Path, doing: str) -> None:
        """Install a package with what it needs into `folder`, beside the driver program. Raises CannotFetch."""
        # Without a manifest here npm would install into the nearest folder above that has one.
        (folder / "package.json").write_text(json.dumps({"private": True}), encoding="utf-8")
        # A folder is packed and installed as a release is, never linked to.
        options = ["--ignore-scripts", "--install-links", "--no-audit", "--no-fund", "--no-package-lock"]
        run_tool(["npm", "install", *options, "--save-exact", what], folder, doing, _REASON)
        shutil.copy(PROGRAMS / "typescript" / "driver.mjs", folder)

    def command(self, version: str, folder: Path) -> tuple[str, ...]:
        return ("node", str(folder / "driver.mjs"))


def require_node() -> None:
    """Raises CannotFetch where there is no node, an old one, or no npm."""
    require(["node", "npm"], _ADVICE)
    version = told_by(["node", "--version"], "asking node for its version", re.compile("(.+)"))
    if (major := re.match(r"v(\d+)", version)) is None or int(major[1]) < _OLDEST_NODE:
        raise CannotFetch(f"{_ADVICE}; this is {version.strip()}")


FETCHER = TypeScriptFetcher()
