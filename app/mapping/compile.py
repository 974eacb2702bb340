"""Mapping → plan: each term map becomes a term node, each subject × predicate × object × graph
an emit, and all triples maps over one source one pipeline. Then the passes rewrite the plan.

Source: RML-Core, sections on term generation and on referencing object maps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from itertools import product

from app.errors import MappingError, MappingReferenceError, Place, Text
from app.findings import Findings
from app.mapping import model as m
from app.mapping import plan as p
from app.mapping.columns import columns_of, walk
from app.mapping.lower import Lowering
from app.mapping.passes import PASSES
from app.mapping.positions import Position
from app.rdf.namespaces import RDF, RML, RR

RDF_TYPE = p.ConstantTerm(f"<{RDF}type>")
REIFIES = p.ConstantTerm(f"<{RDF}reifies>")
_DEFAULT_GRAPHS = {f"<{RML}defaultGraph>", f"<{RR}defaultGraph>"}


def compile_mapping(
    mapping: m.Mapping,
    *,
    base: str | None = None,
    passes: Sequence[Callable[[p.Plan], p.Plan]] = PASSES,
    findings: Findings | None = None,
) -> p.Plan:
    """Compile a mapping. `base` resolves relative IRIs when the mapping names none; `passes`
    rewrite the plan in their order; `findings` receives what may not be meant.

    Raises MappingError or MappingReferenceError with the place in the mapping's file.
    """
    compiler = _Compiler(mapping, mapping.base or base)
    plan = compiler.plan()
    if findings is not None:
        # A term that several emits use is told once.
        told = {(each.kind.code, each.place): each for each in compiler.findings}
        for each in told.values():
            findings.add(each.kind, each.place, each.values)
    for rewrite in passes:
        plan = rewrite(plan)
    return plan


class _Compiler:
    def __init__(self, mapping: m.Mapping, base: str | None) -> None:
        self.mapping = mapping
        self.base = base
        self.child: m.TriplesMap | None = None
        self.findings = Findings()
        self.maps = {triples_map.id: triples_map for triples_map in mapping.triples_maps}
        self.targets = {target.id for target in mapping.targets}

    def plan(self) -> p.Plan:
        emits: dict[m.LogicalSource, list[p.Emit]] = {}
        for triples_map in self.mapping.triples_maps:
            emits.setdefault(triples_map.source, []).extend(self._emits(triples_map))
        pipelines = tuple(
            p.Pipeline(source, tuple(found), columns_of(found)) for source, found in emits.items()
        )
        lookups = dict.fromkeys(
            node for node in walk(pipelines, into_lookups=True) if isinstance(node, p.LookupTable)
        )
        return p.Plan(pipelines, tuple(lookups), self.mapping.targets)

    def _lowering(self, triples_map: m.TriplesMap) -> Lowering:
        base = triples_map.base or self.base
        assumed = triples_map.base is None and self.mapping.base is None
        return Lowering(
            base,
            self._referenced,
            scope=triples_map.id,
            assumed=assumed,
            findings=self.findings,
        )

    def _emits(self, triples_map: m.TriplesMap) -> Iterator[p.Emit]:
        if not triples_map.subjects:
            raise MappingError(
                Text(
                    ja=f"マッピング {triples_map.id} に主語 (subjects) がありません。",
                    en=f"mapping {triples_map.id} has no subject.",
                ),
                place=triples_map.place,
            )
        self.child = triples_map
        self.lower = self._lowering(triples_map)
        condition = self._condition(triples_map.condition)
        for subject_map in triples_map.subjects:
            subject = self.lower.term(subject_map, Position.SUBJECT)
            graphs = self._graphs(triples_map.graphs)
            yield from self._reified(triples_map, subject_map, graphs, condition)
            for class_map in triples_map.classes:
                class_term = self.lower.term(class_map, Position.CLASS)
                for graph, graph_targets in graphs:
                    yield p.Emit(
                        in_graph(subject, graph),
                        RDF_TYPE,
                        class_term,
                        graph,
                        condition,
                        self._targets(subject_map, class_map) + graph_targets,
                        triples_map=triples_map.id,
                        place=class_map.place,
                    )
            for pom in triples_map.predicate_objects:
                yield from self._predicate_object(triples_map, pom, subject_map, subject, condition)
            if isinstance(subject, p.GatherTerm) and not (
                triples_map.classes or triples_map.predicate_objects
            ):
                # Nothing is said of the collection, and yet it is there (RML-CC).
                for graph, graph_targets in graphs:
                    yield p.Emit(
                        in_graph(subject, graph),
                        RDF_TYPE,
                        in_graph(subject, graph),
                        graph,
                        condition,
                        tuple(dict.fromkeys(self._targets(subject_map) + graph_targets)),
                        structure_only=True,
                        triples_map=triples_map.id,
                        place=subject_map.place,
                    )

    def _predicate_object(
        self,
        triples_map: m.TriplesMap,
        pom: m.PredicateObject,
        subject_map: m.TermMap,
        subject: p.Term,
        condition: p.Value | None,
    ) -> Iterator[p.Emit]:
        condition = _both(condition, self._condition(pom.condition))
        # RML-Core: the graphs of a triple are those of the subject map and of the
        # predicate-object map together.
        graphs = self._graphs((*triples_map.graphs, *pom.graphs))
        for object_map in pom.objects:
            if isinstance(object_map, m.ReferencingObject):
                objects = self._referenced(object_map)
            else:
                objects = [self.lower.term(object_map, Position.OBJECT)]
            yield from self._reified(triples_map, object_map, graphs, condition)
            for object_term, (graph, graph_targets) in product(objects, graphs):
                about, said = in_graph(subject, graph), in_graph(object_term, graph)
                for predicate_map in pom.predicates:
                    predicate = self.lower.term(predicate_map, Position.PREDICATE)
                    targets = self._targets(subject_map, predicate_map, object_map)
                    targets = tuple(dict.fromkeys(targets + graph_targets))
                    yield p.Emit(
                        about,
                        predicate,
                        said,
                        graph,
                        condition,
                        targets,
                        triples_map=triples_map.id,
                        place=object_map.place or predicate_map.place or pom.place,
                    )
                for inverse_map in pom.inverse:
                    predicate = self.lower.term(inverse_map, Position.PREDICATE)
                    yield p.Emit(
                        said,
                        predicate,
                        about,
                        graph,
                        condition,
                        self._targets(subject_map, inverse_map, object_map) + graph_targets,
                        triples_map=triples_map.id,
                        place=inverse_map.place or pom.place,
                    )

    def _reified(
        self,
        triples_map: m.TriplesMap,
        term_map: m.TermMap | m.ReferencingObject,
        graphs: list[tuple[p.Term | None, tuple[str, ...]]],
        condition: p.Value | None,
    ) -> Iterator[p.Emit]:
        """Which triples the blank nodes of a term map just lowered stand for."""
        for node, triple in self.lower.reified:
            for graph, targets in graphs:
                yield p.Emit(
                    node,
                    REIFIES,
                    triple,
                    graph,
                    condition,
                    tuple(dict.fromkeys(self._targets(term_map) + targets)),
                    triples_map=triples_map.id,
                    place=term_map.place,
                )
        self.lower.reified.clear()

    def _referenced(self, reference: m.ReferencingObject) -> list[p.Term]:
        child = self.child
        assert child is not None
        parent = self.maps.get(reference.parent)
        if parent is None:
            near = get_close_matches(reference.parent, self.maps, n=3)
            raise MappingReferenceError(
                Text(
                    ja=f"マッピング {reference.parent} は定義されていません。",
                    en=f"there is no mapping {reference.parent}.",
                ),
                place=reference.place,
                hint=Text(ja=f"近い名前: {', '.join(near)}", en=f"Near ones: {', '.join(near)}.")
                if near
                else None,
            )
        of_parent = self._lowering(parent)
        terms = [of_parent.term(subject, Position.SUBJECT) for subject in parent.subjects]
        condition = parent.condition
        parent_condition = None if condition is None else of_parent.value(condition)
        if not reference.joins:
            if parent.source != child.source:
                raise MappingError(
                    Text(
                        ja=f"マッピング {parent.id} は別の表を読むため、"
                        "結合条件 (condition) が必要です。",
                        en=f"mapping {parent.id} reads another source, so a join condition "
                        "is needed.",
                    ),
                    place=reference.place,
                )
            return terms
        keys = tuple(of_parent.value(join.parent) for join in reference.joins)
        child_keys = tuple(self.lower.value(join.child) for join in reference.joins)
        return [
            p.LookupTerm(
                p.LookupTable(parent.source, keys, term, parent_condition),
                child_keys,
                reference.place,
            )
            for term in terms
        ]

    def _graphs(
        self, graph_maps: tuple[m.TermMap, ...]
    ) -> list[tuple[p.Term | None, tuple[str, ...]]]:
        found: list[tuple[p.Term | None, tuple[str, ...]]] = []
        for graph_map in graph_maps:
            term: p.Term | None = self.lower.term(graph_map, Position.GRAPH)
            if isinstance(term, p.ConstantTerm) and term.term in _DEFAULT_GRAPHS:
                term = None
            targets = self._targets(graph_map)
            if (term, targets) not in found:
                found.append((term, targets))
        return found or [(None, ())]

    def _condition(self, condition: m.Expression | None) -> p.Value | None:
        return None if condition is None else self.lower.value(condition)

    def _targets(self, *maps: m.TermMap | m.ReferencingObject) -> tuple[str, ...]:
        """The targets of term maps, their datatype and language maps included (RML-IO)."""
        names: dict[str, Place | None] = {}
        for each in maps:
            parts = (each.datatype, each.language) if isinstance(each, m.TermMap) else ()
            for part in (each, *(part for part in parts if part is not None)):
                for name in part.targets:
                    names.setdefault(name, part.place)
        for name, place in names.items():
            if name not in self.targets:
                raise MappingReferenceError(
                    Text(
                        ja=f"出力先 {name} は定義されていません。", en=f"there is no target {name}."
                    ),
                    place=place,
                )
        return tuple(names)


def in_graph(term: p.Term, graph: p.Term | None) -> p.Term:
    """A term as it is in a graph: a list whose head is a blank node is another one in each graph,
    since its cells are (RML-CC, test case 0010-Listb)."""
    if not isinstance(term, p.GatherTerm) or graph is None:
        return term
    node = term.node
    if isinstance(node, p.BlankTerm) and node.value is not None:
        parts = (p.LexicalForm(graph), p.Text(" "), node.value)
        node = replace(node, value=p.Concat(parts, node.place))
    return replace(term, node=node, items=tuple(in_graph(item, graph) for item in term.items))


def _both(first: p.Value | None, second: p.Value | None) -> p.Value | None:
    if first is None or second is None:
        return first or second
    return p.All((first, second))
