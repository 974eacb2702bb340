"""What a page shows of a description: rows of properties, and cells of values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from pyoxigraph import BlankNode, NamedNode
from pyoxigraph import Literal as RdfLiteral

from app.errors import Language
from app.publish.entity import RDF_TYPE, Node, Value
from app.publish.labels import choose
from app.rdf.namespaces import RDFS, XSD
from app.store.base import Term
from app.web import readable
from app.web.entity_context import Cell, Link, Row

_LABEL: Final = RDFS + "label"
_BOOLEAN: Final = XSD + "boolean"
_MOMENTS: Final = frozenset(XSD + name for name in ("date", "dateTime", "time"))
_PLAIN_DATATYPES: Final = frozenset(
    XSD + name for name in ("string", "integer", "decimal", "double", "float", "anyURI")
)
"""Datatypes that say nothing to a reader which the value does not say itself."""

_TOLD_OTHERWISE: Final = (
    readable.TELEPHONES | readable.MAILS | readable.PICTURES | {readable.OPENING_HOURS}
)


class Names(Protocol):
    """What a view needs to know of names and addresses."""

    def term(self, iri: str, language: Language) -> Link:
        """A class or property with its name."""

    def short(self, iri: str) -> str:
        """`prefix:local` of a term."""

    def link(self, iri: str, name: str | None) -> Link:
        """A thing with its name."""

    def word(self, key: str, language: Language) -> str:
        """A word of the message catalogue."""

    def shows(self, address: str) -> bool:
        """Whether a picture may be shown in the page: from this site or a listed one."""


class EntityView:
    """Rows and cells of one description in one language. `shows` tells of the address of a
    picture whether the page may show it."""

    def __init__(
        self,
        pages: Names,
        labels: Mapping[str, tuple[RdfLiteral, ...]],
        language: Language,
    ) -> None:
        self._pages = pages
        self._labels = labels
        self._language: Language = language

    def rows(self, node: Node, *, heads: bool = False) -> tuple[Row, ...]:
        """A row for each property; `heads`: the page's head has the labels."""
        return tuple(
            self.row(
                known.predicate, tuple(self.cell(value, known.predicate) for value in known.values)
            )
            for known in node.properties
            if not (known.predicate == RDF_TYPE or (heads and known.predicate == _LABEL))
        )

    def row(self, predicate: str, cells: tuple[Cell, ...]) -> Row:
        """A property by name with some cells."""
        return Row(self._pages.term(predicate, self._language), self._pages.short(predicate), cells)

    def cell(self, value: Value, predicate: str = "") -> Cell:
        """One value of a property as it is shown."""
        if value.node is not None:
            return self._nested(value.node)
        if predicate in _TOLD_OTHERWISE:
            told = self._told(value.term, predicate)
            if told is not None:
                return told
        return self._plain(value.term)

    def _told(self, term: Term, predicate: str) -> Cell | None:
        """A value of a property that people write in a way of their own."""
        if isinstance(term, NamedNode):
            shown = predicate in readable.PICTURES and self._pages.shows(term.value)
            link = self._pages.link(term.value, None)
            return Cell("image", link=link) if shown and link.href else None
        if not isinstance(term, RdfLiteral):
            return None
        text = term.value
        if predicate == readable.OPENING_HOURS:
            said = readable.opening_hours(text, self._language)
            return Cell("text", said, tag=text) if said is not None else None
        makes = readable.telephone if predicate in readable.TELEPHONES else readable.mail
        href = makes(text) if predicate not in readable.PICTURES else None
        return Cell("link", link=Link(text, href, href)) if href is not None else None

    def _nested(self, node: Node) -> Cell:
        types = tuple(self._pages.term(iri, self._language) for iri in node.types)
        return Cell("node", types=types, rows=self.rows(node))

    def _plain(self, term: Term) -> Cell:
        if isinstance(term, NamedNode):
            iri = term.value
            return Cell(
                "link",
                link=self._pages.link(iri, choose(self._labels.get(iri, ()), self._language)),
            )
        if not isinstance(term, RdfLiteral):
            return Cell("text", str(term) if not isinstance(term, BlankNode) else "…")
        text, language = term.value, term.language
        if language:
            shown = None if language == self._language else language
            return Cell("text", text, language=language, tag=shown)
        datatype = term.datatype.value
        if datatype == _BOOLEAN and text in ("true", "false"):
            return Cell("text", self._pages.word(f"value.{text}", self._language))
        if datatype in _MOMENTS:
            return Cell("time", text)
        if text.startswith(("http://", "https://")) and " " not in text:
            return Cell("link", link=self._pages.link(text, None))
        shown = None if datatype in _PLAIN_DATATYPES else self._pages.short(datatype)
        return Cell("text", text, tag=shown)
