"""The command `record`: judge an endpoint and keep the exchanges as cassettes."""

from __future__ import annotations

import click

from models_conformance.cli.help import Grouped
from models_conformance.cli.shared import NAME, conclude, example, options
from models_conformance.frontend import runs
from models_conformance.frontend.progress import progress
from models_conformance.frontend.values import Values
from models_conformance.support.text import printable


@click.command(cls=Grouped, epilog=example("record http://127.0.0.1:8000 -o cassettes/gateway"))
@click.argument("url")
@options("record")
def record(*, url: str, values: Values) -> int:
    """Judge the endpoint at URL as `server` does, and keep the exchanges as cassettes without secrets.

    They are in the format of vcrpy, a file for each part of the run. `replay DIR` judges them as evidence;
    `pytest --pyargs models_conformance.suites.server --record-mode=none --cassettes DIR` repeats the whole run."""
    runs.check_endpoint(values, url)
    runs.check(values, "server")
    # The readers and writers of cassettes: no other command starts with them.
    from models_conformance.recordings.taping import Cassettes
    from models_conformance.recordings.writing import cassettes_in, check_folder

    folder, name = values["output"], values.name("output")
    check_folder(folder, name, values["overwrite"])
    with progress(values["quiet"]) as report:
        result = runs.judge_server(values, url, report, cassettes=Cassettes(folder, "rewrite", name, (), None))
    if not values["quiet"]:
        count = len(list(cassettes_in(folder)))
        click.echo(f"{NAME}: {count} cassettes in {printable(str(folder))}", err=True)
    return conclude(values, result)
