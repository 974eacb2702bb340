"""A data set is a folder with standard files: description, mapping, tables.

mappings/<id>/datapackage.yaml   what it is (Frictionless Data Package)
              mapping.yml        how rows become triples (YARRRML; or *.rml.ttl)
              items.csv          … or an IMI item table (項目定義書)
              *-metadata.json    CSVW: the mapping, and the description where there is no other
              *.csv              the table, unless the description names another path
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from app.codes.terms import TermTable
from app.errors import DatasetError, DatasetNotFound, Place, SourceNotFound, Text
from app.findings import Findings
from app.mapping.compile import compile_mapping
from app.mapping.functions.registry import JFN
from app.mapping.languages import read_mapping
from app.mapping.languages.scanning import Limits
from app.mapping.model import LogicalSource, Mapping
from app.mapping.plan import Plan
from app.mapping.sources import open_source, sources_of
from app.mapping.static_checks import check_columns, check_joins
from app.publish import csvw_folder
from app.publish.description import Description, Resource, read_description
from app.publish.fetching.addresses import is_remote
from app.publish.fetching.copies import Copies
from app.rdf.namespaces import PREFIXES
from app.settings import Settings
from app.tabular.batch import Dialect, Table
from app.tabular.json_source import open_json
from app.tabular.limits import ReadLimits
from app.tabular.reader import open_table

DESCRIPTIONS = ("datapackage.yaml", "datapackage.yml", "datapackage.json")
MAPPINGS = (
    "mapping.yml",
    "mapping.yaml",
    "*.rml.ttl",
    "mapping.ttl",
    "items.csv",
    csvw_folder.PATTERN,
)


@dataclass(frozen=True)
class Dataset:
    """One folder under `mappings/`. Reading is lazy: a broken data set breaks only itself."""

    id: str
    folder: Path
    settings: Settings

    @property
    def graph(self) -> str:
        """The named graph that holds its triples; also its address in the graph store."""
        return f"{self.settings.base_iri}/graphs/{self.id}"

    @cached_property
    def description_path(self) -> Path:
        """Raises DatasetError when there is none."""
        for name in DESCRIPTIONS:
            if (self.folder / name).is_file():
                return self.folder / name
        if self.csvw is not None:
            return self.csvw.metadata
        raise DatasetError(
            Text(
                ja="データセットの説明 (datapackage.yaml) がありません。",
                en="the data set has no description (datapackage.yaml).",
            ),
            place=Place(str(self.folder)),
        )

    @cached_property
    def description(self) -> Description:
        """Raises DatasetError with line and column; of CSVW metadata MappingError."""
        if self.csvw is not None and self.description_path == self.csvw.metadata:
            return Description.model_validate(self.csvw.package(self.id))
        return read_description(self.description_path, Limits.of(self.settings))

    @cached_property
    def csvw(self) -> csvw_folder.CsvwFolder | None:
        """The CSVW metadata that maps the data set, if its mapping is in that language."""
        found = sorted(self.folder.glob(csvw_folder.PATTERN))
        if not found or self.mapping_path != found[0]:
            return None
        return csvw_folder.CsvwFolder(found[0], f"{self.graph}/", self.settings, self.source_path)

    @cached_property
    def mapping_path(self) -> Path:
        """Raises DatasetError when there is none or more than one."""
        found = [path for pattern in MAPPINGS for path in sorted(self.folder.glob(pattern))]
        if len(found) == 1:
            return found[0]
        names = ", ".join(path.name for path in found)
        raise DatasetError(
            Text(
                ja=f"マッピングが二つ以上あります: {names}",
                en=f"there is more than one mapping: {names}",
            )
            if found
            else Text(
                ja="マッピング (mapping.yml) がありません。",
                en="the data set has no mapping (mapping.yml).",
            ),
            place=Place(str(self.folder)),
        )

    @cached_property
    def plan(self) -> Plan:
        """The compiled mapping. Raises MappingError with line and column."""
        if self.csvw is not None:
            return self.csvw.plan
        mapping, remarks = self._mapping
        return compile_mapping(
            self._with_missing_values(mapping),
            base=f"{self.settings.base_iri}/",
            findings=remarks,
        )

    @property
    def mapping(self) -> Mapping | None:
        """What the mapping says, as written; None for CSVW metadata. Raises MappingError."""
        return None if self.csvw is not None else self._mapping[0]

    @property
    def remarks(self) -> Findings:
        """What the mapping's reader remarked."""
        return Findings() if self.csvw is not None else self._mapping[1]

    @cached_property
    def _mapping(self) -> tuple[Mapping, Findings]:
        """The mapping as written, and what its reader remarked."""
        base = self.settings.base_iri
        remarks = Findings()
        mapping = read_mapping(
            self.mapping_path.read_text(encoding="utf-8-sig"),
            file=str(self.mapping_path),
            limits=Limits.of(self.settings),
            findings=remarks,
            terms=TermTable.load(self.settings.vocab_dir, base_iri=base)
            if self.mapping_path.suffix == ".csv"
            else None,
            namespace=f"{base}/id/{self.id}/",
            default_prefixes={
                **PREFIXES,
                "id": f"{base}/id/",
                "def": f"{base}/def/",
                "jfn": JFN,
            },
            default_source=LogicalSource(self.description.resources[0].path),
            base=f"{base}/",
        )
        return mapping, remarks

    def _with_missing_values(self, mapping: Mapping) -> Mapping:
        """Sources for which the mapping says nothing of nulls have those of the description
        (Table Schema, "missingValues": the cell texts that stand for no value)."""

        def with_nulls(source: LogicalSource) -> LogicalSource:
            resource = self.resource(source.path)
            if resource is None or source.nulls != ("",):
                return source
            return replace(source, nulls=resource.table_schema.missing_values)

        maps = (
            replace(each, source=each.source.with_files(with_nulls))
            for each in mapping.triples_maps
        )
        return replace(mapping, triples_maps=tuple(maps))

    def resource(self, path: str) -> Resource | None:
        """The described resource with this path, else with this name."""
        resources = self.description.resources
        named = (r for r in resources if r.name == path)
        return next((r for r in resources if r.path == path), next(named, None))

    def address(self, path: str) -> str | None:
        """The http(s) address of a source that lies elsewhere. CSVW metadata names files by their
        own addresses, and is a description only when its tables have been read."""
        resource = self.resource(path) if self.csvw is None else None
        real = resource.path if resource is not None else path
        return real if is_remote(real) else None

    def open_table(self, source: LogicalSource, findings: Findings) -> Table:
        """Open a logical source: what the mapping says wins over the description's dialect."""
        return open_source(source, lambda file: self._open_file(file, findings), findings)

    def _open_file(self, source: LogicalSource, findings: Findings) -> Table:
        if self.csvw is not None:
            return self.csvw.open_table(source, findings)
        resource = self.resource(source.path)
        if source.formulation == "json":
            return open_json(
                self.source_path(source.path),
                source.iterator,
                encoding=source.encoding or (resource.encoding if resource is not None else None),
                findings=findings,
                limits=ReadLimits.from_settings(self.settings),
            )
        described = resource.dialect if resource is not None else None
        dialect = Dialect(
            encoding=source.encoding or (resource.encoding if resource is not None else None),
            delimiter=source.delimiter or (described.delimiter if described else None),
            quote=source.quote or (described.quote_char if described else None) or '"',
            header_rows=(described.header_rows if described else None) if source.header else 0,
            skip_rows=described.skip_rows if described else 0,
            comment_prefix=source.comment_prefix or (described.comment_char if described else None),
            skip_initial_space=described.skip_initial_space if described else False,
            sheet=described.sheet if described else None,
            cells=described.cells if described else None,
        )
        return open_table(
            self.source_path(source.path),
            dialect,
            findings=findings,
            limits=ReadLimits.from_settings(self.settings),
        )

    def source_path(self, path: str) -> Path:
        """Where a source lies. Paths are relative to the folder and stay inside the mappings,
        vocabulary and data folders; what lies at an address is fetched when there is no copy yet.
        Raises DatasetError or SourceError."""
        address = self.address(path)
        if address is not None:
            return self.copies.file(address)
        full = (self.folder / path).resolve()
        roots = [
            root.resolve()
            for root in (
                self.folder,
                self.settings.mappings_dir,
                self.settings.vocab_dir,
                self.settings.data_dir,
            )
        ]
        if not any(full.is_relative_to(root) for root in roots):
            raise DatasetError(
                Text(
                    ja=f"{path} はデータセットのフォルダーの外にあります。",
                    en=f"{path} lies outside the data set's folder.",
                ),
                place=Place(str(self.description_path)),
                hint=Text(
                    ja="表をデータセットのフォルダーに置いてください。",
                    en="Put the table into the data set's folder.",
                ),
            )
        if not full.exists():
            near = [p.name for p in full.parent.iterdir()] if full.parent.is_dir() else []
            close = get_close_matches(full.name, near, n=3)
            raise SourceNotFound(
                Text(ja=f"表 {path} がありません。", en=f"the table {path} is not there."),
                place=Place(str(self.description_path)),
                hint=Text(ja=f"近い名前: {', '.join(close)}", en=f"Near ones: {', '.join(close)}.")
                if close
                else None,
            )
        return full

    @property
    def copies(self) -> Copies:
        """Tables that were fetched."""
        return Copies(self.settings)

    def fetch(self) -> None:
        """Ask for newer versions of the sources that lie elsewhere. Raises SourceError; the copies
        then stay."""
        addresses = (self.address(path) for path in sorted(self._sources()))
        for address in dict.fromkeys(addresses):
            if address is not None:
                self.copies.refresh(address)

    def _sources(self) -> set[str]:
        """Every file that the plan reads."""
        sources = {file.path for source in sources_of(self.plan) for file in source.files()}
        if self.csvw is not None:
            sources |= self.csvw.documents
        return sources

    def check(self, findings: Findings) -> dict[LogicalSource, Table]:
        """Open every source of the plan and check the columns it names, before any row is read.
        Gives the opened tables; what the mapping's reader remarked goes to `findings` as well.
        Raises MappingReferenceError or SourceError."""
        plan = self.plan  # its compiler has remarks, too
        findings.extend(self.remarks)
        files: dict[LogicalSource, Table] = {}
        tables: dict[LogicalSource, Table] = {}
        for source in sources_of(plan):
            for file in source.files():
                if file not in files:
                    files[file] = self._open_file(file, findings)
            tables[source] = open_source(source, files.__getitem__, findings)
        if self.csvw is None:  # CSVW was matched with the header when it was compiled
            opened = files | tables
            check_columns(
                plan,
                lambda source: opened[source].columns,
                place=Place(str(self.mapping_path)),
            )
            check_joins(plan, self._types, findings)
        return tables

    def _types(self, source: LogicalSource) -> dict[str, str]:
        """The types that the description states, by column."""
        resource = self.resource(source.path) if source.view is None else None
        fields = () if resource is None else resource.table_schema.fields
        return {each.name: each.type for each in fields if "type" in each.model_fields_set}

    def inputs(self) -> dict[str, str]:
        """SHA-256 of every file that decides the output, by name; empty for a table that has yet
        to be fetched."""
        files = {"description": self.description_path, "mapping": self.mapping_path}
        sums = {name: _sha256(path) for name, path in files.items()}
        for path in sorted(self._sources()):
            address = self.address(path)
            if address is None:
                sums[path] = _sha256(self.source_path(path))
            else:
                copy = self.copies.known(address)
                sums[path] = copy.sha256 if copy is not None else ""
        return sums


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def all_datasets(settings: Settings) -> list[Dataset]:
    """Every folder with a description, by id."""
    if not settings.mappings_dir.is_dir():
        return []
    return [
        Dataset(folder.name, folder, settings)
        for folder in sorted(settings.mappings_dir.iterdir())
        if is_dataset(folder)
    ]


def is_dataset(folder: Path) -> bool:
    """Whether a folder holds a description or CSVW metadata, which is one as well."""
    return folder.is_dir() and (
        any((folder / name).is_file() for name in DESCRIPTIONS)
        or any(folder.glob(csvw_folder.PATTERN))
    )


def find_dataset(settings: Settings, dataset_id: str) -> Dataset:
    """One data set by its id, or a folder by its path. Raises DatasetNotFound."""
    known = {dataset.id: dataset for dataset in all_datasets(settings)}
    if dataset_id in known:
        return known[dataset_id]
    folder = Path(dataset_id)
    if is_dataset(folder):
        return Dataset(folder.resolve().name, folder, settings)
    near = get_close_matches(dataset_id, known, n=3)
    raise DatasetNotFound(
        Text(
            ja=f"データセット {dataset_id} は {settings.mappings_dir} にありません。",
            en=f"there is no data set {dataset_id} in {settings.mappings_dir}.",
        ),
        hint=Text(ja=f"近い名前: {', '.join(near)}", en=f"Near ones: {', '.join(near)}.")
        if near
        else Text(
            ja=f"ある名前: {', '.join(known) or 'なし'}",
            en=f"There are: {', '.join(known) or 'none'}.",
        ),
    )
