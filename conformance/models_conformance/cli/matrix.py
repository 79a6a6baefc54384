"""The command `matrix`: many results as one table, and what got worse since another."""

from __future__ import annotations

import click

from models_conformance.cli.help import Grouped
from models_conformance.cli.shared import example, options
from models_conformance.errors import UsageError
from models_conformance.frontend.outputs import check_outputs
from models_conformance.frontend.values import Values
from models_conformance.support import files


@click.command(cls=Grouped, epilog=example("matrix results/*.json --html matrix.html --markdown matrix.md"))
@click.argument("results", nargs=-1, required=True, metavar="R.json...")
@options("matrix")
def matrix(*, results: tuple[str, ...], values: Values) -> int:
    """Put results side by side: subjects and releases across, requirements down.

    R.json are files that --json wrote, on this machine or others. What broke in a release, what was fixed, waived
    or never exercised is marked. Without --html and --markdown the table is printed."""
    html, markdown, since = values["html"], values["markdown"], values["since"]
    # Tables, their pages and the schema of results: no other command starts with them.
    from models_conformance.matrix.result_files import read_result, read_results

    if since is not None:
        if html is not None or markdown is not None or len(results) != 1:
            raise UsageError("--since OLD.json compares one result, NEW.json, and writes no file")
        # Two results need no table.
        from models_conformance.matrix.since import as_text
        from models_conformance.matrix.since import since as changes_since

        changes = changes_since(read_result(since), read_result(results[0]))
        click.echo(as_text(changes), nl=False)
        return 1 if changes.any_worse else 0
    check_outputs(values)
    # As above.
    from models_conformance.matrix.comparing import compare
    from models_conformance.matrix.markdown import markdown as as_markdown

    table = compare(read_results(results, _note))
    if html is None and markdown is None:
        click.echo(as_markdown(table), nl=False)
        return 0
    if html is not None:
        # The templates of the page: only --html needs them.
        from models_conformance.matrix.page import html as as_html

        files.write(html, "--html", as_html(table))
    if markdown is not None:
        files.write(markdown, "--markdown", as_markdown(table))
    for note in table.notes:
        _note(note)
    return 0


def _note(note: str) -> None:
    click.echo(f"models-conformance: {note}", err=True)
