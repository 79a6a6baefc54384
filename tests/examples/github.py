"""GitHub's part in a workflow, as much of it as the examples use: expressions, steps, actions, outputs, artefacts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

import yaml

from tests.examples.shell import BASH, PLAIN, ROOT, Ran, Shell

ACTION = "OWNER/models-conformance@"
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def loaded(path: Path) -> dict[str, Any]:
    """A YAML file as GitHub reads it: `on` is not a boolean."""
    found: dict[str, Any] = yaml.load(path.read_text(), Loader=yaml.BaseLoader)
    return found


@dataclass(slots=True)
class Github:
    """One run of a workflow, or of the action alone.

    `instead` replaces values that lead to a network: addresses, and releases of SDKs. `installed` saves
    the action's first step: the outputs that it had in another run.
    """

    shell: Shell
    contexts: dict[str, Any] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)
    installed: Mapping[str, str] | None = None
    output: str = ""

    @property
    def artifacts(self) -> Path:
        """Where uploaded artefacts are, a folder each."""
        return self.shell.temporary / "artifacts"

    @property
    def summary(self) -> Path:
        """The job's summary, of all steps so far."""
        return self.shell.temporary / "summary.md"

    def job(self, steps: list[dict[str, Any]], **contexts: Any) -> int:
        """Run the steps of a job; the exit code of the first that fails it, or 0."""
        self.contexts |= contexts | {"steps": {}}
        failed = 0
        for step in steps:
            if failed and "if" not in step:
                continue
            if "if" in step and not self._holds(step["if"]):
                continue
            ran, outputs = self._step(step)
            self.contexts["steps"][step.get("id", "")] = {"outputs": outputs}
            if ran and step.get("continue-on-error") != "true":
                failed = failed or ran
        return failed

    def action(self, inputs: Mapping[str, str], env: Mapping[str, str] | None = None) -> tuple[int, dict[str, str]]:
        """Run the action: the exit code of the step that fails it, or 0, and its outputs."""
        action = loaded(ROOT / "action.yml")
        unknown = inputs.keys() - action["inputs"].keys()
        assert not unknown, f"the action has no such input: {unknown}"
        given = {name: inputs.get(name, entry.get("default", "")) for name, entry in action["inputs"].items()}
        inner = Github(self.shell, {"inputs": given, "steps": {}}, self.instead)
        code = 0
        for step in action["runs"]["steps"]:
            if step["id"] == "install" and self.installed is not None:
                outputs: Mapping[str, str] = self.installed
            else:
                code, outputs = inner._step({**step, "env": {**(env or {}), **step["env"]}})
            inner.contexts["steps"][step["id"]] = {"outputs": outputs}
            if code:
                break
        self.output += inner.output
        return code, {name: inner.value(entry["value"]) for name, entry in action["outputs"].items()}

    def value(self, text: str) -> str:
        """A text with its expressions evaluated: names with dots, empty where there is no such thing."""
        value = _EXPRESSION.sub(lambda found: self._named(found[1]), text)
        return self.instead.get(value, value)

    def _named(self, name: str) -> str:
        found: Any = reduce(lambda at, part: at.get(part, {}), name.split("."), self.contexts)
        return found if isinstance(found, str) else ""

    def _holds(self, condition: str) -> bool:
        """Nothing is ever cancelled here."""
        expression = _EXPRESSION.fullmatch(condition)
        assert expression, condition
        rest = expression[1].removeprefix("!cancelled()").removeprefix(" && ")
        if not rest:
            return True
        name, compared, nothing = rest.partition(" != ''")
        assert compared
        assert not nothing
        return self._named(name) != ""

    def _step(self, step: Mapping[str, Any]) -> tuple[int, dict[str, str]]:
        env = {name: self.value(text) for name, text in step.get("env", {}).items()}
        if "run" in step:
            ran, outputs = self._script(step["run"], env, BASH if step.get("shell") == "bash" else PLAIN)
            self.output += ran.output
            return ran.code, outputs
        given = {name: self.value(text) for name, text in step.get("with", {}).items()}
        if step["uses"].startswith(ACTION):
            return self.action(given, env)
        self._files(step["uses"], given)
        return 0, {}

    def _script(self, script: str, env: Mapping[str, str], shell: tuple[str, ...]) -> tuple[Ran, dict[str, str]]:
        outputs = self.shell.temporary / "outputs"
        outputs.write_text("")
        runner = {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_WORKFLOW": "a workflow",
            "GITHUB_REF_NAME": "main",
            "RUNNER_TEMP": str(self.shell.temporary),
        }
        ran = self.shell.run(script, {**runner, **env}, shell)
        lines = [line.partition("=") for line in outputs.read_text().splitlines()]
        return ran, {name: value for name, _, value in lines}

    def _files(self, uses: str, given: Mapping[str, str]) -> None:
        """What the actions of others do with files; those that prepare the machine find it prepared."""
        name = uses.partition("@")[0]
        if name == "actions/upload-artifact":
            source, target = self.shell.workspace / given["path"], self.artifacts / given["name"]
            target.mkdir(parents=True)
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True)
            elif source.exists():
                shutil.copy(source, target)
        elif name == "actions/download-artifact":
            shutil.copytree(self.artifacts, self.shell.workspace / given["path"])
        else:
            assert name in ("actions/checkout", "actions/setup-python", "actions/cache")
