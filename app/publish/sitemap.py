"""The sitemap (https://www.sitemaps.org/protocol.html): the documents of all things, in files of
at most 50,000 addresses, written with the release so that nothing is listed for a request."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from app.store.base import Manifest, Snapshot

FOLDER: Final = "sitemaps"
MAX_ADDRESSES: Final = 50_000
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_SAFE: Final = "!#$%&'()*+,/:;=?@[]~-._"


def write(folder: Path, snapshot: Snapshot) -> int:
    """Write the files of a release (`sitemaps/1.xml.gz` …); gives their number."""
    entries = _entries(snapshot)
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


def pages(manifest: Manifest) -> str:
    """The pages that are no things: home, catalog, data sets, vocabularies."""
    paths = ["/", "/catalog", "/sparql", "/def/", "/vocab/ic/"]
    paths += [f"/dataset/{e.dataset}" for e in manifest.graphs.values() if e.dataset]
    when = manifest.created
    body = "".join(_entry(manifest.base_iri + path, when) for path in dict.fromkeys(paths))
    return f'{_HEAD}<urlset xmlns="{_NAMESPACE}">\n{body}</urlset>\n'


def _entries(snapshot: Snapshot) -> Iterator[str]:
    """The documents of things, each once."""
    manifest = snapshot.manifest
    space = f"{manifest.base_iri}/id/"
    met: set[bytes] = set()  # of digests: a fifth of the memory of the addresses
    for graph, entry in manifest.graphs.items():
        for thing in snapshot.things(graph, space):
            digest = blake2b(thing.encode(), digest_size=12).digest()
            if digest not in met:
                met.add(digest)
                yield _entry(f"{manifest.base_iri}/doc/{thing[len(space) :]}", entry.modified)


def _entry(address: str, modified: datetime) -> str:
    return f"<url><loc>{_address(address)}</loc><lastmod>{_day(modified)}</lastmod></url>\n"


def _address(iri: str) -> str:
    return escape(quote(iri, safe=_SAFE))


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
