"""`tsunagu preview DATASET`: what the first rows become, before anything is published."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.console import Console
from app.cli.options import AsJson, begin
from app.errors import Text
from app.findings import Severity
from app.publish.dataset import find_dataset
from app.publish.preview import ROWS, Preview, PreviewRow, preview
from app.rdf.namespaces import PREFIXES
from app.settings import Settings

_SHOWN_ROWS = 3
_LONGEST = 60


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("preview")(preview_command)


def preview_command(
    dataset: Annotated[str, typer.Argument(help="データセットの ID / id of the data set")],
    rows: Annotated[int, typer.Option("--rows", min=1, help="調べる行数 / rows to look at")] = ROWS,
    row: Annotated[
        int | None, typer.Option("--row", min=1, help="この行だけを見る / this row only")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """公開したときの結果を、最初の行について見ます。 See what the first rows become."""
    settings, console = begin()
    found = preview(find_dataset(settings, dataset), rows=rows, row=row)
    if as_json:
        console.json(found.to_json())
    else:
        tell(console, found, settings, shown=1 if row is not None else _SHOWN_ROWS)
    if found.findings.worst() is Severity.ERROR:
        raise typer.Exit(1)


def tell(console: Console, found: Preview, settings: Settings, *, shown: int) -> None:
    """Some rows with their triples, then the counts."""
    for row in found.rows[:shown]:
        _tell_row(console, row, settings)
    totals = found.totals
    console.say(
        Text(
            f"\n{found.dataset}: {len(found.rows):,} 行 → {totals.triples:,} トリプル"
            f"（もの {totals.entities:,}、リンク {totals.links:,}、"
            f"指摘 {len(found.findings):,}、{found.seconds:.2f} 秒）",
            f"\n{found.dataset}: {len(found.rows):,} rows → {totals.triples:,} triples"
            f" ({totals.entities:,} things, {totals.links:,} links,"
            f" {len(found.findings):,} findings, {found.seconds:.2f} s)",
        ),
        style="bold",
    )
    for source in found.sources:
        if source.unmapped:
            names = "、".join(source.unmapped)
            console.say(
                Text(
                    f"  {source.name}: 使っていない列: {names}",
                    f"  {source.name}: columns that are not used: {names}",
                ),
                style="dim",
            )
    console.findings(found.findings)


def _tell_row(console: Console, row: PreviewRow, settings: Settings) -> None:
    title = row.title[console.language] or row.entity or "–"
    console.say(
        Text(
            f"\n{row.source} {row.number} 件目（{row.line} 行目）: {title}",
            f"\n{row.source} row {row.number} (line {row.line}): {title}",
        ),
        style="bold",
    )
    if row.entity is not None:
        console.say(f"  {row.entity}", style="cyan")
    table = []
    for triple in row.triples:
        place = triple.place
        where = f"{place.line}:{place.column}" if place is not None and place.line else ""
        subject = "" if triple.subject == f"<{row.entity}>" else _short(triple.subject, settings)
        table.append(
            [
                subject.removeprefix(_short(f"<{row.entity}>", settings)),
                _short(triple.predicate, settings),
                _short(triple.object, settings),
                "、".join(triple.columns[:2]),
                where,
            ]
        )
    headers = (
        ["", "性質", "値", "列", "対応づけ"]
        if console.language == "ja"
        else ["", "property", "value", "column", "mapping"]
    )
    console.table(headers, table)


def _short(term: str, settings: Settings) -> str:
    """`id:aed/1`, `schema:Monday`, and literals as they stand, not too long."""
    own = {"id": f"{settings.base_iri}/id/", "def": f"{settings.base_iri}/def/"}
    text = term
    if term.startswith("<"):
        iri = term[1:-1]
        text = iri
        for prefix, namespace in {**PREFIXES, **own}.items():
            if iri.startswith(namespace):
                text = f"{prefix}:{iri.removeprefix(namespace)}"
                break
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
