"""`mappings/<id>/` from a draft: description, mapping and the table as it is, all or nothing."""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from app.codes.regions import RegionTable
from app.codes.terms import TermTable
from app.errors import DatasetError, MappingError, Place, Text, UsageError
from app.findings import Findings
from app.mapping.functions.registry import JFN
from app.mapping.languages import read_mapping
from app.mapping.languages.scanning import Limits
from app.mapping.languages.yarrrml.writer import write_yarrrml
from app.mapping.model import LogicalSource, PredicateObject, TermMap
from app.mapping.model import Mapping as MappingModel
from app.publish.dataset import MAPPINGS, Dataset, all_datasets
from app.publish.draft.beside import Beside, items_for, look_beside
from app.publish.draft.columns import Origin
from app.publish.draft.describing import DescriptionDraft, describe
from app.publish.draft.drafting import Draft, Stated, draft_table
from app.publish.draft.layouts import load_layouts
from app.quality.metadata import from_comments
from app.rdf.namespaces import PREFIXES
from app.settings import Settings
from app.tabular.batch import Dialect, Table
from app.tabular.limits import ReadLimits
from app.tabular.reader import open_table

DESCRIPTION: Final = "datapackage.yaml"
MAPPING: Final = "mapping.yml"
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_PACKED: Final = re.compile(
    r"\.(csv|tsv|txt|tab|xlsx|xlsm|ods|json|jsonl|ndjson|geojson|gz|zst|xz|zip)$"
)


@dataclass(frozen=True, slots=True)
class DraftedFolder:
    """What was written. `draft` is None when CSVW metadata beside the file is the mapping."""

    id: str
    folder: Path
    files: tuple[str, ...]
    draft: Draft | None
    used: tuple[Path, ...]
    notes: tuple[Text, ...]
    findings: Findings

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "dataset": self.id,
            "folder": str(self.folder),
            "files": list(self.files),
            "used": [str(path) for path in self.used],
            "notes": [{"ja": note.ja, "en": note.en} for note in self.notes],
            "draft": None if self.draft is None else self.draft.to_json(),
            **self.findings.to_json(),
        }


def draft_folder(
    file: Path,
    settings: Settings,
    regions: RegionTable,
    *,
    id: str | None = None,
    region: str = "",
    force: bool = False,
) -> DraftedFolder:
    """Draft a data set from a table in a file (`book.xlsx#Sheet!A1:F20` and `archive.zip#member`
    as well) and write its folder.

    What lies beside the file is used. Nothing is written before the draft is complete; a folder
    that is there is only replaced with `force`, file by file.
    Raises SourceError, UsageError, DatasetError.
    """
    plain, within = _split(file)
    id = _valid_id(id) if id is not None else dataset_id(plain)
    folder = settings.mappings_dir / id
    _refuse_existing(folder, force=force)
    _refuse_own_folder(plain, folder)
    beside = look_beside(plain, settings)
    findings = Findings()
    table = open_table(
        file,
        Dialect(encoding=beside.encoding),
        findings=findings,
        limits=ReadLimits.from_settings(settings),
    )
    if beside.csvw is not None:
        name = _metadata_name(beside.csvw.name)
        written = _write(folder, {name: beside.csvw.read_bytes()}, plain)
        return DraftedFolder(id, folder, written, None, beside.used, beside.notes, findings)
    stated = _stated(plain, beside, settings, folder, region)
    layouts = load_layouts(settings.vocab_dir)
    draft = draft_table(table, id, layouts, regions, stated=stated, base_iri=settings.base_iri)
    notes = list(beside.notes)
    mapping = draft.mapping
    if beside.items is not None:
        try:
            mapping = _by_items(beside.items, draft, table, plain.name, settings)
        except MappingError as error:
            notes.append(
                Text(
                    f"項目定義書 {beside.items.name} は使えませんでした: {error.text.ja}",
                    f"the item table {beside.items.name} could not be used: {error.text.en}",
                )
            )
    description = describe(_description(draft, table, plain, within, beside, settings))
    texts = {DESCRIPTION: description.encode(), MAPPING: mapping.encode()}
    written = _write(folder, texts, plain)
    return DraftedFolder(id, folder, written, draft, beside.used, tuple(notes), findings)


