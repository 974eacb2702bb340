"""`tsunagu run`: publish what changed, say where to look, and serve. Behind `make run`."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer
from pyoxigraph import NamedNode

from app import bootstrap
from app.cli.console import Console
from app.cli.options import begin
from app.cli.publish import tell
from app.cli.serve import serve
from app.errors import Text, TsunaguError
from app.publish.dataset import all_datasets
from app.publish.pipeline import publish
from app.rdf.namespaces import RDF
from app.settings import Settings
from app.store.base import Snapshot

EXAMPLES = 3
FIRST_QUERY = "SELECT * WHERE { ?s ?p ?o } LIMIT 10"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run")(run)


def run(
    large: Annotated[
        bool, typer.Option("--large", help="大きなデータセットも / the large data sets as well")
    ] = False,
    host: Annotated[str | None, typer.Option(help="待ち受けるアドレス / address")] = None,
    port: Annotated[int | None, typer.Option(help="ポート / port")] = None,
) -> None:
    """変わったものを公開し、サーバーを起動します。 Publish what changed, then serve."""
    settings, console = begin(host=host, port=port)
    releases = bootstrap.open_releases(settings)
    every = all_datasets(settings)
    try:
        chosen = [dataset for dataset in every if large or not dataset.description.large]
        with console.progress() as progress:
            published = publish(
                chosen,
                releases,
                settings,
                existing={dataset.id for dataset in every},
                progress=progress,
            )
        tell(console, published)
    except TsunaguError as error:
        if releases.current() is None:
            raise
        # What was published before is still good: say what is wrong, and serve it.
        Console(console.language, stderr=True).error(error)
    if releases.current() is not None:
        _tell_addresses(console, settings, releases.snapshot())
    serve(host=host, port=port)


def _tell_addresses(console: Console, settings: Settings, snapshot: Snapshot) -> None:
    address = f"http://{settings.host}:{settings.port}"
    console.say(Text(ja=f"\n  つなぐ → {address}/", en=f"\n  Tsunagu → {address}/"), style="bold")
    for iri in _examples(snapshot):
        console.say(f"    {on_the_wire(iri.replace(settings.base_iri, address, 1))}")
    console.say(f"    {address}/sparql?query={quote(FIRST_QUERY, safe='')}")
    console.say(Text(ja="  終わるときは Ctrl+C\n", en="  Ctrl+C ends it\n"))


def on_the_wire(iri: str) -> str:
    """An IRI as a URL to click: characters outside ASCII percent-encoded, all else as it is."""
    return "".join(c if c.isascii() else quote(c) for c in iri)


def _examples(snapshot: Snapshot) -> list[str]:
    """One named entity from each of a few data sets, those with coordinates or names first."""
    found: list[str] = []
    entries = [e for e in snapshot.manifest.graphs.values() if e.dataset is not None]
    for entry in entries:
        wanted = f"{snapshot.manifest.base_iri}/id/"
        for quad in snapshot.quads(
            predicate=NamedNode(RDF + "type"), graph=NamedNode(entry.iri), limit=50
        ):
            subject = quad.subject
            if (
                isinstance(subject, NamedNode)
                and subject.value.startswith(wanted)
                and "#" not in subject.value
            ):
                found.append(subject.value)
                break
        if len(found) == EXAMPLES:
            break
    return found
