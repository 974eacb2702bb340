"""`tsunagu settings`: every setting with its value, where it came from, and what it does."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.options import AsJson, begin
from app.settings import ENVIRONMENT_PREFIX, FILE_NAME, Settings, explain


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("settings")(settings)


def settings(
    as_json: AsJson = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="docs/settings.md の形で / as docs/settings.md")
    ] = False,
) -> None:
    """設定の一覧 (名前・値・出どころ・説明) / every setting: name, value, source, help"""
    if markdown:
        typer.echo(as_markdown(), nl=False)
        return
    _, console = begin()
    found = explain()
    if as_json:
        console.json(
            [{"name": s.name, "value": s.value, "source": s.source, "help": s.help} for s in found]
        )
        return
    console.table(
        ["name", "value", "source", "help"],
        [[s.name, str(s.value), s.source, s.help] for s in found],
    )


def as_markdown() -> str:
    """The reference of all settings: `docs/settings.md`."""
    lines = [
        "# Settings",
        "",
        f"Read from `{FILE_NAME}` in the working directory, then from the environment: `base_iri`",
        f"is `{ENVIRONMENT_PREFIX}BASE_IRI` there. `tsunagu settings` shows the values in force and",
        "where each came from.",
        "",
        "| name | default | what it does |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = "" if field.default == "" else f"`{field.default}`"
        lines.append(f"| `{name}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"