def dataset_id(file: Path) -> str:
    """An id from a file's name: small letters, digits and hyphens."""
    name = unicodedata.normalize("NFKC", file.name).lower()
    while match := _PACKED.search(name):
        name = name[: match.start()]
    id = re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:64].strip("-")
    if not id:
        raise UsageError(
            Text(
                "ファイル名からデータセットの ID を作れません。",
                "no id for the data set can be made from the file's name.",
            ),
            place=Place(str(file)),
            hint=Text(
                "--dataset で半角英小文字・数字・ハイフンの ID を指定してください（例: aed）。",
                "Give one with --dataset, in small letters, digits and hyphens, such as aed.",
            ),
        )
    return id


def _valid_id(id: str) -> str:
    if not _ID.fullmatch(id):
        raise UsageError(
            Text(
                f"データセットの ID「{id}」は使えません。",
                f"“{id}” cannot be the id of a data set.",
            ),
            hint=Text(
                "半角英小文字・数字・ハイフンで 64 字までにしてください。",
                "Use small letters, digits and hyphens, at most 64.",
            ),
        )
    return id


def _split(file: Path) -> tuple[Path, str]:
    """The file itself, and what of it is meant (sheet and range, member)."""
    text = str(file)
    for mark in (".zip#", ".xlsx#", ".xlsm#", ".ods#"):
        at = text.lower().find(mark)
        if at >= 0 and not file.exists():
            end = at + len(mark) - 1
            return Path(text[:end]), text[end + 1 :]
    return file, ""


def _refuse_existing(folder: Path, *, force: bool) -> None:
    if force or not folder.exists():
        return
    raise DatasetError(
        Text("データセットのフォルダーがもうあります。", "the data set's folder is there already."),
        place=Place(str(folder)),
        hint=Text(
            "別の ID を --dataset で指定するか、作り直してよければ --force を付けてください。",
            "Give another id with --dataset, or --force to draft it anew.",
        ),
    )


def _refuse_own_folder(file: Path, folder: Path) -> None:
    """With --force a table inside the folder stays; its description must not be its own source."""
    if file.exists() and file.resolve() == (folder / DESCRIPTION).resolve():
        raise UsageError(
            Text("説明ファイルは表ではありません。", "the description is no table."),
            place=Place(str(file)),
        )


def _stated(file: Path, beside: Beside, settings: Settings, folder: Path, region: str) -> Stated:
    taken: set[str] = set()
    postal = False
    for dataset in all_datasets(settings):
        if dataset.folder.resolve() == folder.resolve():
            continue
        postal = postal or dataset.id.startswith("postal-codes")
        taken |= _beginnings(dataset)
    spatial = str(beside.package.get("spatial") or "")
    code = re.search(r"/sac/C(\d{5})$", spatial)
    return Stated(
        title=str(beside.resource.get("title") or beside.package.get("title") or ""),
        words=f"{file.stem} {beside.package.get('publisher') or ''}",
        region=region or (code[1] if code else ""),
        key=beside.key,
        units=beside.of_fields("unit"),
        titles=beside.of_fields("title"),
        taken=frozenset(taken),
        links_postal_codes=postal,
    )


def _beginnings(dataset: Dataset) -> set[str]:
    """How the IRIs that a data set's mapping makes begin."""
    try:
        text = dataset.mapping_path.read_text(encoding="utf-8-sig")
    except (DatasetError, OSError, UnicodeDecodeError):
        return set()
    return {f"id:{found}" for found in re.findall(r"\bid:([^\s\"$]+-)\$\(", text)}


def _by_items(items: Path, draft: Draft, table: Table, path: str, settings: Settings) -> str:
    """The mapping that an item table states; columns that it says nothing about come after."""
    text, named = items_for(items, table.columns, settings)
    terms = TermTable.load(settings.vocab_dir, base_iri=settings.base_iri)
    base = settings.base_iri
    namespace = draft.namespace.replace("id:", f"{base}/id/", 1)
    mapping = read_mapping(
        text,
        file=items.name,
        limits=Limits.of(settings),
        default_source=LogicalSource(path),
        terms=terms,
        namespace=namespace,
    )
    drafted = read_mapping(
        draft.mapping,
        file=MAPPING,
        default_prefixes={
            **PREFIXES,
            "id": f"{base}/id/",
            "def": f"{base}/def/",
            "jfn": JFN,
        },
        default_source=LogicalSource(path),
        base=f"{base}/",
    )
    more = _said_besides(drafted, set(named), mapping)
    joined = replace(
        mapping,
        triples_maps=(*mapping.triples_maps, *more),
        prefixes={**mapping.prefixes, "id": f"{base}/id/", "def": f"{base}/def/"},
    )
    head = (
        f"# {draft.title} の対応づけ（項目定義書 {items.name} と tsunagu init による下書き）\n"
        "# 項目定義書にある列はその共通語彙に、ない列は見出しと値から考えた性質にしています。\n\n"
    )
    return head + write_yarrrml(joined)


