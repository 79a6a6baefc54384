"""What `derive` and `diff` share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from models_conformance.errors import UsageError


@contextmanager
def page_problems() -> Iterator[None]:
    """A page that cannot be read is the user's to mend: one line, and the code of a usage error."""
    # The readers of pages: only the commands that read some start with them.
    from models_conformance.contract.derivation.pages import PageError

    try:
        yield
    except PageError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}") from error
