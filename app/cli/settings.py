"""`tsunagu settings`: every setting with its value, where it came from, and what it does."""

from __future__ import annotations

import typer

from app.cli.options import AsJson, begin
from app.settings import explain


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("settings")(settings)


def settings(as_json: AsJson = False) -> None:
    """設定の一覧 (名前・値・出どころ・説明) / every setting: name, value, source, help"""
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
