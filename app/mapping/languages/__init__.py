"""The languages in which mappings are written, each a reader: text → `app.mapping.model`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Final

from app.codes.terms import TermTable
from app.errors import MappingError, Place, Text
from app.findings import Findings
from app.mapping import model
from app.mapping.languages.imi import read_imi
from app.mapping.languages.rml import read_rml
from app.mapping.languages.scanning import Limits
from app.mapping.languages.yarrrml import DEFAULT_PREFIXES, read_yarrrml

SUFFIXES: Final[Mapping[str, str]] = {
    ".yml": "yarrrml",
    ".yaml": "yarrrml",
    ".yarrrml": "yarrrml",
    ".ttl": "rml",
    ".csv": "imi",
}
"""Which language a file's suffix means."""


def read_mapping(
    text: str,
    *,
    file: str,
    limits: Limits | None = None,
    default_prefixes: Mapping[str, str] = DEFAULT_PREFIXES,
    default_source: model.LogicalSource | None = None,
    base: str | None = None,
    findings: Findings | None = None,
    terms: TermTable | None = None,
    namespace: str | None = None,
) -> model.Mapping:
    """Read a mapping in the language that the file's name tells: YARRRML, RML and R2RML in
    Turtle (which of these, the text tells), or an IMI item table.

    `default_prefixes` and `default_source` serve YARRRML; `base` resolves relative IRIs of
    Turtle; an item table needs `default_source`, the known `terms`, and the `namespace` in which
    its things get their IRIs. Raises MappingError with line and column.
    """
    suffix = PurePath(file).suffix.lower()
    language = SUFFIXES.get(suffix)
    if language == "yarrrml":
        return read_yarrrml(
            text,
            file=file,
            limits=limits,
            default_prefixes=default_prefixes,
            default_source=default_source,
            findings=findings,
        )
    if language == "rml":
        return read_rml(text, file=file, base=base, limits=limits, findings=findings)
    if language == "imi" and terms is not None and default_source is not None:
        return read_imi(
            text,
            file=file,
            source=default_source,
            namespace=namespace or f"{base or ''}id/",
            terms=terms,
            limits=limits,
            findings=findings,
        )
    raise MappingError(
        Text(
            ja=f"拡張子 {suffix or '(なし)'} のマッピングは読めません。",
            en=f"a mapping with the suffix {suffix or '(none)'} cannot be read.",
        ),
        place=Place(file),
        hint=Text(
            ja=f"使えるもの: {', '.join(SUFFIXES)}。", en=f"Known ones: {', '.join(SUFFIXES)}."
        ),
    )
