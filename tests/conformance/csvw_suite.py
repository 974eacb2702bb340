"""The official CSVW suite: its manifests, and the folder in the place of the web."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from app.errors import Place, SourceNotFound, Text
from app.findings import Findings
from app.mapping.languages.csvw import AnnotatedGroup, read_described, read_table
from app.tabular.batch import Dialect, Table
from app.tabular.reader import open_bytes

BASE = "http://www.w3.org/2013/csvw/tests/"
WELL_KNOWN = "http://www.w3.org/.well-known/csvm"

SITE_LOCATIONS = b"{+url}-metadata.json\ncsv-metadata.json\n{+url}.json\ncsvm.json\n"
"""What the suite's own site answers at /.well-known/csvm (see its index, test259 and test260)."""


@dataclass(frozen=True)
class Case:
    """One entry of a manifest."""

    id: str
    kind: str
    name: str
    action: str
    result: str | None
    link: str | None
    metadata: str | None
    minimal: bool

    def __str__(self) -> str:
        return self.id


def cases(folder: Path, manifest: str) -> list[Case]:
    """The entries of a manifest (`manifest-rdf.jsonld`, `manifest-validation.jsonld`)."""
    path = folder / manifest
    if not path.is_file():
        return []
    return [
        Case(
            id=entry["id"],
            kind=entry["type"].removeprefix("csvt:"),
            name=entry["name"],
            action=entry["action"],
            result=entry.get("result"),
            link=entry.get("httpLink"),
            metadata=entry["option"].get("metadata"),
            minimal=entry["option"].get("minimal", False),
        )
        for entry in json.loads(path.read_text(encoding="utf-8"))["entries"]
    ]


class SuiteFetch:
    """A `Fetch` over the suite's folder: the stand-in for HTTP."""

    def __init__(self, folder: Path, case: Case, findings: Findings) -> None:
        self._folder = folder
        self._case = case
        self._findings = findings

    def document(self, url: str) -> bytes | None:
        """A file of the suite; a query in an address belongs to the file's name."""
        if url == WELL_KNOWN:
            return SITE_LOCATIONS
        path = self._path(url)
        return path.read_bytes() if path is not None else None

    def links(self, url: str) -> Sequence[str]:
        """The Link header that the manifest states for the action."""
        if self._case.link is not None and url == urljoin(BASE, self._case.action):
            return (self._case.link,)
        return ()

    def table(self, url: str, dialect: Dialect) -> Table:
        """A CSV of the suite."""
        path = self._path(url) or self._path(url.partition("?")[0])
        if path is None:
            raise SourceNotFound(Text(ja="404", en="404"), place=Place(url))
        return open_bytes(path.name, path.read_bytes(), dialect, findings=self._findings)

    def _path(self, url: str) -> Path | None:
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc.removesuffix(':80').lower()}"
        whole = root + parts.path + (f"?{parts.query}" if parts.query else "")
        if not whole.startswith(BASE):
            return None
        path = self._folder / whole.removeprefix(BASE)
        return path if path.is_file() else None


def open_case(folder: Path, case: Case, findings: Findings, *, validating: bool) -> AnnotatedGroup:
    """The annotated tables that a case is about."""
    fetch = SuiteFetch(folder, case, findings)
    action = urljoin(BASE, case.action)
    if case.action.endswith(".json"):
        return read_described(action, fetch, findings, validating=validating)
    metadata = None if case.metadata is None else urljoin(BASE, case.metadata)
    return read_table(action, fetch, findings, metadata_url=metadata, validating=validating)
