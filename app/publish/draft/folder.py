"""`mappings/<id>/` from a draft: description, mapping and the table as it is, all or nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.codes.regions import RegionTable
from app.errors import DatasetError, MappingError, Place, Text, UsageError
from app.findings import Findings
from app.publish.dataset import Dataset, all_datasets
from app.publish.draft.beside import Beside, look_beside
from app.publish.draft.by_items import by_items
from app.publish.draft.column_draft import Origin
from app.publish.draft.describing import DescriptionDraft, describe
from app.publish.draft.drafting import Draft, Stated, draft_table
from app.publish.draft.layouts import load_layouts
from app.publish.draft.writing import write
from app.quality.metadata import from_comments
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
        written = write(folder, {name: beside.csvw.read_bytes()}, plain)
        return DraftedFolder(id, folder, written, None, beside.used, beside.notes, findings)
    stated = _stated(plain, beside, settings, folder, region)
    layouts = load_layouts(settings.vocab_dir)
    draft = draft_table(table, id, layouts, regions, stated=stated, base_iri=settings.base_iri)
    notes = list(beside.notes)
    mapping = draft.mapping
    if beside.items is not None:
        try:
            mapping = by_items(beside.items, draft, table, plain.name, settings)
        except MappingError as error:
            notes.append(
                Text(
                    f"項目定義書 {beside.items.name} は使えませんでした: {error.text.ja}",
                    f"the item table {beside.items.name} could not be used: {error.text.en}",
                )
            )
    description = describe(_description(draft, table, plain, within, beside, settings))
    texts = {DESCRIPTION: description.encode(), MAPPING: mapping.encode()}
    written = write(folder, texts, plain)
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
