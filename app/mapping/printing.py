"""A plan as text for people: what is read, and what each row gives.

Columns are written `$(name)`, percent-encoded ones `$(name)%`; known namespaces are shortened.
For machines: `app.mapping.plan_json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final, assert_never

from app.mapping import plan as p
from app.mapping.functions.registry import JFN
from app.mapping.model import LogicalSource
from app.rdf.namespaces import PREFIXES, RDF

_IRI: Final = re.compile(r"<([^<>\s]*)>")
_SHORT: Final[Mapping[str, str]] = {**PREFIXES, "jfn": JFN}
_LOCAL: Final = re.compile(r"[\w.\-]*\Z")


def as_text(plan: p.Plan) -> str:
    """The whole plan."""
    return "\n".join(_plan(plan)) + "\n"


def _plan(plan: p.Plan) -> Iterator[str]:
    yield f"plan, version {plan.version}"
    for target in plan.targets:
        packing = f", {target.compression}" if target.compression else ""
        yield f"target {target.id}: {target.path} ({target.format}{packing})"
    numbers = {table: number for number, table in enumerate(plan.lookups, start=1)}
    for table, number in numbers.items():
        keys = ", ".join(value(key) for key in table.keys)
        condition = "" if table.condition is None else f" if {value(table.condition)}"
        yield ""
        yield f"lookup {number}: {_source(table.source)}"
        yield f"  [{keys}] → {term(table.term, numbers)}{condition}"
    for pipeline in plan.pipelines:
        yield ""
        yield f"scan {_source(pipeline.source)}"
        yield f"  columns: {', '.join(pipeline.columns) or '(none)'}"
        for subject, emits in groupby(pipeline.emits, key=lambda emit: emit.subject):
            yield f"  {term(subject, numbers)}"
            for emit in emits:
                yield f"    {_emit(emit, numbers)}"


def _source(source: LogicalSource) -> str:
    if source.view is not None:
        joins = "".join(f", {j.kind} join {_source(j.parent)}" for j in source.view.joins)
        return f"view of {_source(source.view.on)}{joins}"
    if source.formulation == "none":
        return "nothing (constants)"
    iterator = f" {source.iterator}" if source.iterator is not None else ""
    nulls = ", ".join(f"“{text}”" for text in source.nulls)
    return f"{source.path} ({source.formulation}{iterator}; null: {nulls or 'none'})"


def _emit(emit: p.Emit, numbers: Mapping[p.LookupTable, int]) -> str:
    if emit.structure_only:
        said = "(only its members)"
    else:
        said = f"{term(emit.predicate, numbers)} {term(emit.object, numbers)}"
    parts = [said]
    if emit.graph is not None:
        parts.append(f"in {term(emit.graph, numbers)}")
    if emit.condition is not None:
        parts.append(f"if {value(emit.condition)}")
    if emit.targets:
        parts.append(f"→ {', '.join(emit.targets)}")
    if not emit.may_repeat:
        parts.append("[each once]")
    elif emit.repeats_by is not None:
        by = emit.repeats_by
        parts.append(f"[repeats by {term(by, {}) if isinstance(by, p.Term) else inside(by)}]")
    if emit.place is not None and emit.place.line is not None:
        parts.append(f"# line {emit.place.line}")
    return "  ".join(parts)


def value(node: p.Value) -> str:
    """A value node in one line."""
    match node:
        case p.Column(name):
            return f"$({name})"
        case p.Text(text):
            return f"“{text}”"
        case p.Concat(parts):
            return "".join(inside(part) for part in parts) or "“”"
        case p.Encoded():
            return inside(node)
        case p.Apply(function, arguments):
            given = ", ".join(f"{name}={value(each)}" for name, each in arguments)
            return f"{shortened(function)}({given})"
        case p.LexicalForm(inner):
            return f"str({term(inner, {})})"
        case p.All(parts):
            return " and ".join(value(part) for part in parts)
        case _:
            assert_never(node)


def inside(node: p.Value) -> str:
    """A part of a template: text stands as it is."""
    if isinstance(node, p.Text):
        return node.value
    if isinstance(node, p.Encoded):
        return f"{inside(node.value)}{'%' if node.encode is p.Encode.IRI else '%%'}"
    return value(node) if isinstance(node, (p.Column, p.Concat)) else f"{{{value(node)}}}"


def term(node: p.Term, numbers: Mapping[p.LookupTable, int]) -> str:
    """A term node in one line; lookups by their number."""
    match node:
        case p.ConstantTerm(text):
            return "a" if text == f"<{RDF}type>" else _IRI.sub(lambda m: shortened(m[1]), text)
        case p.IriTerm(inner, base):
            checked = "" if node.safe else "?"
            return f"<{inside(inner)}>{checked}" + (f" base <{base}>" if base else "")
        case p.BlankTerm(inner):
            return "_:(new for each row)" if inner is None else f"_:{inside(inner)}"
        case p.LiteralTerm(inner, datatype, language):
            text = value(inner) if isinstance(inner, p.Apply) else f'"{inside(inner)}"'
            if language is not None:
                return f"{text}@{language if isinstance(language, str) else value(language)}"
            if datatype is None:
                return text
            shown = shortened(datatype) if isinstance(datatype, str) else term(datatype, numbers)
            return f"{text}^^{shown}"
        case p.TripleTerm():
            inner_terms = (node.subject, node.predicate, node.object)
            return f"<<( {' '.join(term(each, numbers) for each in inner_terms)} )>>"
        case p.GatherTerm(kind, items):
            combined = " × " if node.cartesian else ", "
            named = "" if node.node is None else f" named {term(node.node, numbers)}"
            return f"{kind}({combined.join(term(item, numbers) for item in items)}){named}"
        case p.LookupTerm(table, keys):
            which = numbers.get(table, "?")
            return f"lookup {which} [{', '.join(value(key) for key in keys)}]"
        case _:
            assert_never(node)


def shortened(iri: str) -> str:
    """An IRI with a known prefix, or in angle brackets."""
    for prefix, namespace in _SHORT.items():
        if iri.startswith(namespace) and _LOCAL.match(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return f"<{iri}>"
