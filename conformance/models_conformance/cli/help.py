"""Help texts: options under headings, commands in the order of use, each with its whole summary."""

from __future__ import annotations

from collections.abc import Mapping

import click

# Options by their attributes; what stands under no heading comes last.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "The subject": (
        *("api_key", "headers", "aliases", "ca", "insecure", "client_cert", "timeout", "concurrency"),
        *("checkout", "fetch_timeout", "hello_timeout", "scenario", "keep_scenarios"),
    ),
    "The reference server": ("models", "fault", "catalogue", "key", "host", "port"),
    "What is judged": ("contract", "api_version", "only", "again", "seed", "examples", "max_requests", "max_seconds"),
    "What fails the run": ("fail_on", "strict", "gate_added", "waivers", "since"),
    "What is written": (
        *("output", "overwrite", "har", "trace", "json", "junit", "sarif", "html", "markdown", "badge"),
        *("write_waivers", "write", "shell"),
    ),
}


class Grouped(click.Command):
    """A command whose options stand under headings."""

    def get_help_option_names(self, ctx: click.Context) -> list[str]:
        """`-h`, too; also where the command is read without its group, as for documentation: click keeps the option."""
        return ["-h", "--help"]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        left = {
            parameter.name: record
            for parameter in self.get_params(ctx)
            # What an argument is stands in the text above.
            if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx)) is not None
        }
        for heading, names in _HEADINGS.items():
            rows = [left.pop(name) for name in names if name in left]
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)
        with formatter.section("Options"):
            formatter.write_dl(list(left.values()))


class InOrder(click.Group):
    """A group that shows its commands in the order in which they were added, with their whole first sentences."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(200)) for name, command in self.commands.items()])
