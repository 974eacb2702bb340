"""The mapping that an IMI item table beside a table states, with what the draft knows besides."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.codes.terms import TermTable
from app.mapping.functions.registry import JFN
from app.mapping.languages import read_mapping
from app.mapping.languages.scanning import Limits
from app.mapping.languages.yarrrml.writer import write_yarrrml
from app.mapping.model import LogicalSource, PredicateObject, TermMap
from app.mapping.model import Mapping as MappingModel
from app.publish.draft.beside import items_for
from app.publish.draft.drafting import Draft
from app.rdf.namespaces import PREFIXES
from app.settings import Settings
from app.tabular.batch import Table


def by_items(items: Path, draft: Draft, table: Table, path: str, settings: Settings) -> str:
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
        file="mapping.yml",
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
