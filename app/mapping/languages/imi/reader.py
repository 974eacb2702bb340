"""An IMI item table → `Mapping`: each node of the paths becomes a triples map over the same row.

The thing itself has the IRI `{namespace}{key}`, its nodes `{namespace}{key}#{path}`. A node and
the link to it exist in rows where one of its columns has a value.
"""

from __future__ import annotations

from collections import Counter

from app.codes.terms import TermKind, TermTable, curie
from app.errors import MappingError, Place, Text
from app.findings import FindingKind, Findings
from app.mapping import model
from app.mapping.functions.registry import JFN
from app.mapping.languages.imi import notes
from app.mapping.languages.imi.notation import NOTE, NotAPath, Step, read_paths
from app.mapping.languages.imi.table import Row, read_rows
from app.mapping.languages.imi.tree import Item, Node, triples_maps
from app.mapping.languages.scanning import Limits
from app.mapping.model import (
    LogicalSource,
)
from app.rdf.namespaces import IC, PREFIXES


def read_imi(
    text: str,
    *,
    file: str,
    source: LogicalSource,
    namespace: str,
    terms: TermTable,
    limits: Limits | None = None,
    findings: Findings | None = None,
) -> model.Mapping:
    """Read an item table for one CSV.

    `namespace` begins the IRIs of the things, `terms` are the known vocabularies. Slips of the
    table become `findings`.

    Raises MappingError when no column is the key of the things, or no path can be used.
    """
    limits = Limits.of() if limits is None else limits
    findings = Findings() if findings is None else findings
    rows = read_rows(text, file=file, limits=limits)
    return _Reader(terms, findings, source, namespace, file).read(rows)


