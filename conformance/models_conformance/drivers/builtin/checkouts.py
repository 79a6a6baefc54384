"""A checkout of an SDK in place of a release: the driver that ships, before the library as it stands in a folder.

Nothing in the folder is written, and no script of it is run: what has to be built there is built by whoever works
there, and one line says how. What the library needs itself is fetched as for a release, by the same package manager
and with the same options.
"""

from __future__ import annotations

import json
import re
import sysconfig
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

from models_conformance.drivers.builtin import go, java, python, typescript
from models_conformance.drivers.builtin.fetcher import CannotFetch, Fetcher, Progress
from models_conformance.drivers.builtin.toolchain import require, run_tool
from models_conformance.support.reading import read_bounded

_Prepare = Callable[[Path, Path, Progress], None]
# A name with what its versions must be: never an option of a package manager, nor a URL of something to be built.
_REQUIREMENT = re.compile(r"[A-Za-z0-9][^@\n]*")
_MODULE = re.compile(r"^module\s+\"?(\S+?)\"?\s*(?://.*)?$", re.MULTILINE)
_WORD = re.compile(r"[\w.-]+", re.ASCII)
_JAVA_MODULES = ("anthropic-java-core", "anthropic-java-client-okhttp", "anthropic-java")
_POM = "{http://maven.apache.org/POM/4.0.0}"
_MOST_BYTES = 4 << 20


def install_checkout(fetcher: Fetcher, checkout: Path, folder: Path, progress: Progress) -> None:
    """Make the driver for the library in `checkout` ready in `folder`, which exists and is empty.

    Raises CannotFetch, in one line: not a folder, a checkout of something else, not built, a tool that is missing.
    """
    prepare = _BY_NAME.get(fetcher.name)
    if prepare is None:
        raise CannotFetch(f"{fetcher.name} has no checkout: --from goes with {', '.join(_BY_NAME)}")
    if not checkout.is_dir():
        raise CannotFetch(f"--from {checkout}: {'is not a folder' if checkout.exists() else 'there is no such folder'}")
    prepare(checkout, folder, progress)


def _python(checkout: Path, folder: Path, progress: Progress) -> None:
    fetcher = python.FETCHER
    try:
        project = tomllib.loads(_text(checkout, "pyproject.toml", fetcher.name)).get("project", {})
    except tomllib.TOMLDecodeError as problem:
        raise CannotFetch(f"--from {checkout}: pyproject.toml is not TOML: {problem}") from None
    _same_project(checkout, project.get("name"), fetcher.name)
    sources = [source for source in (checkout / "src", checkout) if (source / fetcher.name / "__init__.py").is_file()]
    if not sources:
        raise CannotFetch(f"--from {checkout}: has no src/{fetcher.name}")
    wanted = project.get("dependencies")
    if not isinstance(wanted, list) or not all(isinstance(one, str) and _REQUIREMENT.fullmatch(one) for one in wanted):
        raise CannotFetch(
            f"--from {checkout}: its pyproject.toml does not list what it needs by names and versions: install it into "
            f"an environment of your own and judge {fetcher.name}@installed there"
        )
    progress(f"fetching what {checkout} needs")
    fetcher.with_packages(folder, wanted, f"fetching what {checkout} needs")
    packages = sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)})
    (Path(packages) / "checkout.pth").write_text(f"{sources[0]}\n", encoding="utf-8")


def _typescript(checkout: Path, folder: Path, progress: Progress) -> None:
    fetcher = typescript.FETCHER
    try:
        manifest = json.loads(_text(checkout, "package.json", fetcher.name))
    except ValueError as problem:
        raise CannotFetch(f"--from {checkout}: package.json is not JSON: {problem}") from None
    _same_project(checkout, manifest.get("name") if isinstance(manifest, dict) else None, fetcher.name)
    built = [place for place in (checkout / "dist", checkout) if (place / typescript.HAS_MODELS).is_file()]
    if not built or not (built[0] / "package.json").is_file():
        raise CannotFetch(f"--from {checkout}: is not built: run 'npm install && npm run build' there")
    typescript.require_node()
    progress(f"packing {built[0]} with npm")
    fetcher.add_package(str(built[0]), folder, f"packing {built[0]}")


