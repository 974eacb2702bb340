"""`tsunagu audit`: who wrote what over HTTP, and whether the record is whole."""

from __future__ import annotations

import typer

from app.cli.options import AsJson, begin
from app.errors import Text
from app.publish.audit import AuditLog


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("audit")(audit)


def audit(as_json: AsJson = False) -> None:
    """書き込みの記録を確かめて表示します。 Verify and show the record of writes."""
    settings, console = begin()
    entries = list(AuditLog(settings.data_dir).verify())
    if as_json:
        console.json(entries)
        return
    console.table(
        ["time", "token", "action", "graph", "outcome", "release"],
        [
            [
                str(entry.get(name, ""))
                for name in ("time", "token", "action", "graph", "outcome", "release")
            ]
            for entry in entries
        ],
    )
    console.say(
        Text(
            ja=f"✓ {len(entries)} 件の記録はすべてつながっています。",
            en=f"✓ the chain of all {len(entries)} entries is whole.",
        )
    )
