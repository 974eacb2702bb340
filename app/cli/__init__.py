"""The command `tsunagu`. Each module holds one group of commands; `main` turns errors into
messages and exit codes: 0 fine, 1 findings of severity error, 2 wrong usage or broken input of
ours, 3 failure.
"""

from __future__ import annotations

import sys

import typer

from app.cli.console import Console
from app.errors import TsunaguError

app = typer.Typer(
    name="tsunagu",
    help="つなぐ: CSV を Linked Open Data として公開します。"
    " Publish the CSV files you have as Linked Open Data.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Entry point of the command."""
    from app.cli import publish, query, regions, releases, run, serve, settings

    for module in (run, publish, serve, query, releases, regions, settings):
        module.register(app)
    try:
        app()
    except TsunaguError as error:
        Console.for_errors().error(error, as_json="--json" in sys.argv)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has had enough (`| head`).
        sys.stderr.close()
        sys.exit(0)


__all__ = ["app", "main"]