class _Reader:
    def __init__(
        self,
        terms: TermTable,
        findings: Findings,
        source: LogicalSource,
        namespace: str,
        file: str,
    ) -> None:
        self.terms = terms
        self.findings = findings
        self.source = source
        self.namespace = namespace
        self.file = file
        self.used: dict[tuple[object, ...], str] = {}

    def read(self, rows: list[Row]) -> model.Mapping:
        items = [item for row in rows for item in self._items(row)]
        if not items:
            raise MappingError(
                Text(
                    ja="項目定義書に使えるパスがありません。",
                    en="the item table has no path that can be used.",
                ),
                place=Place(self.file, 1, 1),
            )
        root_class = self._root_class(items)
        key = self._key(items)
        root = Node(root_class, "", [self._term(root_class, TermKind.CLASS) or IC + root_class])
        for item in items:
            self._place_item(root, item)
        self._check_coordinates(root)
        return model.Mapping(
            tuple(triples_maps(root, key, self.source, self.namespace)),
            prefixes={**PREFIXES, "jfn": JFN},
            language="imi",
            place=Place(self.file, 1, 1),
        )

    def _note(self, row: Row, kind: FindingKind, **values: object) -> None:
        self.findings.add(kind, row.place, {"item": row.name, **values})

    def _items(self, row: Row) -> list[Item]:
        text = row.path
        for note in NOTE.findall(text):
            self._note(row, notes.NOTE_IN_PATH, note=note)
        text = NOTE.sub("", text).strip(" \u3000")
        if not text:
            self._note(row, notes.NO_PATH)
            return []
        try:
            paths = read_paths(text)
        except NotAPath as error:
            self._note(row, notes.UNREADABLE, path=text, at=error.at + 1)
            return []
        return [Item(row, path) for path in paths]

    def _root_class(self, items: list[Item]) -> str:
        counted = Counter(item.path.steps[0].name for item in items)
        root = counted.most_common(1)[0][0]
        for item in items:
            found = item.path.steps[0].name
            if found != root:
                self._note(item.row, notes.OTHER_CLASS, found=found, expected=root)
        return root

    def _key(self, items: list[Item]) -> tuple[str, ...]:
        starred = tuple(dict.fromkeys(item.row.name for item in items if item.path.is_key))
        if starred:
            return starred
        for item in items:
            if [step.name for step in item.path.steps[1:]] == ["ID", "識別値"]:
                return (item.row.name,)
        raise MappingError(
            Text(
                ja="もの一つ一つを区別する列 (キー) がわかりません。",
                en="no column tells the things apart (a key is missing).",
            ),
            place=Place(self.file, 1, 1),
            hint=Text(
                ja="キーの列のパスの先頭に * を付けるか、…>ID>識別値 の項目を加えてください。",
                en="Put * before the path of the key, or add an item with …>ID>識別値.",
            ),
        )

    def _term(self, name: str, kind: TermKind) -> str | None:
        """The IRI of a name; classes may be written without 型."""
        prefix, colon, local = name.rpartition(":")
        namespace = PREFIXES.get(prefix) if colon else IC
        if namespace is None:
            return None
        local = local if colon else name
        for candidate in (local, local + "型") if kind is TermKind.CLASS else (local,):
            term = self.terms.get(namespace + candidate)
            if term is not None and term.kind is kind:
                return term.iri
        return None

    def _place_item(self, root: Node, item: Item) -> None:
        steps = self._steps(item)
        if steps is None:
            return
        node, place = root, item.row.place
        for number, (step, iri) in enumerate(steps):
            is_last = number == len(steps) - 1
            if is_last:
                self._add_value(node, iri, step, item)
                break
            range_ = next((r for r in self._ranges(iri) if self._is_class(r)), None)
            branch = (iri, step.label)
            if branch not in node.children:
                fragment = step.name.rpartition(":")[2] + (f"-{step.label}" if step.label else "")
                path = f"{node.fragment}-{fragment}" if node.fragment else fragment
                # Paths that differ only in their prefixes must not share a fragment.
                taken = {child.fragment for _, child in node.children.values()}
                while path in taken:
                    path += "-"
                child = Node(f"{root.id}#{path}", path, place=place)
                node.children[branch] = (iri, child)
            child = node.children[branch][1]
            types = [t for t in (self._term(name, TermKind.CLASS) for name in step.types) if t]
            for type_ in types or ([range_] if range_ is not None else []):
                if type_ not in child.classes:
                    child.classes.append(type_)
            for name, value in step.fixed:
                property = self._term(name, TermKind.PROPERTY)
                if property is not None:
                    child.fixed[property] = value
            node = child
        for node_class in [n for n in self._all(root) if len(n.classes) > 1]:
            self._most_special(node_class)

    def _steps(self, item: Item) -> list[tuple[Step, str]] | None:
        """The properties of a path with their IRIs; a class named on the way joins the step
        before it. None when a name is unknown."""
        found: list[tuple[Step, str]] = []
        for step in item.path.steps[1:]:
            iri = self._term(step.name, TermKind.PROPERTY)
            if iri is not None:
                found.append((step, iri))
                continue
            if self._term(step.name, TermKind.CLASS) is not None and found:
                self._note(item.row, notes.CLASS_IN_PATH, name=step.name)
                before, before_iri = found[-1]
                found[-1] = (
                    Step(
                        before.name,
                        before.label or step.label,
                        (*before.types, step.name, *step.types),
                        before.fixed + step.fixed,
                    ),
                    before_iri,
                )
                continue
            near = ", ".join(
                curie(term.iri)
                for term in self.terms.nearest(step.name, namespace=IC, kind=TermKind.PROPERTY)
            )
            self._note(
                item.row, notes.UNKNOWN_TERM, name=step.name, near=f"({near}?)" if near else ""
            )
            return None
        unknown = [
            name
            for step, _ in found
            for name, kind in (
                *((name, TermKind.CLASS) for name in step.types),
                *((name, TermKind.PROPERTY) for name, _ in step.fixed),
            )
            if self._term(name, kind) is None
        ]
        for name in unknown:
            self._note(item.row, notes.UNKNOWN_TERM, name=name, near="")
        if unknown or not found:
            if not found:
                self._note(item.row, notes.NO_PATH)
            return None
        return found

    def _add_value(self, node: Node, iri: str, step: Step, item: Item) -> None:
        if step.label is not None:
            self._note(item.row, notes.LABEL_ON_VALUE, label=step.label)
        range_ = next((r for r in self._ranges(iri) if self._is_class(r)), None)
        if range_ is not None and not item.path.is_iri:
            self._note(item.row, notes.NEEDS_NODE, name=step.name, range=curie(range_))
        same = (node.id, iri, item.path.language)
        if same in self.used:
            self._note(item.row, notes.SAME_PATH, first=self.used[same])
        else:
            self.used[same] = item.row.name
        node.values.append((iri, item))

    def _ranges(self, iri: str) -> tuple[str, ...]:
        term = self.terms.get(iri)
        return () if term is None else term.ranges

    def _is_class(self, iri: str) -> bool:
        term = self.terms.get(iri)
        return term is not None and term.kind is TermKind.CLASS

    def _most_special(self, node: Node) -> None:
        above = {parent for name in node.classes for parent in self.terms.ancestors(name)}
        node.classes = [name for name in node.classes if name not in above] or node.classes

    def _all(self, node: Node) -> list[Node]:
        return [node] + [n for _, child in node.children.values() for n in self._all(child)]

    def _check_coordinates(self, root: Node) -> None:
        latitudes, longitudes = IC + "緯度", IC + "経度"
        found: dict[str, list[tuple[Node, Item]]] = {latitudes: [], longitudes: []}
        for node in self._all(root):
            for iri, item in node.values:
                if iri in found:
                    found[iri].append((node, item))
        lonely = {
            iri: [i for n, i in pairs if all(n is not m for m, _ in found[other])]
            for iri, other in ((latitudes, longitudes), (longitudes, latitudes))
            for pairs in (found[iri],)
        }
        for one, other in zip(lonely[latitudes], lonely[longitudes], strict=False):
            self._note(other.row, notes.COORDINATES_APART, other=one.row.name)
