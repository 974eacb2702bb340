"""The command `tsunagu`. Each module holds one group of commands; `main` turns errors into
messages and exit codes: 0 fine, 1 findings of severity error, 2 wrong usage or broken input of
ours, 3 failure.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import typer

from app.cli.console import Console
from app.errors import TsunaguError

MODULES: Final = (
    "run",
    "check",
    "init",
    "preview",
    "diff",
    "publish",
    "mapping",
    "serve",
    "query",
    "releases",
    "tokens",
    "audit",
    "regions",
    "settings",
)
"""Each adds its commands by `register(app)`, in the order of the help."""


def command() -> typer.Typer:
    """The command with all its sub-commands."""
    app = typer.Typer(
        name="tsunagu",
        help="つなぐ: CSV を Linked Open Data として公開します。"
        " Publish the CSV files you have as Linked Open Data.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for name in MODULES:
        import_module(f"app.cli.{name}").register(app)
    return app


def main() -> None:
    """Entry point of the command."""
    try:
        command()(prog_name="tsunagu")
    except TsunaguError as error:
        Console.for_errors().error(error, as_json="--json" in sys.argv)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has had enough (`| head`).
        sys.stderr.close()
        sys.exit(0)
