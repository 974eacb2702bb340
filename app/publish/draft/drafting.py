"""One table → a draft: recognised, every column explained, tried on its first rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from app.codes.regions import RegionTable
from app.errors import Text
from app.findings import Findings, Severity
from app.mapping.compile import compile_mapping
from app.mapping.execute import Executor
from app.mapping.functions.registry import JFN
from app.mapping.languages import read_mapping
from app.mapping.model import LogicalSource
from app.mapping.plan import Plan
from app.publish.draft.column_draft import ColumnDraft, kept_as_text
from app.publish.draft.columns import draft_columns
from app.publish.draft.composing import compose
from app.publish.draft.keys import Key, find_key
from app.publish.draft.layouts import Layout, Layouts
from app.publish.draft.mapping_draft import MappingDraft
from app.publish.draft.modelling import Shape
from app.publish.draft.no_things import NoThings, find_no_things
from app.publish.draft.placing import placed
from app.publish.draft.recognition import RECOGNISED, Recognition, recognise_layout
from app.publish.draft.regions import Whereabouts, find_region
from app.publish.draft.sample import Sample
from app.publish.draft.telling import confirmations, differences, remarks
from app.quality.headings import folded
from app.quality.metadata import from_comments
from app.quality.roles import ColumnRole, Role, recognise_column
from app.rdf.namespaces import PREFIXES
from app.tabular.batch import MemoryTable, Table

_BAD: Final = 0.2
"""A larger share of cells that cannot be read, and a column is kept as text."""

_KEPT_MISTAKES: Final = 10_000
_MENTIONED: Final = 0.3
_TELL_THE_REGION: Final = frozenset({"region-code", "place-region-code", "municipality"})
_PLACED: Final = frozenset({"latitude", "longitude", "coordinates", "region-code"})


@dataclass(frozen=True, slots=True)
class Stated:
    """What is known before the table is looked at: by the caller, or by a description beside it.
    `units` by column; `words` is anything that names the data (a file's name)."""

    title: str = ""
    words: str = ""
    region: str = ""
    key: tuple[str, ...] = ()
    units: Mapping[str, str] | None = None
    titles: Mapping[str, str] | None = None
    taken: frozenset[str] = frozenset()
    """Beginnings of IRIs that other data sets use."""
    links_postal_codes: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What a table becomes. `recognition`: the layout that is used, if any; `likely`: others
    that were near; `no_things`: rows that are left out."""

    id: str
    title: str
    recognition: Recognition | None
    likely: tuple[Recognition, ...]
    classes: tuple[str, ...]
    namespace: str
    key: Key
    whereabouts: Whereabouts
    columns: tuple[ColumnDraft, ...]
    missing: tuple[str, ...]
    differences: tuple[Text, ...]
    confirmations: tuple[Text, ...]
    mapping: str
    no_things: NoThings | None = None

    @property
    def layout(self) -> Layout | None:
        """The layout that is used."""
        return self.recognition.layout if self.recognition is not None else None

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "dataset": self.id,
            "title": self.title,
            "layout": self.recognition.to_json() if self.recognition is not None else None,
            "likely": [
                {"id": r.layout.id, "confidence": round(r.confidence, 2)} for r in self.likely
            ],
            "classes": list(self.classes),
            "subject": self.namespace + "-".join(f"$({name})" for name in self.key.columns),
            "key": {
                "columns": list(self.key.columns),
                "reasons": _texts(self.key.reasons),
                "repeated": self.key.repeated,
            },
            "region": None
            if self.whereabouts.region is None
            else {
                "code": self.whereabouts.region.code5,
                "name": self.whereabouts.region.full_name,
                "reasons": _texts(self.whereabouts.reasons),
            },
            "columns": [column.to_json() for column in self.columns],
            "missing_values": list(self.missing),
            "differences": _texts(self.differences),
            "confirmations": _texts(self.confirmations),
            "left_out": None
            if self.no_things is None
            else {
                "column": self.no_things.column,
                "values": list(self.no_things.words),
                "rows": self.no_things.rows,
            },
        }


def draft_table(
    table: Table,
    id: str,
    layouts: Layouts,
    regions: RegionTable,
    *,
    stated: Stated | None = None,
    base_iri: str = "http://127.0.0.1:8000",
) -> Draft:
    """Draft one table. The mapping that comes out compiles, and has been run over the first rows;
    columns whose cells it could not read are text. Raises SourceError."""
    stated = stated or Stated()
    sample = Sample(table)
    roles = {name: recognise_column(name, sample.cells[name]) for name in table.columns}
    comments = from_comments(table.description.comments)
    words = " ".join((stated.title, stated.words, comments.title, comments.text, comments.creator))
    found = recognise_layout(
        table.columns,
        layouts,
        title=words,
        ignored=[
            name for name, role in roles.items() if role.role is Role.EMPTY and _unnamed(name)
        ],
    )
    recognition = found[0] if found and found[0].confidence >= RECOGNISED else None
    likely = tuple(r for r in found[:3] if r is not recognition and r.confidence >= _MENTIONED)
    columns = draft_columns(roles, sample.cells, recognition, layouts)
    columns = placed([_described(column, stated) for column in columns], sample.cells)
    whereabouts = find_region(columns, sample.cells, regions, stated=stated.region, words=words)
    key = find_key(table, columns, roles, stated.key)
    no_things = find_no_things(table, key)
    layout = recognition.layout if recognition is not None else None
    classes = layout.classes if layout is not None else _classes(columns, roles)
    namespace, renamed = _namespace(id, layout, whereabouts, stated)
    title = stated.title or _title(comments.title, layout, whereabouts, id)
    draft = MappingDraft(
        title,
        classes,
        namespace,
        columns,
        key,
        whereabouts,
        layout,
        remarks(recognition),
        stated.links_postal_codes,
        no_things,
    )
    draft = _tried(draft, sample, base_iri)
    return Draft(
        id,
        title,
        recognition,
        likely,
        classes,
        namespace,
        key,
        whereabouts,
        draft.columns,
        sample.missing,
        differences(recognition),
        confirmations(draft, likely, renamed, comments.licence, sample.lost),
        compose(draft),
        no_things,
    )


def _described(column: ColumnDraft, stated: Stated) -> ColumnDraft:
    """With the title and the unit that a description beside the table has for it."""
    title = (stated.titles or {}).get(column.column)
    unit = (stated.units or {}).get(column.column)
    if title and column.title == column.column:
        column = replace(column, title=title)
    if unit and not column.means:
        shape = column.shape
        numeric = shape in (Shape.INTEGER, Shape.DECIMAL)
        column = replace(column, unit=unit, shape=Shape.QUANTITY if numeric else shape)
    return column


def _tried(draft: MappingDraft, sample: Sample, base_iri: str) -> MappingDraft:
    """The draft after its mapping was run over the sample: columns with too many cells that
    cannot be read are text."""
    findings = Findings(_KEPT_MISTAKES)
    plan = compiled(compose(draft), base_iri, sample.table.name, sample.missing)
    executor = Executor(plan, lambda _: sample.table, findings)
    for pipeline in plan.pipelines:
        for batch in sample.batches:
            narrowed = replace(batch, table=batch.table.select(list(pipeline.columns)))
            executor.batch(pipeline, MemoryTable(sample.table.name, sample.table), narrowed)
    bad: dict[str, set[int]] = {}
    for finding in findings:
        if finding.kind.severity > Severity.INFO and finding.place.field is not None:
            lines = bad.setdefault(finding.place.field, set())
            lines.add(finding.place.line or 0)
    columns = []
    meanings = {column.means for column in draft.columns}
    for column in draft.columns:
        wrong, cells = len(bad.get(column.column, ())), len(sample.cells[column.column])
        if wrong > _BAD * cells and column.means not in _PLACED:
            column = kept_as_text(column, wrong / max(cells, 1))
            if column.means == "address" and meanings & _TELL_THE_REGION:
                column = replace(column, confirm=None)  # another column links to the region
        columns.append(column)
    return replace(draft, columns=tuple(columns))


def compiled(text: str, base_iri: str, path: str, nulls: Sequence[str] = ()) -> Plan:
    """The plan of a composed mapping, as a data set compiles it."""
    mapping = read_mapping(
        text,
        file="mapping.yml",
        default_prefixes={
            **PREFIXES,
            "id": f"{base_iri}/id/",
            "def": f"{base_iri}/def/",
            "jfn": JFN,
        },
        default_source=LogicalSource(path, nulls=("", *nulls)),
        base=f"{base_iri}/",
    )
    return compile_mapping(mapping, base=f"{base_iri}/")


def _namespace(
    id: str, layout: Layout | None, where: Whereabouts, stated: Stated
) -> tuple[str, bool]:
    """How the IRIs of the things begin, and whether the usual beginning was taken."""
    if layout is None:
        return f"id:{id}/", False
    if where.region is not None:
        usual = f"id:{layout.path}/{where.region.code5}-"
        if usual not in stated.taken:
            return usual, False
        return f"id:{layout.path}/{id}-", True
    return f"id:{layout.path}/{id}-", False


def _classes(columns: Sequence[ColumnDraft], roles: Mapping[str, ColumnRole]) -> tuple[str, ...]:
    """The class of things in a table of no known layout."""
    meanings = {column.means for column in columns}
    mapped = [column for column in columns if column.is_mapped]
    amounts = sum(roles[column.column].role is Role.AMOUNT for column in mapped)
    if "population" in meanings or amounts > 0.5 * len(mapped):
        return ("qb:Observation",)
    if meanings & {"latitude", "coordinates", "address"}:
        return ("ic:施設型",)
    if {"start-date", "end-date"} <= meanings and "name" in meanings and "opens" in meanings:
        return ("ic:イベント型",)
    names = " ".join(folded(column.column) for column in columns)
    if re.search(r"部署|所属|組織|局名|課名|affiliation|bureau|department|division", names):
        return ("ic:組織型",)
    if meanings & {"phone", "opens", "postal-code"}:
        return ("ic:施設型",)
    return ("ic:事物型",)


def _title(commented: str, layout: Layout | None, where: Whereabouts, id: str) -> str:
    if commented:
        return commented
    if layout is None:
        return id
    return f"{where.region.name} {layout.title}" if where.region is not None else layout.title


def _unnamed(name: str) -> bool:
    return re.fullmatch(r"column_\d+", name) is not None


def _texts(texts: Sequence[Text]) -> list[dict[str, str]]:
    return [{"ja": text.ja, "en": text.en} for text in texts]
