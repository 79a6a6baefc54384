"""A package index of two wheels in a folder, so that pip is the real one and no network is needed."""

from __future__ import annotations

import zipfile
from pathlib import Path


def make_index(folder: Path, *versions: str) -> None:
    """Put a wheel of `anthropic` for each version into `folder`; it holds its version and nothing else."""
    folder.mkdir()
    for version in versions:
        about = f"anthropic-{version}.dist-info"
        with zipfile.ZipFile(folder / f"anthropic-{version}-py3-none-any.whl", "w") as wheel:
            wheel.writestr("anthropic.py", f"__version__ = '{version}'\n")
            wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: anthropic\nVersion: {version}\n")
            wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{about}/RECORD", "")