def _go(checkout: Path, folder: Path, progress: Progress) -> None:
    fetcher = go.FETCHER
    found = _MODULE.search(_text(checkout, "go.mod", fetcher.name))
    module = found[1] if found else ""
    _same_project(checkout, re.sub(r"/v[0-9]+$", "", module), fetcher.name)
    require(["go"], go.ADVICE)
    fetcher.write_program(module, folder)
    # A path may hold what `go mod` reads as a version.
    (folder / "checkout").symlink_to(checkout, target_is_directory=True)
    doing = f"fetching what {checkout} needs"
    progress(doing)
    run_tool(["go", "mod", "edit", f"-replace={module}=./checkout"], folder, doing, go._REASON)
    major = re.search(r"/v([0-9]+)$", module)
    run_tool(["go", "get", f"{module}@v{major[1] if major else 1}.0.0"], folder, doing, go._REASON)
    fetcher.build(folder, str(checkout), progress)


def _java(checkout: Path, folder: Path, progress: Progress) -> None:
    fetcher = java.FETCHER
    if not all((checkout / module).is_dir() for module in _JAVA_MODULES):
        raise CannotFetch(
            f"--from {checkout}: is not a checkout of {fetcher.name}: it has no {', '.join(_JAVA_MODULES)}"
        )
    jars = [_jar(checkout, module) for module in _JAVA_MODULES]
    poms = [checkout / module / "build" / "publications" / "maven" / "pom-default.xml" for module in _JAVA_MODULES]
    if not all(jars) or not all(pom.is_file() for pom in poms):
        raise CannotFetch(
            f"--from {checkout}: is not built: run './gradlew jar generatePomFileForMavenPublication' there"
        )
    java.require_jdk()
    doing = f"fetching what {checkout} needs"
    progress(doing)
    needed = dict.fromkeys(artifact for pom in poms for artifact in _dependencies(checkout, pom))
    fetcher.fetch_jars(needed, folder, doing)
    for jar in filter(None, jars):
        (folder / "jars" / jar.name).symlink_to(jar)
    fetcher.compile_driver(str(checkout), folder, progress)


_BY_NAME: Mapping[str, _Prepare] = {
    python.FETCHER.name: _python,
    typescript.FETCHER.name: _typescript,
    go.FETCHER.name: _go,
    java.FETCHER.name: _java,
}


def _jar(checkout: Path, module: str) -> Path | None:
    """The jar of a module that was built last; None where none was."""
    built = (checkout / module / "build" / "libs").glob(f"{module}-*.jar")
    whole = [jar for jar in built if not jar.stem.endswith(("-sources", "-javadoc", "-tests"))]
    return max(whole, key=lambda jar: (jar.stat().st_mtime, jar.name), default=None)


def _dependencies(checkout: Path, pom: Path) -> Iterator[tuple[str, ...]]:
    """What a module needs at run time, without its siblings: group, name and version of each. Raises CannotFetch."""
    try:
        root = ElementTree.fromstring(read_bounded(pom, _MOST_BYTES))
    except (ValueError, ElementTree.ParseError) as problem:
        raise CannotFetch(f"--from {checkout}: {pom.name} cannot be read: {problem}") from None

    def listed(place: str) -> list[dict[str, str]]:
        entries = root.findall(f"{_POM}{place.replace('/', '/' + _POM)}/{_POM}dependency")
        return [{member.tag.removeprefix(_POM): (member.text or "").strip() for member in entry} for entry in entries]

    managed = {
        (entry.get("groupId"), entry.get("artifactId")): entry.get("version", "")
        for entry in listed("dependencyManagement/dependencies")
    }
    for entry in listed("dependencies"):
        group, name = entry.get("groupId", ""), entry.get("artifactId", "")
        if group == java.FETCHER.name.partition(":")[0] or entry.get("scope", "compile") not in ("compile", "runtime"):
            continue
        artifact = (group, name, entry.get("version") or managed.get((group, name), ""))
        if not all(map(_WORD.fullmatch, artifact)):
            raise CannotFetch(f"--from {checkout}: {pom} gives no exact version of {group}:{name}"[:300])
        yield artifact


def _text(checkout: Path, name: str, wanted: str) -> str:
    """A file at the top of the checkout. Raises CannotFetch."""
    path = checkout / name
    if not path.exists():
        raise CannotFetch(f"--from {checkout}: is not a checkout of {wanted}: it has no {name}")
    try:
        return read_bounded(path, _MOST_BYTES).decode("utf-8")
    except ValueError as problem:
        raise CannotFetch(f"--from {checkout}: {name} cannot be read: {problem}") from None


def _same_project(checkout: Path, name: object, wanted: str) -> None:
    if name != wanted:
        raise CannotFetch(f"--from {checkout}: is a checkout of {str(name)[:80]!a}, not of {wanted}")
