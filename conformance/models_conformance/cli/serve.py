"""The command `serve`: run the reference server."""

from __future__ import annotations

import click

from models_conformance.cli.help import Grouped
from models_conformance.cli.shared import example, options
from models_conformance.frontend.contracts import kept_by_reference
from models_conformance.frontend.extras import require
from models_conformance.frontend.values import Values

INTERRUPTED = 130


@click.command(cls=Grouped, epilog=example("serve --models 25 --fault after-id-is-inclusive --port 8000"))
@options("serve")
def serve(values: Values) -> int:
    """Run the reference server until Ctrl-C. Its first line of output is its URL and its key."""
    require("serve", "the reference server")
    # The reference server with all its faults: most commands do without.
    from models_conformance.frontend.reference import served
    from models_conformance.reference.server.serving import serve_forever

    contract = kept_by_reference(values["contract"], values.name("contract"))
    serve_forever(served(values, contract), values["port"], values["host"])
    return INTERRUPTED
