"""What the readers of the parts of a YARRRML document share: prefixes, external references,
findings, and the mappings that others refer to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from app.errors import MappingError, MappingReferenceError, MappingSyntaxError, Place, Text
from app.findings import FindingKind, Findings
from app.mapping.model import LogicalTarget, Quoted
from app.rdf.namespaces import FNO, GREL, IDLAB_FN, PREFIXES, QL, RML, RR

DEFAULT_PREFIXES: Final[Mapping[str, str]] = {
    **PREFIXES,
    "grel": GREL,
    "idlab-fn": IDLAB_FN,
    "fno": FNO,
    "rr": RR,
    "rml": RML,
    "ql": QL,
}
"""Bound where the caller gives no others; the text's own bindings win."""

_BEFORE_COLON: Final = re.compile(r"([^\s:/?#$\\(){}\[\]]*):")
SCHEMES: Final = frozenset(
    [
        "urn",
        "mailto",
        "tel",
        "tag",
        "info",
        "data",
        "did",
        "doi",
        "file",
        "geo",
        "sms",
        "ark",
        "hdl",
        "cid",
    ]
)
"""Schemes of absolute IRIs that have no "//" after the colon."""


@dataclass
class Context:
    """The state of reading one document."""

    file: str
    prefixes: dict[str, str]
    findings: Findings
    external: dict[str, str] = field(default_factory=dict)
    targets: dict[str, LogicalTarget] = field(default_factory=dict)
    triples_maps: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """For each mapping's name the ids of its triples maps, one for each source."""
    quoted: Callable[[str, Place, bool], Quoted] | None = None
    """Gives the triple that another mapping makes, by the mapping's name."""
    depth: int = 50
    room: int = 0
    """Characters that external references may still add: what they repeat is bounded."""

    def note(self, kind: FindingKind, place: Place, **values: object) -> None:
        """Remember something that people should know and that stops nothing."""
        self.findings.add(kind, place, values)

    def external_value(self, name: str, place: Place) -> str | None:
        """The value of `$(_name)`. Raises MappingSyntaxError when too much is repeated."""
        value = self.external.get(name)
        if value is not None:
            self.room -= len(value)
            if self.room < 0:
                raise MappingSyntaxError(
                    Text(
                        ja=f"外部参照 $(_{name}) の繰り返しでマッピングが大きくなりすぎます。",
                        en=f"repeating the external reference $(_{name}) makes the mapping "
                        "too large.",
                    ),
                    place=place,
                )
        return value

    def namespace(self, text: str, place: Place) -> tuple[str, int]:
        """The namespace that a text begins with, and how many characters its prefix and colon
        take; ("", 0) for an absolute IRI, and for a text without a prefix.

        Raises MappingReferenceError for a prefix that is bound nowhere.
        """
        match = _BEFORE_COLON.match(text)
        if match is None:
            return "", 0
        prefix = match[1]
        if text.startswith("//", match.end()):
            return "", 0
        if prefix in self.prefixes:
            return self.prefixes[prefix], match.end()
        if prefix.lower() in SCHEMES:
            return "", 0
        raise self._unknown_prefix(prefix, place)

    def looks_like_iri(self, text: str) -> bool:
        """Whether a text is a prefixed name or a web address."""
        match = _BEFORE_COLON.match(text)
        if match is None or not match[1] or any(c.isspace() for c in text):
            return False
        if text.startswith("//", match.end()):
            return match[1] in {"http", "https"}
        return match[1] in self.prefixes and match.end() < len(text)

    def name(self, text: str, place: Place, what: Text) -> str:
        """A prefixed name or absolute IRI as an IRI: of predicates, datatypes, functions.

        Raises MappingError for a name without a prefix.
        """
        namespace, length = self.namespace(text, place)
        if not length and ":" not in text:
            raise self.no_prefix(text, place, what)
        return namespace + text[length:].replace("\\:", ":")

    def no_prefix(self, text: str, place: Place, what: Text) -> MappingError:
        """The error of a name that must be an IRI and has no prefix."""
        near = next((f"{p}:{text}" for p in ("ic", "schema") if p in self.prefixes), "ex:name")
        return MappingError(
            Text(
                ja=f"{what.ja}「{text}」に接頭辞がありません。",
                en=f'{what.en} "{text}" has no prefix.',
            ),
            place=place,
            hint=Text(
                ja=f"IRI か、{near} のような接頭辞付きの名前を書いてください。",
                en=f"Write an IRI, or a name with a prefix like {near}.",
            ),
        )

    def _unknown_prefix(self, prefix: str, place: Place) -> MappingReferenceError:
        near = get_close_matches(prefix, self.prefixes, n=1, cutoff=0.5)
        if prefix == "_":
            hint = Text(
                ja="空白ノードは type: blank と書きます。",
                en="Blank nodes are written type: blank.",
            )
        elif near:
            hint = Text(ja=f"{near[0]} のことですか。", en=f"Did you mean {near[0]}?")
        else:
            hint = Text(
                ja=f"prefixes に {prefix} を定義するか、コロンを \\: と書いてください。",
                en=f"Bind {prefix} under prefixes, or write the colon as \\: .",
            )
        return MappingReferenceError(
            Text(
                ja=f"接頭辞 {prefix} は定義されていません。",
                en=f"the prefix {prefix} is not bound.",
            ),
            place=place,
            hint=hint,
        )
