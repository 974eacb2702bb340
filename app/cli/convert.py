"""`tsunagu convert`."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import AsJson, begin
from app.errors import DiskFull, Place, Text
from app.findings import Findings, Severity
from app.mapping.execute import Mode
from app.publish.convert import convert, open_output
from app.publish.dataset import find_dataset

ModeOption = Annotated[
    Mode,
    typer.Option(
        help="悪いセルのある行: lenient=その値だけ省く, quarantine=行ごと省く, strict=止める"
        " / rows with a bad cell: leave out the value, the row, or stop"
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("convert")(convert_command)


def convert_command(
    dataset: Annotated[str, typer.Argument(help="データセットの ID かフォルダー / id or folder")],
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", help="FILE.nq か FILE.nt (.gz, .zst) / N-Quads or N-Triples"
        ),
    ],
    mode: ModeOption = Mode.LENIENT,
    as_json: AsJson = False,
) -> None:
    """CSV を N-Quads か N-Triples に変換します（公開はしません）。 Convert without publishing."""
    settings, console = begin()
    found = find_dataset(settings, dataset)
    findings = Findings()
    try:
        with console.progress() as progress, open_output(output) as file:
            done = convert(
                found,
                file.write,
                findings=findings,
                mode=mode,
                progress=progress,
                targets=output.parent,
                triples=".nt" in output.suffixes,
            )
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise DiskFull(
            Text(ja="ディスクの空きがありません。", en="there is no space left on the disk."),
            place=Place(str(output)),
            hint=Text(ja="空きを作ってやり直してください。", en="Make room and run it again."),
        ) from error
    if as_json:
        console.json(
            {
                "dataset": found.id,
                "rows": done.rows,
                "quads": done.quads,
                "repeated": done.repeated,
                "seconds": round(done.seconds, 3),
                "targets": dict(done.targets),
                "nulls": {name: dict(counts) for name, counts in done.nulls.items()},
                **findings.to_json(),
            }
        )
    else:
        console.say(
            Text(
                ja=f"{found.id}: {done.rows:,} 行 → {done.quads:,} 件のトリプル"
                f" ({done.seconds:.1f} 秒) {output}",
                en=f"{found.id}: {done.rows:,} rows → {done.quads:,} quads"
                f" ({done.seconds:.1f} s) {output}",
            )
        )
        for target in found.plan.targets:
            quads = done.targets[target.id]
            console.say(
                Text(
                    ja=f"  {quads:,} 件 → {output.parent / target.path}",
                    en=f"  {quads:,} quads → {output.parent / target.path}",
                )
            )
        for table, counts in done.nulls.items():
            shown = ", ".join(f"{name} {count:,}" for name, count in counts.items())
            console.say(
                Text(
                    ja=f"  {table}: 値のないセル（三つ組なし） {shown}",
                    en=f"  {table}: cells without a value (no triple) {shown}",
                )
            )
        console.findings(findings)
    if findings.worst() is Severity.ERROR:
        raise typer.Exit(1)
