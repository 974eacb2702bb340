"""`tsunagu regions lookup CODE|NAME`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from app.cli.options import AsJson, begin
from app.codes.invalid import InvalidCode
from app.codes.regions import Region, RegionTable
from app.errors import Text, UsageError


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="地域コード / region codes")
    group.command("lookup")(lookup)
    group.callback()(lambda: None)
    app.add_typer(group, name="regions")


def lookup(
    key: Annotated[str, typer.Argument(help="コード (5 桁・6 桁) か名前 / code or name")],
    as_json: AsJson = False,
) -> None:
    """コードか名前から地域を調べる / find regions by code or name"""
    settings, console = begin()
    table = RegionTable.load(settings.vocab_dir)
    found = _by_code(table, key) if key.strip().isdigit() else table.search(key)
    if not found:
        raise UsageError(
            Text(ja=f"「{key}」に当たる地域はありません。", en=f"no region fits “{key}”."),
            hint=Text(
                ja="5 桁か 6 桁のコード、または名前 (例: 千代田区) で調べてください。",
                en="Use a code of five or six digits, or a name such as 千代田区.",
            ),
        )
    if as_json:
        console.json([asdict(region) | {"estat": region.estat_iri} for region in found])
        return
    console.table(
        ["code", "code6", "name", "kana", "kind"],
        [[r.code5, r.code6, r.full_name, r.kana, r.kind] for r in found],
    )


def _by_code(table: RegionTable, code: str) -> tuple[Region, ...]:
    try:
        return (table.get(code),)
    except InvalidCode as error:
        raise UsageError(error.text) from error
