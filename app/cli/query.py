"""`tsunagu query`: SPARQL over the current release, in the same workers as the endpoint's."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from app import bootstrap
from app.cli.options import begin
from app.errors import Place, SourceNotFound, Text, UsageError
from app.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS
from app.rdf.namespaces import PREFIXES
from app.settings import Settings
from app.store.base import QueryRequest

_FORMATS = {f.value.id: f.value.media_type for f in (*RESULT_FORMATS, *GRAPH_FORMATS)}
_FORMATS["json"] = _FORMATS["srj"]
_FORMATS["xml"] = _FORMATS["srx"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("query")(query)


def query(
    text: Annotated[str | None, typer.Argument(help="SPARQL")] = None,
    file: Annotated[
        Path | None, typer.Option("-f", "--file", help="SPARQL のファイル / a file with SPARQL")
    ] = None,
    output_format: Annotated[
        str | None,
        typer.Option("--format", help=f"{', '.join(_FORMATS)} (既定 / default: tsv, ttl)"),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="--format json と同じ / the same")
    ] = False,
) -> None:
    """公開中のデータに SPARQL で問い合わせます。 Query the current release."""
    settings, _ = begin()
    if (text is None) == (file is None):
        raise UsageError(
            Text(
                ja="SPARQL を引数か -f FILE のどちらか一方で渡してください。",
                en="give the query either as an argument or with -f FILE.",
            )
        )
    if file is not None:
        try:
            text = file.read_text(encoding="utf-8")
        except OSError as error:
            raise SourceNotFound(
                Text(ja=f"ファイルを読めません: {error.strerror}",
                     en=f"the file cannot be read: {error.strerror}"),
                place=Place(str(file)),
            ) from error  # fmt: skip
    assert text is not None
    wanted = "json" if as_json else output_format
    if wanted is not None and wanted not in _FORMATS:
        raise UsageError(
            Text(ja=f"形式 {wanted} はありません。", en=f"there is no format {wanted}."),
            hint=Text(
                ja=f"使える形式: {', '.join(_FORMATS)}", en=f"One of: {', '.join(_FORMATS)}."
            ),
        )
    accept = [_FORMATS[wanted]] if wanted else [_FORMATS["tsv"], _FORMATS["ttl"]]
    asyncio.run(_run(settings, text, accept))


async def _run(settings: Settings, text: str, accept: list[str]) -> None:
    service = bootstrap.query_service(settings)
    await service.start()
    try:
        answer = await service.run(
            QueryRequest(text, accept, base_iri=f"{settings.base_iri}/", prefixes=PREFIXES)
        )
        async for chunk in answer.chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
    finally:
        await service.close()
