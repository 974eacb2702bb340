"""The command `tsunagu`. Each module holds one group of commands; `main` turns errors into
messages and exit codes: 0 fine, 1 findings of severity error, 2 wrong usage or broken input of
ours, 3 failure.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import typer

from app.cli.console import Console
from app.errors import TsunaguError

MODULES: Final = {
    "run": ("run",),
    "check": ("check", "fix"),
    "init": ("init",),
    "preview": ("preview",),
    "diff": ("diff",),
    "publish": ("publish",),
    "convert": ("convert",),
    "mapping": ("mapping",),
    "serve": ("serve",),
    "query": ("query",),
    "releases": ("releases",),
    "tokens": ("tokens",),
    "audit": ("audit",),
    "regions": ("regions",),
    "settings": ("settings",),
}
"""Each adds the commands named here by `register(app)`; in the order of the help."""


def command(asked: str | None = None) -> typer.Typer:
    """The command with all its sub-commands, or with the one that is asked for: importing the
    others takes most of a second."""
    app = typer.Typer(
        name="tsunagu",
        help="つなぐ: CSV を Linked Open Data として公開します。"
        " Publish the CSV files you have as Linked Open Data.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_group)  # a single command would else take the place of the group
    for name in [name for name, added in MODULES.items() if asked in added] or MODULES:
        import_module(f"app.cli.{name}").register(app)
    return app


def _group() -> None:
    """Nothing of its own."""


def _asked(arguments: Sequence[str]) -> str | None:
    """The name of a command, where it comes first and the help of all is not asked for."""
    return arguments[0] if arguments and not arguments[0].startswith("-") else None


def main() -> None:
    """Entry point of the command."""
    try:
        command(_asked(sys.argv[1:]))(prog_name="tsunagu")
    except TsunaguError as error:
        Console.for_errors().error(error, as_json="--json" in sys.argv)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has had enough (`| head`).
        sys.stderr.close()
        sys.exit(0)
