"""`tsunagu diff DATASET`: what publishing would add, remove and change."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from app import bootstrap
from app.cli.console import Console
from app.cli.options import AsJson, begin
from app.errors import Text
from app.findings import Findings, Severity
from app.publish.changes import EntityChange
from app.publish.dataset import find_dataset
from app.publish.difference import difference

SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("diff")(diff)


def diff(
    dataset: Annotated[str, typer.Argument(help="データセットの ID / id of the data set")],
    as_json: AsJson = False,
) -> None:
    """公開すると何が増え、消え、変わるかを見ます。 See what publishing would change."""
    settings, console = begin()
    findings = Findings()
    found = difference(find_dataset(settings, dataset), bootstrap.open_releases(settings), findings)
    if as_json:
        console.json({"dataset": dataset, **asdict(found), **findings.to_json()})
    else:
        console.say(
            Text(
                ja=f"{dataset}: 追加 {found.added:,} 件、削除 {found.removed:,} 件"
                f"（新しいもの {len(found.new):,}、なくなるもの {len(found.gone):,}、"
                f"変わるもの {len(found.changed):,}）",
                en=f"{dataset}: {found.added:,} statements added, {found.removed:,} removed"
                f" ({len(found.new):,} new things, {len(found.gone):,} gone,"
                f" {len(found.changed):,} changed)",
            )
        )
        for sign, entities in (("+", found.new), ("-", found.gone), ("~", found.changed)):
            _list(console, sign, entities)
        console.findings(findings)
    if findings.worst() is Severity.ERROR:
        raise typer.Exit(1)


def _list(console: Console, sign: str, entities: list[EntityChange]) -> None:
    for entity in entities[:SHOWN]:
        console.say(f"  {sign} {entity.iri}  (+{entity.added} −{entity.removed})")
    if len(entities) > SHOWN:
        console.say(f"  {sign} … {len(entities) - SHOWN:,}")
