"""A draft's description as a Data Package in YAML, with what a steward has to fill in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.mapping.languages.yarrrml.flow import scalar
from app.publish.draft.column_draft import ColumnDraft
from app.publish.draft.modelling import Shape
from app.rdf.namespaces import SAC

_TYPES: Final = {
    Shape.INTEGER: "integer",
    Shape.DECIMAL: "number",
    Shape.DATE: "string",
    Shape.WEB: "string",
}
LOST_FORMULAS: Final = (
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NULL!",
    "#NUM!",
)
"""What a spreadsheet exports where a formula fails: no value, and never one to publish."""

MISSING: Final = (
    *("-", "－", "―", "‐", "−", "–", "—", "…", "***", "#N/A", "N/A", "NULL", "null"),
    *LOST_FORMULAS,
)
"""Cell texts that tables have in place of nothing."""


@dataclass(frozen=True, slots=True)
class DescriptionDraft:
    """What a description says. `stated`: what a description beside the table said already, by the
    names of the Data Package; it wins over everything else."""

    id: str
    title: str
    title_en: str
    path: str
    encoding: str
    delimiter: str
    header_rows: int
    missing: tuple[str, ...]
    key: tuple[str, ...]
    columns: tuple[ColumnDraft, ...]
    region_code: str = ""
    publisher: str = ""
    licence: str = ""
    source: str = ""
    keywords: tuple[str, ...] = ()
    sheet: str = ""
    cells: str = ""
    stated: Mapping[str, Any] | None = None


def describe(draft: DescriptionDraft) -> str:
    """The text of `datapackage.yaml`."""
    stated = draft.stated or {}
    lines = [
        "# データセットの説明（tsunagu init による下書き）。# の付いた行は、当てはまるものを書いて # を消してください。",
        f"name: {scalar(draft.id)}",
        f"title: {scalar(str(stated.get('title') or draft.title))}",
    ]
    lines += _optional("title_en", stated, draft.title_en)
    lines += _optional(
        "description", stated, "", "この表が何か、いつ時点か、どう作ったかを一、二文で"
    )
    lines += _licence(stated, draft.licence)
    lines += _contributor(stated, draft.publisher)
    if stated.get("sources") or draft.source:
        sources = stated.get("sources") or [{"title": draft.source, "path": draft.source}]
        lines += ["sources:", *_items(sources)]
    else:
        lines.append("# sources: [{title: 掲載ページの名前, path: https://…}]")
    keywords = stated.get("keywords") or list(draft.keywords)
    if keywords:
        lines.append(f"keywords: [{', '.join(scalar(str(word)) for word in keywords)}]")
    lines += _optional(
        "accrualPeriodicity",
        stated,
        "",
        "http://publications.europa.eu/resource/authority/frequency/ANNUAL",
        note="更新頻度",
    )
    spatial = stated.get("spatial") or (f"{SAC}C{draft.region_code}" if draft.region_code else "")
    if spatial:
        lines.append(f"spatial: {scalar(str(spatial))}")
    else:
        lines.append(f"# spatial: {SAC}C13101   # 市区町村コード（5 桁）")
    known = {"name", "title", "title_en", "description", "licenses", "contributors", "publisher"}
    known |= {"sources", "keywords", "accrualPeriodicity", "spatial", "resources", "profile"}
    for name, value in stated.items():
        if name not in known and isinstance(value, str) and value:
            lines.append(f"{scalar(name)}: {scalar(value)}")
    lines += _resource(draft)
    return "\n".join(lines) + "\n"


def _optional(
    name: str, stated: Mapping[str, Any], known: str, example: str = "", note: str = ""
) -> list[str]:
    value = stated.get(name) or known
    if value:
        return [f"{name}: {scalar(str(value))}"]
    return [f"# {name}: {example}{'   # ' + note if note else ''}"] if example else []


def _licence(stated: Mapping[str, Any], licence: str) -> list[str]:
    if stated.get("licenses"):
        return ["licenses:", *_items(stated["licenses"])]
    if licence:
        return ["licenses:", *_items([{"path": licence}])]
    return [
        "# ライセンスがないと、だれも安心して使えません。CC BY 4.0 なら次の行の # を消してください。",
        '# licenses: [{name: CC-BY-4.0, path: "https://creativecommons.org/licenses/by/4.0/"}]',
    ]


def _contributor(stated: Mapping[str, Any], publisher: str) -> list[str]:
    if stated.get("contributors"):
        return ["contributors:", *_items(stated["contributors"])]
    publisher = str(stated.get("publisher") or publisher)
    if publisher:
        return ["contributors:", *_items([{"title": publisher, "role": "publisher"}])]
    return ["# contributors: [{title: 公開する組織の名前, role: publisher}]"]


def _items(values: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        "  - {" + ", ".join(f"{scalar(k)}: {scalar(str(v))}" for k, v in value.items() if v) + "}"
        for value in values
    ]


def _resource(draft: DescriptionDraft) -> list[str]:
    lines = ["resources:", f"  - path: {scalar(draft.path)}"]
    lines.append(f"    encoding: {scalar(draft.encoding)}") if draft.encoding else None
    dialect: dict[str, str] = {}
    if draft.delimiter:
        dialect["delimiter"] = draft.delimiter
    if draft.header_rows > 1:
        dialect["headerRows"] = str(draft.header_rows)
    if draft.sheet:
        dialect["sheet"] = draft.sheet
    if draft.cells:
        dialect["range"] = draft.cells
    if dialect:
        shown = ", ".join(
            f"{name}: {value if name == 'headerRows' else _quoted(value)}"
            for name, value in dialect.items()
        )
        lines.append(f"    dialect: {{{shown}}}")
    lines.append("    schema:")
    if draft.key:
        key = [scalar(name) for name in draft.key]
        lines.append(f"      primaryKey: {key[0] if len(key) == 1 else '[' + ', '.join(key) + ']'}")
    if draft.missing:
        texts = ", ".join(_quoted(text) for text in ("", *draft.missing))
        lines.append(f"      missingValues: [{texts}]")
    lines.append("      fields:")
    for column in draft.columns:
        field = {"name": column.column}
        if column.title != column.column:
            field["title"] = column.title
        field["type"] = _TYPES.get(column.shape, "string") if not column.as_text else "string"
        if column.unit:
            field["unit"] = column.unit
        shown = ", ".join(f"{name}: {scalar(value)}" for name, value in field.items())
        lines.append(f"        - {{{shown}}}")
    return lines


def _quoted(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return f'"{plain}"'
