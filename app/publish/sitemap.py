"""The sitemap (https://www.sitemaps.org/protocol.html): the documents of all things, in files of
at most 50,000 addresses, written with the release so that nothing is listed for a request."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from heapq import merge
from itertools import groupby, islice, repeat
from pathlib import Path
from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from app.publish import things
from app.store.base import Manifest

FOLDER: Final = "sitemaps"
MAX_ADDRESSES: Final = 50_000
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_SAFE: Final = "!#$%&'()*+,/:;=?@[]~-._"
_PLAIN: Final = re.compile(r"[\w:/.%-]*", re.ASCII)  # nothing to quote or escape


def write(folder: Path, manifest: Manifest) -> int:
    """Write the files of a release (`sitemaps/1.xml.gz` …) from its lists of things, which are
    in the folder already; gives their number."""
    entries = _entries(folder, manifest)
    number = 0
    while part := list(islice(entries, MAX_ADDRESSES)):
        number += 1
        (folder / FOLDER).mkdir(exist_ok=True)
        body = f'{_HEAD}<urlset xmlns="{_NAMESPACE}">\n{"".join(part)}</urlset>\n'
        packed = gzip.compress(body.encode(), 6, mtime=0)
        (folder / FOLDER / f"{number}.xml.gz").write_bytes(packed)
    return number


def index(manifest: Manifest) -> str:
    """The index of the files, and one for the pages that are no things."""
    prefix = f"files/{FOLDER}/"
    names = sorted(
        (name.removeprefix(prefix).removesuffix(".gz")
         for name in manifest.files if name.startswith(prefix)),
        key=lambda name: int(name.partition(".")[0]),
    )  # fmt: skip
    when = _day(manifest.created)
    body = "".join(
        f"<sitemap><loc>{_address(f'{manifest.base_iri}/sitemaps/{name}')}</loc>"
        f"<lastmod>{when}</lastmod></sitemap>\n"
        for name in ("pages.xml", *names)
    )
    return f'{_HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n{body}</sitemapindex>\n'


def pages(manifest: Manifest, others: Iterable[str] = ()) -> str:
    """The pages that are no things: home, catalog, data sets, vocabularies, and `others`. That of
    a data set changed when its graphs did."""
    paths = ["/", "/catalog", "/sparql", "/def/", "/vocab/ic/", *others]
    when = dict.fromkeys(paths, manifest.created)
    for graph in manifest.graphs.values():
        if graph.dataset:
            path = f"/dataset/{graph.dataset}"
            when[path] = max(when.get(path, graph.modified), graph.modified)
    body = "".join(_entry(manifest.base_iri + path, moment) for path, moment in when.items())
    return f'{_HEAD}<urlset xmlns="{_NAMESPACE}">\n{body}</urlset>\n'


def _entries(folder: Path, manifest: Manifest) -> Iterator[str]:
    """The documents of things, each once, sorted; changed when the latest of its graphs was."""
    space = f"{manifest.base_iri}/id/"
    documents = f"{manifest.base_iri}/doc/"
    lists = [
        zip(things.read(folder, graph), repeat(entry.modified))
        for graph, entry in manifest.graphs.items()
    ]
    for thing, named in groupby(merge(*lists, key=_first), key=_first):
        yield _entry(documents + thing[len(space) : -1], max(modified for _, modified in named))


def _first(listed: tuple[str, datetime]) -> str:
    # As the lists are sorted: a thing after those whose IRIs continue its own by a lesser sign.
    return listed[0] + ">"


def _entry(address: str, modified: datetime) -> str:
    return f"<url><loc>{_address(address)}</loc><lastmod>{_day(modified)}</lastmod></url>\n"


def _address(iri: str) -> str:
    if _PLAIN.fullmatch(iri):
        return iri
    return escape(quote(iri, safe=_SAFE))


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
