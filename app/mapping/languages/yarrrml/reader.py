"""A whole YARRRML document → `Mapping`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from app.errors import MappingError, Place, Text
from app.findings import Findings
from app.mapping import model
from app.mapping.languages.conditions import all_of
from app.mapping.languages.document import Map, Node, Scalar, read_document
from app.mapping.languages.scanning import Limits
from app.mapping.languages.yarrrml import keys
from app.mapping.languages.yarrrml.context import DEFAULT_PREFIXES, Context
from app.mapping.languages.yarrrml.functions import read_condition
from app.mapping.languages.yarrrml.keys import Fields, expected, fields, listed, scalar
from app.mapping.languages.yarrrml.objects import RDF_TYPE, read_predicate_objects
from app.mapping.languages.yarrrml.sources import read_source, read_sources
from app.mapping.languages.yarrrml.targets import read_target
from app.mapping.languages.yarrrml.terms import read_graphs, read_subjects
from app.mapping.model import LogicalSource, PredicateObject, Quoted, TermMap, TriplesMap
from app.rdf.terms import is_absolute

_DOCUMENT: Final = Text(ja="マッピング文書", en="the mapping document")
_MAPPING: Final = Text(ja="マッピング", en="a mapping")


def read_yarrrml(
    text: str,
    *,
    file: str,
    limits: Limits | None = None,
    default_prefixes: Mapping[str, str] = DEFAULT_PREFIXES,
    default_source: LogicalSource | None = None,
    findings: Findings | None = None,
) -> model.Mapping:
    """Read a YARRRML document.

    `file` is the name shown in places. `default_prefixes` are bound, beside the usual ones,
    where the text does not bind them itself. `default_source` is read by mappings that name no
    source. What has no
    effect, or may not be what was meant, is added to `findings`.

    Raises MappingSyntaxError for what is not well-formed or past the limits, MappingError for
    what YARRRML does not know, MappingReferenceError for names that are not there; each with
    line and column.
    """
    limits = Limits.of() if limits is None else limits
    root = read_document(text, file=file, limits=limits)
    if isinstance(root, Scalar) and root.is_null:
        raise MappingError(
            Text(ja="マッピングが空です。", en="the mapping is empty."),
            place=Place(file, 1, 1),
            hint=Text(ja="mappings: から書き始めてください。", en="Begin with mappings: ."),
        )
    context = Context(
        file,
        {**DEFAULT_PREFIXES, **default_prefixes},
        Findings() if findings is None else findings,
        depth=limits.depth,
        room=limits.bytes,
    )
    return _Reader(context, fields(root, keys.ROOT, _DOCUMENT), default_source).read()


class _Reader:
    def __init__(self, context: Context, root: Fields, default: LogicalSource | None) -> None:
        self.context = context
        self.root = root
        self.default = default
        self.maps: dict[str, Fields] = {}
        self.sources: dict[str, tuple[LogicalSource, ...]] = {}
        self.done: dict[str, tuple[TriplesMap, ...]] = {}
        self.reading: list[str] = []
        self.not_asserted: set[str] = set()

    def read(self) -> model.Mapping:
        context, root = self.context, self.root
        for name, node in self._entries("prefixes"):
            context.prefixes[name] = scalar(node, Text(ja="接頭辞", en="a prefix")).text
        for name, node in self._entries("external"):
            context.external[name] = scalar(node, Text(ja="外部参照", en="an external")).text
        for name, node in self._entries("targets"):
            context.targets[name] = read_target(name, node)
        self._read_sources()
        context.quoted = self._quote
        names = list(self.maps)
        for name in names:
            self._triples_maps(name)
        return model.Mapping(
            tuple(
                triples_map
                for name in names
                if name not in self.not_asserted
                for triples_map in self.done[name]
            ),
            prefixes=context.prefixes,
            base=self._base(),
            targets=tuple(context.targets.values()),
            authors=tuple(_author(node) for node in listed(root.get("authors"))),
            language="yarrrml",
            place=root.place,
        )

    def _entries(self, name: str) -> Iterator[tuple[str, Node]]:
        node = self.root.get(name)
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return
        if not isinstance(node, Map):
            raise expected(
                node, Text(ja=name, en=name), Text(ja="名前と値の組", en="names and values")
            )
        for entry in node:
            yield entry.key.text, entry.value

    def _base(self) -> str | None:
        node = self.root.get("base")
        if node is None:
            return None
        base = scalar(node, Text(ja="base", en="base"))
        if not is_absolute(base.text):
            raise expected(
                base, Text(ja="base", en="base"), Text(ja="絶対 IRI", en="an absolute IRI")
            )
        return base.text

    def _read_sources(self) -> None:
        shared = {name: read_source(self.context, node) for name, node in self._entries("sources")}
        if "mappings" not in self.root:
            raise MappingError(
                Text(ja="mappings がありません。", en="there is no mappings."),
                place=self.root.place,
                hint=Text(
                    ja="mappings: の下にマッピングを書いてください。",
                    en="Write the mappings under mappings: .",
                ),
            )
        for name, node in self._entries("mappings"):
            found = fields(node, keys.MAPPING, _named(name))
            self.maps[name] = found
            written = found.get("sources")
            if written is not None:
                self.sources[name] = read_sources(self.context, written, shared)
            elif self.default is not None:
                self.sources[name] = (self.default,)
            else:
                raise MappingError(
                    Text(
                        ja=f"マッピング {name} にデータソース (sources) がありません。",
                        en=f"the mapping {name} has no source.",
                    ),
                    place=found.place,
                    hint=Text(
                        ja="sources: [[ファイル.csv~csv]] を書くか、データセットの説明に表を"
                        "加えてください。",
                        en="Write sources: [[file.csv~csv]], or add a table to the description "
                        "of the data set.",
                    ),
                )
            count = len(self.sources[name])
            self.context.triples_maps[name] = (
                name,
                *(f"{name}#{number}" for number in range(2, count + 1)),
            )
        if not self.maps:
            raise MappingError(
                Text(ja="mappings が空です。", en="mappings is empty."),
                place=self.root.key_place("mappings"),
                hint=Text(ja="マッピングを一つ以上書いてください。", en="Write at least one."),
            )

    def _triples_maps(self, name: str) -> tuple[TriplesMap, ...]:
        if name in self.done:
            return self.done[name]
        self.reading.append(name)
        found = self.maps[name]
        context = self.context
        subjects = read_subjects(context, found.get("subjects"), found.place)
        graphs = read_graphs(context, found.get("graphs"))
        conditions = [
            condition
            for condition in (
                read_condition(context, found.get("condition")),
                *_subject_conditions(context, found),
            )
            if condition is not None
        ]
        classes: list[TermMap] = []
        poms: list[PredicateObject] = []
        for pom in read_predicate_objects(context, found.get("predicateobjects")):
            simple = _classes(pom)
            if simple is None:
                poms.append(pom)
            else:
                classes.extend(simple)
        self.reading.pop()
        self.done[name] = tuple(
            TriplesMap(
                id,
                source,
                subjects,
                tuple(classes),
                graphs,
                tuple(poms),
                all_of(conditions),
                found.place,
            )
            for id, source in zip(context.triples_maps[name], self.sources[name], strict=True)
        )
        return self.done[name]

    def _quote(self, name: str, place: Place, asserted: bool) -> Quoted:
        """The one triple that a mapping makes, as a term (YARRRML-star)."""
        if name in self.reading:
            raise MappingError(
                Text(
                    ja=f"マッピング {name} が自分自身を引用しています。",
                    en=f"the mapping {name} quotes itself.",
                ),
                place=place,
                hint=Text(
                    ja="引用される三つ組は別のマッピングに書いてください。",
                    en="Write the quoted triple as a mapping of its own.",
                ),
            )
        quoted = self._triples_maps(name)[0]
        if not asserted:
            self.not_asserted.add(name)
        pairs = [
            (p, o) for pom in quoted.predicate_objects for p in pom.predicates for o in pom.objects
        ]
        pairs += [(TermMap(RDF_TYPE), each) for each in quoted.classes]
        if len(quoted.subjects) != 1 or len(pairs) != 1 or not isinstance(pairs[0][1], TermMap):
            raise MappingError(
                Text(
                    ja=f"引用されるマッピング {name} は、ちょうど一つの三つ組を作らなければ"
                    "なりません。",
                    en=f"the quoted mapping {name} must make exactly one triple.",
                ),
                place=place,
                hint=Text(
                    ja="主語・述語・目的語が一つずつのマッピングを引用してください。",
                    en="Quote a mapping with one subject, one predicate and one object.",
                ),
            )
        return Quoted(quoted.subjects[0], pairs[0][0], pairs[0][1], place)


def _named(name: str) -> Text:
    return Text(ja=f"マッピング {name} ", en=f"the mapping {name}")


def _subject_conditions(context: Context, found: Fields) -> Iterator[model.Expression | None]:
    nodes = [node for node in listed(found.get("subjects")) if isinstance(node, Map)]
    for node in nodes:
        written = fields(node, keys.SUBJECT, Text(ja="主語", en="a subject")).get("condition")
        if written is not None and len(listed(found.get("subjects"))) > 1:
            raise MappingError(
                Text(
                    ja="主語が複数あるときは、主語ごとの条件は使えません。",
                    en="with several subjects, a subject has no condition of its own.",
                ),
                place=written.place,
                hint=Text(
                    ja="主語ごとにマッピングを分けてください。",
                    en="Write a mapping for each subject.",
                ),
            )
        yield read_condition(context, written)


def _classes(pom: PredicateObject) -> tuple[TermMap, ...] | None:
    """The classes that a predicate-object map states and nothing more, or None."""
    if len(pom.predicates) != 1 or pom.predicates[0].expression != RDF_TYPE:
        return None
    if pom.condition is not None or pom.graphs or pom.inverse or pom.predicates[0].targets:
        return None
    terms = tuple(each for each in pom.objects if isinstance(each, TermMap))
    if len(terms) != len(pom.objects) or any(isinstance(t.expression, Quoted) for t in terms):
        return None
    return tuple(replace(term, place=term.place or pom.place) for term in terms)


def _author(node: Node) -> str:
    if isinstance(node, Map):
        found = fields(node, keys.AUTHOR, Text(ja="作成者 (authors)", en="an author"))
        name, email, website = (found.text(key) for key in keys.AUTHOR)
        parts = [name, f"<{email}>" if email else None, f"({website})" if website else None]
        return " ".join(part for part in parts if part)
    return scalar(node, Text(ja="作成者 (authors)", en="an author")).text
