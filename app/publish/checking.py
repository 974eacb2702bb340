"""CHECK for the command line and the web alike: a file, an upload, or every table of a data set.

What is stated about a table comes from the data set's description, or for a lone file from a
`datapackage.yaml` or `.json` that lies beside it and names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.codes.regions import RegionTable
from app.errors import DatasetError, MappingError, MappingSyntaxError
from app.findings import Findings
from app.mapping.languages.scanning import Limits
from app.mapping.model import LogicalSource
from app.mapping.plan import Plan
from app.publish.dataset import DESCRIPTIONS, Dataset
from app.publish.description import Description, Resource, read_description
from app.quality.metadata import Metadata
from app.quality.report import CheckReport
from app.quality.run import check_table
from app.settings import Settings
from app.tabular.batch import Dialect, Table
from app.tabular.first_rows import FirstRows
from app.tabular.limits import ReadLimits
from app.tabular.reader import open_bytes, open_table

KEPT_FINDINGS = 500
"""Findings of each kind that a report keeps with their place; all are counted."""

_LINKED: Final[Mapping[str, tuple[str, ...]]] = {
    "data.e-stat.go.jp": ("data.e-stat.go.jp/lod", "fn:regionIri"),
    "hojin-info.go.jp": ("hojin-info.go.jp", "fn:corporateIri"),
    "wikidata.org": ("wikidata.org/entity",),
    "dbpedia.org": ("dbpedia.org/resource",),
    "geonames.org": ("sws.geonames.org",),
}
"""Publishers of linked data, and what in a plan shows that it links to them."""


def check_file(
    path: Path, settings: Settings, regions: RegionTable, *, excerpt_rows: int = 0
) -> CheckReport:
    """Check a table in a file. Raises SourceError."""
    findings = Findings(KEPT_FINDINGS)
    metadata = _beside(path, settings)
    dialect = Dialect(encoding=metadata.encoding or None)
    table = open_table(path, dialect, findings=findings, limits=ReadLimits.from_settings(settings))
    return check_table(table, findings, regions, metadata=metadata, excerpt_rows=excerpt_rows)


def check_bytes(
    name: str, data: bytes, settings: Settings, regions: RegionTable, *, excerpt_rows: int = 0
) -> CheckReport:
    """Check an upload or a paste; nothing of it is kept. Raises SourceError."""
    findings = Findings(KEPT_FINDINGS)
    limits = ReadLimits.from_settings(settings)
    table = open_bytes(name, data, findings=findings, limits=limits)
    return check_table(table, findings, regions, excerpt_rows=excerpt_rows)


def check_dataset(
    dataset: Dataset,
    regions: RegionTable,
    *,
    excerpt_rows: int = 0,
    most_rows: int | None = None,
    kept: int = KEPT_FINDINGS,
) -> list[CheckReport]:
    """Check every table that a data set's description names, or the first `most_rows` rows of
    each, keeping `kept` findings of each kind. Raises DatasetError, SourceError; a broken mapping
    only means that the data set is not linked data yet."""
    reports = []
    plan = _plan(dataset)
    for resource in dataset.description.resources:
        findings = Findings(kept)
        table: Table = dataset.open_table(LogicalSource(resource.path), findings)
        if most_rows is not None:
            table = FirstRows(table, most_rows)
        metadata = metadata_of(
            dataset.description, resource, dataset.source_path(resource.path), plan
        )
        reports.append(
            check_table(
                table,
                findings,
                regions,
                metadata=metadata,
                is_dataset=True,
                excerpt_rows=excerpt_rows,
            )
        )
    return reports


def metadata_of(
    description: Description, resource: Resource, file: Path, plan: Plan | None = None
) -> Metadata:
    """The guide's items, in a description and of the file itself."""
    stat = file.stat()
    licence = next((each.path or each.name for each in description.licenses), "")
    publisher = description.publisher or next(
        (c.title for c in description.contributors if c.role == "publisher"), ""
    )
    creator = next((c.title for c in description.contributors if c.role == "author"), publisher)
    fields = resource.table_schema.fields
    return Metadata(
        title=description.title,
        address=description.homepage or next((s.path for s in description.sources if s.path), ""),
        organisation=publisher or creator,
        creator=creator,
        licence=licence,
        tags="、".join(description.keywords),
        frequency=description.accrual_periodicity,
        issued=description.issued or description.created,
        format=resource.format,
        size=str(stat.st_size),
        modified=datetime.fromtimestamp(stat.st_mtime, UTC).date().isoformat(),
        language="ja",
        encoding=resource.encoding or "",
        text="\n".join(
            (
                description.description,
                description.description_en,
                *(f"{f.title} {f.description} {f.unit}" for f in fields),
            )
        ),
        units={field.name: field.unit for field in fields if field.unit},
        key=resource.table_schema.primary_key,
        has_mapping=plan is not None,
        links=_links(plan),
    )


def _plan(dataset: Dataset) -> Plan | None:
    try:
        return dataset.plan
    except (MappingError, DatasetError):
        return None


def _links(plan: Plan | None) -> tuple[str, ...]:
    """The hosts of other publishers whose things a plan links to."""
    if plan is None:
        return ()
    text = repr(plan)  # a plan is a printable tree: constants, templates and functions by name
    return tuple(host for host, signs in _LINKED.items() if any(sign in text for sign in signs))


def _beside(path: Path, settings: Settings) -> Metadata:
    """What a description beside a lone file states of it; nothing when it cannot be read: it is
    the table that is to be checked."""
    for name in DESCRIPTIONS:
        beside = path.parent / name
        if not beside.is_file():
            continue
        try:
            description = read_description(beside, Limits.of(settings))
        except (DatasetError, MappingSyntaxError):
            return Metadata()
        for resource in description.resources:
            if resource.path == path.name:
                return metadata_of(description, resource, path)
    return Metadata()
