"""The Maven artifact com.anthropic:anthropic-java, from 1.0.0 on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

import httpx

from models_conformance.drivers.builtin.fetcher import CannotFetch, Progress
from models_conformance.drivers.builtin.toolchain import PROGRAMS, exact_release, in_order, require, run_tool

_ARTIFACT = "com.anthropic:anthropic-java"
_METADATA = "https://repo.maven.apache.org/maven2/com/anthropic/anthropic-java/maven-metadata.xml"
_OLDEST_JAVA = "11"
_ADVICE = "the Java driver needs java, javac and mvn: install a JDK, 11 or newer, and Maven"
_REASON = re.compile(r"(Could not (?:find|transfer) .*?|Driver\.java:\d+: error.*?)(?: -> |$)")
_ASKING_SECONDS = 30.0
_MANIFEST = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>driver</groupId>
  <artifactId>driver</artifactId>
  <version>1</version>
  <dependencies>
{dependencies}
  </dependencies>
</project>
"""
_DEPENDENCY = "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>"
# The driver lives for seconds: the quick compiler and the collector without threads of its own start fastest.
_JVM = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")


class JavaFetcher:
    """Fetches with Maven, which honours the user's settings.xml, and compiles the driver with javac."""

    name = _ARTIFACT
    aliases: tuple[str, ...] = ("java",)

    def newest(self) -> str:
        """The highest version on Maven Central, pre-releases left out. Raises CannotFetch."""
        listed = self.versions()
        if not listed:
            raise CannotFetch(f"Maven Central lists no release of {_ARTIFACT}")
        return listed[-1]

    def versions(self) -> list[str]:
        """Every release on Maven Central, pre-releases left out, the oldest first. Raises CannotFetch."""
        require_jdk()
        try:
            answer = httpx.get(_METADATA, timeout=_ASKING_SECONDS, follow_redirects=True).raise_for_status()
            listed = [element.text or "" for element in ElementTree.fromstring(answer.content).iter("version")]
        except (httpx.HTTPError, ElementTree.ParseError) as problem:
            raise CannotFetch(f"asking Maven Central for the newest {_ARTIFACT} failed: {problem}") from None
        return in_order(listed)

    def install(self, version: str, folder: Path, progress: Progress) -> None:
        """Fetch that release and compile the driver into `folder`, which exists and is empty. Raises CannotFetch."""
        exact_release(_ARTIFACT, version)
        require_jdk()
        progress(f"fetching {_ARTIFACT} {version} with mvn")
        self.fetch_jars([(*_ARTIFACT.split(":"), version)], folder, f"fetching {_ARTIFACT} {version}")
        self.compile_driver(f"{_ARTIFACT} {version}", folder, progress)

    def fetch_jars(self, artifacts: Iterable[tuple[str, ...]], folder: Path, doing: str) -> None:
        """Fetch artifacts, each of a group, a name and a version, with all that they need. Raises CannotFetch."""
        dependencies = "\n".join(_DEPENDENCY.format(*artifact) for artifact in artifacts)
        (folder / "pom.xml").write_text(_MANIFEST.format(dependencies=dependencies), encoding="utf-8")
        # -U: a release that was missing yesterday is looked for again.
        fetch = ["mvn", "-B", "-q", "-U", "dependency:copy-dependencies"]
        options = ["-DincludeScope=runtime", f"-DoutputDirectory={folder / 'jars'}"]
        run_tool([*fetch, *options], folder, doing, _REASON)

    def compile_driver(self, what: str, folder: Path, progress: Progress) -> None:
        """Compile the driver for the jars in `folder`. Raises CannotFetch."""
        progress(f"compiling the driver for {what}")
        source = str(PROGRAMS / "java" / "Driver.java")
        options = [
            "--release",
            _OLDEST_JAVA,
            "-nowarn",
            # Code of what was fetched would else run here, as processors of annotations.
            "-proc:none",
            "-cp",
            str(folder / "jars" / "*"),
            "-d",
            str(folder / "classes"),
        ]
        try:
            run_tool(["javac", *options, source], folder, "compiling the driver", _REASON)
        except CannotFetch as failed:
            raise CannotFetch(f"{what}: {failed} (supported from 1.0.0 on)") from None

    def command(self, version: str, folder: Path) -> tuple[str, ...]:
        path = os.pathsep.join((str(folder / "classes"), str(folder / "jars" / "*")))
        return ("java", *_JVM, "-cp", path, "Driver")


def require_jdk() -> None:
    """Raises CannotFetch where there is no JDK or no Maven."""
    require(["java", "javac", "mvn"], _ADVICE)


FETCHER = JavaFetcher()
