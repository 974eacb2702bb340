"""Turtle with positions: every term of the mapping's graph knows its line and column.

The engine's parser decides whether the text is Turtle (and needs no recursion, however deep the
text is nested); what it accepts is read again here, token by token, because no parser for Python
tells where a term stands. Statements keep their order, so plans and messages do too.

Source: RDF 1.1 Turtle, https://www.w3.org/TR/turtle/ .
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph

from app.errors import MappingSyntaxError, Place, Text
from app.findings import Findings
from app.mapping.languages.rml.notes import UNKNOWN_ESCAPE
from app.mapping.languages.rml.tokens import TOKEN, unescape, with_known_escapes
from app.mapping.languages.rml.triples import Blank, Document, Iri, Literal, Node, Statement, Term
from app.mapping.languages.scanning import Limits, check_size, too_deep
from app.rdf.formats import Formats
from app.rdf.namespaces import RDF, XSD


def read_turtle(
    text: str, *, file: str, base: str, limits: Limits, findings: Findings | None = None
) -> Document:
    """Read a text. A backslash before a character that needs none, as in `"\\{"`, is not Turtle,
    but what it means in a template is plain: it is kept, and a finding says so.

    Raises MappingSyntaxError with line and column.
    """
    check_size(text, file=file, limits=limits)
    text = text.removeprefix("\ufeff")
    repaired, places = with_known_escapes(text)
    try:
        for _ in pyoxigraph.parse(repaired, format=Formats.TURTLE.value.rdf, base_iri=base):
            pass
    except (SyntaxError, ValueError) as error:
        raise _not_turtle(error, file) from error
    parser = _Parser(text, file, base, limits.depth)
    for start in places:
        if findings is not None:
            findings.add(UNKNOWN_ESCAPE, parser.place(start), {"escape": text[start : start + 2]})
    return parser.document()


_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_POSITION: Final = re.compile(r"^Parser error at line \d+ (between )?columns? [^:]*: ")


def _not_turtle(error: Exception, file: str) -> MappingSyntaxError:
    line = error.lineno if isinstance(error, SyntaxError) else None
    column = error.offset if isinstance(error, SyntaxError) else None
    problem = _POSITION.sub("", error.msg if isinstance(error, SyntaxError) else str(error))
    return MappingSyntaxError(
        Text(ja=f"Turtle として読めません: {problem}", en=f"this is not Turtle: {problem}"),
        place=Place(file, line, column),
        hint=Text(
            ja="この位置と直前の行の「;」「.」、括弧、引用符を確認してください。",
            en="Check the ; and . here and on the line before, brackets and quotes.",
        ),
    )


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int


class _Parser:
    """Reads a text that is known to be Turtle."""

    def __init__(self, text: str, file: str, base: str, depth: int) -> None:
        self.text = text
        self.file = file
        self.base = base
        self.depth = depth
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self.prefixes: dict[str, str] = {}
        self.statements: list[Statement] = []
        self.resolved: dict[tuple[str, str], str] = {}
        self.labels = 0
        self.open = 0
        self.tokens = self._tokens()
        self.token = next(self.tokens)

    def document(self) -> Document:
        while self.token.kind != "end":
            word = self.token.text.lower()
            if word in {"@prefix", "prefix"}:
                self._prefix()
            elif word in {"@base", "base"}:
                self._next()
                self.base = self._iri(self._next())
                self._skip(".")
            else:
                self._triples()
        return Document(tuple(self.statements), self.prefixes)

    def _tokens(self) -> Iterator[_Token]:
        at = 0
        while at < len(self.text):
            match = TOKEN.match(self.text, at)
            if match is None or match.lastgroup is None:
                raise self._unread(at)
            if match.lastgroup != "space":
                yield _Token(match.lastgroup, match[0], at)
            at = match.end()
        yield _Token("end", "", len(self.text))

    def _unread(self, at: int) -> MappingSyntaxError:
        return MappingSyntaxError(
            Text(
                ja="マッピングには使えない記法です (三つ組の項など)。",
                en="this notation has no place in a mapping (triple terms and the like).",
            ),
            place=self.place(at),
            hint=Text(ja="RDF 1.1 の Turtle で書いてください。", en="Write RDF 1.1 Turtle."),
        )

    def place(self, start: int) -> Place:
        line = bisect_right(self.lines, start)
        return Place(self.file, line, start - self.lines[line - 1] + 1)

    def _next(self) -> _Token:
        token = self.token
        if token.kind != "end":
            self.token = next(self.tokens)
        return token

    def _skip(self, mark: str) -> bool:
        if self.token.kind == "mark" and self.token.text == mark:
            self._next()
            return True
        return False

    def _prefix(self) -> None:
        self._next()
        prefix = self._next().text.removesuffix(":")
        self.prefixes[prefix] = self._iri(self._next())
        self._skip(".")

    def _triples(self) -> None:
        bare = self.token.text == "["
        subject = self._object()
        if not isinstance(subject, Literal) and not (bare and self.token.text == "."):
            self._predicates(subject)
        if not self._skip("."):
            raise self._unread(self.token.start)

    def _predicates(self, subject: Node) -> None:
        while True:
            while self._skip(";"):
                pass
            if self.token.kind == "end" or self.token.text in {".", "]"}:
                return
            predicate = self._predicate()
            while True:
                place = len(self.statements)
                object = self._object()
                # A nested node's own statements come after the one that mentions it.
                self.statements.insert(place, Statement(subject, predicate, object))
                if not self._skip(","):
                    break
            if self.token.text != ";":
                return

    def _predicate(self) -> Iri:
        token = self._next()
        if token.text == "a":
            return Iri(RDF + "type", self.place(token.start))
        return Iri(self._iri(token), self.place(token.start))

    def _object(self) -> Term:
        token = self._next()
        place = self.place(token.start)
        if token.kind in {"string", "long"}:
            return self._literal(token, place)
        if token.kind == "number":
            has_exponent = "e" in token.text.lower()
            name = "double" if has_exponent else "decimal" if "." in token.text else "integer"
            return Literal(token.text, place, XSD + name)
        if token.kind == "name" and token.text in {"true", "false"}:
            return Literal(token.text, place, XSD + "boolean")
        if token.kind == "name" and token.text.startswith("_:"):
            return Blank(token.text[2:], place)
        if token.text == "[":
            return self._nested(place)
        if token.text == "(":
            return self._list(place)
        return Iri(self._iri(token), place)

    def _literal(self, token: _Token, place: Place) -> Literal:
        quotes = 3 if token.kind == "long" else 1
        value = unescape(token.text[quotes:-quotes])
        if self.token.kind == "at":
            return Literal(value, place, language=self._next().text[1:])
        if self._skip("^^"):
            datatype = self._iri(self._next())
            return Literal(value, place, None if datatype == XSD + "string" else datatype)
        return Literal(value, place)

    def _enter(self, place: Place) -> None:
        self.open += 1
        if self.open > self.depth:
            raise too_deep(place, self.depth)

    def _fresh(self, place: Place) -> Blank:
        self.labels += 1
        # A space keeps these labels apart from all that can be written.
        return Blank(f" {self.labels}", place)

    def _nested(self, place: Place) -> Blank:
        self._enter(place)
        node = self._fresh(place)
        self._predicates(node)
        self._skip("]")
        self.open -= 1
        return node

    def _list(self, place: Place) -> Node:
        self._enter(place)
        rest: list[tuple[Blank, Iri, Term]] = []
        head: Node = Iri(RDF + "nil", place)
        previous: Blank | None = None
        while not self._skip(")"):
            cell = self._fresh(self.place(self.token.start))
            first = Statement(cell, Iri(RDF + "first", cell.place), self._object())
            if previous is None:
                head = cell
            else:
                rest.append((previous, Iri(RDF + "rest", cell.place), cell))
            self.statements.append(first)
            previous = cell
        if previous is not None:
            rest.append((previous, Iri(RDF + "rest", place), Iri(RDF + "nil", place)))
        self.statements.extend(Statement(*each) for each in rest)
        self.open -= 1
        return head

    def _iri(self, token: _Token) -> str:
        if token.kind == "iri":
            value = unescape(token.text[1:-1])
            return value if _ABSOLUTE.match(value) else self._resolve(value)
        prefix, colon, local = token.text.partition(":")
        if token.kind != "name" or not colon or prefix not in self.prefixes:
            raise self._unread(token.start)
        return self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)

    def _resolve(self, relative: str) -> str:
        key = (self.base, relative)
        if key not in self.resolved:
            # The engine's own resolution (RFC 3986 section 5.2), by way of its parser.
            line = f"<{relative}> <x:p> <x:o> ."
            statements = pyoxigraph.parse(line, format=Formats.TURTLE.value.rdf, base_iri=self.base)
            self.resolved[key] = str(next(iter(statements)).subject.value)
        return self.resolved[key]
