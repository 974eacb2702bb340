"""Where the metadata of a table is found.

In this order: what the user gives, a Link header, the site's `/.well-known/csvm` (or its default:
a file and a directory address), and last the header of the table itself. Metadata that was found
but does not mention the table is passed over with a warning.

Source: Model for Tabular Data, section 5, https://www.w3.org/TR/tabular-data-model/ .
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin

from app.errors import Place
from app.findings import Findings
from app.mapping.languages.csvw.documents import DEFAULT_LIMITS, Document, parse_document
from app.mapping.languages.csvw.fetching import Fetch
from app.mapping.languages.csvw.findings import METADATA_ELSEWHERE
from app.mapping.languages.csvw.metadata import read_metadata
from app.mapping.languages.csvw.model import Table, TableGroup
from app.mapping.languages.csvw.templates import TemplateError, parse_template
from app.mapping.languages.scanning import Limits

WELL_KNOWN = "/.well-known/csvm"
DEFAULT_LOCATIONS = ("{+url}-metadata.json", "csv-metadata.json")
_MEDIA_TYPES = ("application/csvm+json", "application/ld+json", "application/json")
_LINK = re.compile(r"<([^>]*)>((?:\s*;\s*[\w!#$&+\-.^`|~*]+\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]+))*)")
_PARAMETER = re.compile(r";\s*([\w*]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))")


class Locator:
    """Finds and reads metadata through a `Fetch`; each document is read once."""

    def __init__(self, fetch: Fetch, findings: Findings, limits: Limits = DEFAULT_LIMITS) -> None:
        self._fetch = fetch
        self._findings = findings
        self._limits = limits
        self._documents: dict[str, Document | None] = {}

    def document(self, url: str) -> Document | None:
        """A metadata document, None when there is none. Raises MappingSyntaxError."""
        if url not in self._documents:
            data = self._fetch.document(url)
            file = unquote(url.rsplit("/", 1)[-1]) or url
            self._documents[url] = (
                None
                if data is None
                else parse_document(data, url, file, self._findings, self._limits)
            )
        return self._documents[url]

    def group_at(self, url: str, table_url: str | None = None) -> TableGroup | None:
        """What the metadata at an address describes; without a url of its own, `table_url`."""
        document = self.document(url)
        return None if document is None else read_metadata(document, self.document, table_url)

    def group_of(self, table_url: str) -> TableGroup:
        """The metadata of a table, or just the table when none is found."""
        for url in self._candidates(table_url):
            group = self.group_at(url)
            if group is None:
                continue
            if group.table(table_url) is not None:
                return group
            self._findings.add(
                METADATA_ELSEWHERE,
                Place(url.rsplit("/", 1)[-1]),
                {"metadata": url, "table": table_url},
            )
        return TableGroup((Table(table_url),))

    def _candidates(self, table_url: str) -> Iterator[str]:
        for header in self._fetch.links(table_url):
            for target, parameters in _LINK.findall(header):
                given = {name.lower(): a or b for name, a, b in _PARAMETER.findall(parameters)}
                relations = given.get("rel", "").lower().split()
                if "describedby" in relations and given.get("type", "") in ("", *_MEDIA_TYPES):
                    yield urljoin(table_url, target)
        for location in self._site_wide(table_url):
            try:
                expanded = parse_template(location).expand({"url": table_url})
            except TemplateError:
                continue
            yield urljoin(table_url, expanded)

    def _site_wide(self, table_url: str) -> tuple[str, ...]:
        data = self._fetch.document(urljoin(table_url, WELL_KNOWN))
        if data is None:
            return DEFAULT_LOCATIONS
        return tuple(line.strip() for line in data.decode(errors="replace").split("\n") if line)