def _said_besides(drafted: MappingModel, named: set[str], mapping: MappingModel) -> list[Any]:
    """Of the draft: labels, coordinates and links of the thing itself, and columns that the item
    table leaves out."""
    subject = mapping.triples_maps[0].subjects[0]
    kept: list[PredicateObject] = []
    root = drafted.triples_maps[0]
    for statement in root.predicate_objects:
        columns = _columns(statement)
        if any(not isinstance(each, TermMap) for each in statement.objects):
            continue
        predicate = repr(statement.predicates)
        useful = any(
            word in predicate for word in ("rdf-schema#label", "wgs84_pos#", "terms/spatial")
        )
        if columns and (useful or not columns & named):
            kept.append(statement)
    said = replace(
        root, id="besides", subjects=(subject,), classes=(), predicate_objects=tuple(kept)
    )
    declared = [m for m in drafted.triples_maps if m.id.rsplit("/", 1)[-1].startswith("column-")]
    return [said, *declared]


def _columns(node: Any) -> set[str]:
    return set(re.findall(r"Reference\(name='((?:[^'\\]|\\.)*)'", repr(node)))


def _description(
    draft: Draft, table: Table, file: Path, within: str, beside: Beside, settings: Settings
) -> DescriptionDraft:
    description, comments = table.description, from_comments(table.description.comments)
    region = draft.whereabouts.region
    packed = file.suffix.lower() == ".zip"
    sheet, _, cells = within.partition("!") if not packed else ("", "", "")
    text = bool(description.delimiter)
    layout = draft.layout
    return DescriptionDraft(
        id=draft.id,
        title=draft.title,
        title_en=layout.title_en if layout is not None else "",
        path=f"{file.name}#{within}" if packed and within else file.name,
        encoding=description.encoding if text else "",
        delimiter=description.delimiter if text else "",
        header_rows=description.header_rows if not description.comments else 1,
        missing=draft.missing,
        key=() if draft.key.is_row else draft.key.columns,
        columns=tuple(c for c in draft.columns if c.origin is not Origin.LEFT_OUT),
        region_code=region.code5 if region is not None else "",
        publisher=comments.creator
        or settings.publisher
        or (region.name if region is not None else ""),
        licence=comments.licence if comments.licence.startswith("http") else "",
        source=comments.address if comments.address.startswith("http") else "",
        keywords=layout.words[:1] if layout is not None else (),
        sheet=sheet,
        cells=cells,
        stated=beside.package,
    )


def _metadata_name(name: str) -> str:
    return name if name.endswith("-metadata.json") else "csv-metadata.json"


def _write(folder: Path, texts: Mapping[str, bytes], table: Path) -> tuple[str, ...]:
    """Write into a folder beside, then move it into place: nothing is left half written."""
    with _write_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".draft-") as temporary:
            made = Path(temporary) / "made"
            made.mkdir()
            for name, data in texts.items():
                (made / name).write_bytes(data)
            inside = folder / table.name
            if not (inside.exists() and inside.resolve() == table.resolve()):
                shutil.copyfile(table, made / table.name)
            if not folder.exists():
                made.rename(folder)
            else:
                _replace(folder, made, texts)
    return (*texts, table.name)


def _replace(folder: Path, made: Path, texts: Mapping[str, bytes]) -> None:
    """New files over old ones; another mapping or description would contradict the new one."""
    for pattern in (*MAPPINGS, "datapackage.*", "items.csv"):
        for old in folder.glob(pattern):
            if old.name not in texts and not (made / old.name).exists():
                old.rename(old.with_name(old.name + ".old"))
    for path in made.iterdir():
        path.replace(folder / path.name)


@contextmanager
def _write_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DatasetError(
            Text(
                f"フォルダーに書けません: {error.strerror}",
                f"the folder cannot be written: {error.strerror}",
            ),
            place=Place(str(folder)),
            hint=Text(
                "書き込みの権限と空き容量を確認してください。",
                "Check permissions and free space.",
            ),
        ) from error
