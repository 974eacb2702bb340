"""`tsunagu init`: a data set's folder from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import Console
from app.cli.options import AsJson, begin
from app.codes.regions import RegionTable
from app.errors import Text
from app.publish.draft import Draft, DraftedFolder, draft_folder
from app.publish.draft.column_draft import ColumnDraft, Origin

_ORIGINS = {
    Origin.LAYOUT: Text("標準", "standard"),
    Origin.WORDS: Text("見出し", "heading"),
    Origin.VALUES: Text("値", "values"),
    Origin.GENERIC: Text("列の名前で", "by its name"),
    Origin.DESCRIBED: Text("説明", "described"),
    Origin.LEFT_OUT: Text("使わない", "left out"),
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("init")(init)


def init(
    file: Annotated[
        Path,
        typer.Argument(
            help="表のファイル（表計算は book.xlsx#シート!A1:F20 も）"
            " / a table (of a workbook also book.xlsx#Sheet!A1:F20)"
        ),
    ],
    dataset: Annotated[
        str | None, typer.Option("--dataset", help="データセットの ID / id of the data set")
    ] = None,
    region: Annotated[
        str, typer.Option("--region", help="市区町村コード / code of the municipality")
    ] = "",
    force: Annotated[
        bool, typer.Option("--force", help="あるフォルダーを作り直す / draft it anew")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """表を調べて、公開できるデータセットのフォルダーを作ります。
    Look at a table and make a data set's folder that can be published."""
    settings, console = begin()
    regions = RegionTable.load(settings.vocab_dir)
    done = draft_folder(file, settings, regions, id=dataset, region=region, force=force)
    if as_json:
        console.json(done.to_json())
        return
    tell(console, done)


def tell(console: Console, done: DraftedFolder) -> None:
    """What was made of which column, what differs, what has to be confirmed."""
    draft = done.draft
    if draft is not None:
        _tell_draft(console, draft)
    for path in done.used:
        console.say(Text(f"  {path.name} を使いました。", f"  {path.name} was used."))
    for note in done.notes:
        console.say("  " + note.in_language(console.language), style="yellow")
    console.findings(done.findings)
    console.say(
        Text(
            f"\n{done.folder} に {'、'.join(done.files)} を書きました。",
            f"\nWrote {', '.join(done.files)} to {done.folder}.",
        ),
        style="bold green",
    )
    console.say(
        Text(
            f"  次: tsunagu preview {done.id}  →  tsunagu publish {done.id}",
            f"  Next: tsunagu preview {done.id}  →  tsunagu publish {done.id}",
        )
    )


def _tell_draft(console: Console, draft: Draft) -> None:
    found = draft.recognition
    if found is not None:
        console.say(
            Text(
                f"\n{draft.title}: {found.layout.full_title}の形です（確かさ {found.confidence:.0%}）",
                f"\n{draft.title}: it has the layout {found.layout.title_en}"
                f" ({found.layout.title}, {found.confidence:.0%} sure)",
            ),
            style="bold",
        )
    else:
        console.say(
            Text(
                f"\n{draft.title}: 知っている標準の形ではありません。見出しと値から考えました。",
                f"\n{draft.title}: no layout that is known; drafted from headings and values.",
            ),
            style="bold",
        )
    for difference in draft.differences:
        console.say("  " + difference.in_language(console.language), style="dim")
    subject = draft.namespace + "-".join(f"$({name})" for name in draft.key.columns)
    if draft.key.is_row:
        subject = draft.namespace + "…"
    console.say(f"  {' '.join(draft.classes)}   {subject}")
    headers = (
        ["列", "性質", "決め方", "確かさ"]
        if console.language == "ja"
        else [
            "column",
            "property",
            "by",
            "sure",
        ]
    )
    console.table(headers, [_row(column, console) for column in draft.columns])
    if draft.confirmations:
        console.say(Text("\n  確かめてください", "\n  To confirm"), style="bold yellow")
    for each in draft.confirmations:
        console.say("  ・" + each.in_language(console.language))


def _row(column: ColumnDraft, console: Console) -> list[str]:
    name = column.column if len(column.column) <= 30 else column.column[:29] + "…"
    what = column.predicate or column.means or "–"
    what = what if len(what) <= 40 else what[:39] + "…"
    return [
        name,
        what,
        _ORIGINS[column.origin].in_language(console.language),
        f"{column.confidence:.0%}",
    ]
