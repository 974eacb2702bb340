"""What a mapping says, in the words of RML, whatever language it was written in.

Each language reader (`app.mapping.languages`) turns a text into a `Mapping`; `compile_mapping`
turns that into a `Plan`. Every node remembers its place in the mapping's file; places do not
take part in comparison, so equal expressions are equal.

Source: RML-Core, https://kg-construct.github.io/rml-core/spec/docs/ .
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.errors import Place


class TermType(StrEnum):
    """What kind of RDF term a term map makes (RML-Core, section on term types)."""

    IRI = "iri"
    UNSAFE_IRI = "unsafe-iri"
    URI = "uri"
    UNSAFE_URI = "unsafe-uri"
    BLANK_NODE = "blank-node"
    LITERAL = "literal"


@dataclass(frozen=True, slots=True)
class Reference:
    """The value of a column (or of a JSONPath, for JSON sources)."""

    name: str
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """An RDF term that stands in the mapping itself. `term_type` is IRI, BLANK_NODE or LITERAL."""

    value: str
    term_type: TermType = TermType.LITERAL
    datatype: str | None = None
    language: str | None = None
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Template:
    """Text with expressions in it. A part that is a `str` stands as it is."""

    parts: tuple[str | Expression, ...]
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Argument:
    """One parameter of a call, by the parameter's IRI, and the term map that gives its value."""

    parameter: str
    value: TermMap
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function applied to each row (RML-FNML). `function` is its IRI, `returns` the IRI of
    the wanted output where a function has several."""

    function: str
    arguments: tuple[Argument, ...] = ()
    returns: str | None = None
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A triple term (RML-STAR)."""

    subject: TermMap
    predicate: TermMap
    object: TermMap
    place: Place | None = field(default=None, compare=False, repr=False)


class Gathering(StrEnum):
    """What a gather map makes (RML-CC)."""

    LIST = "list"
    BAG = "bag"
    SEQ = "seq"
    ALT = "alt"


@dataclass(frozen=True, slots=True)
class Gathered:
    """A collection or container of the values of several term maps (RML-CC). `node` makes the
    head of the list or the container itself; without it each row has a blank node."""

    kind: Gathering
    items: tuple[TermMap | ReferencingObject, ...]
    node: TermMap | None = None
    cartesian: bool = False
    empty_allowed: bool = False
    place: Place | None = field(default=None, compare=False, repr=False)


Expression = Reference | Constant | Template | Call | Quoted | Gathered


@dataclass(frozen=True, slots=True)
class TermMap:
    """How one term is made from a row.

    `term_type` None means the default of the position and expression (RML-Core: a reference in
    object position, or anything with a language or datatype, is a literal; otherwise an IRI).
    `datatype` and `language` are term maps themselves, mostly constants.
    `targets` names logical targets that receive the quads with this term (RML-IO).
    BLANK_NODE with a template without parts is a node of its own for each row.
    """

    expression: Expression
    term_type: TermType | None = None
    datatype: TermMap | None = None
    language: TermMap | None = None
    targets: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Join:
    """An equality between a value of the child row and one of the parent row."""

    child: Expression
    parent: Expression
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ReferencingObject:
    """Objects that are the subjects of another triples map. Without joins: of the same row."""

    parent: str
    joins: tuple[Join, ...] = ()
    targets: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PredicateObject:
    """All pairs of predicates and objects; `inverse` predicates also link object to subject.
    `condition` is a boolean expression: rows where it is not "true" give nothing."""

    predicates: tuple[TermMap, ...]
    objects: tuple[TermMap | ReferencingObject, ...]
    graphs: tuple[TermMap, ...] = ()
    inverse: tuple[TermMap, ...] = ()
    condition: Expression | None = None
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LogicalSource:
    """Where rows come from. `path` as in the mapping; `formulation` "csv", "json", "table" (CSV of
    a database's table, with typed columns), "view" (see `view`) or "none" (one row for constants);
    `iterator` a JSONPath; `nulls` the cell texts that mean: no value; the rest overrides what the
    description of the data set says; None leaves it."""

    path: str
    formulation: str = "csv"
    iterator: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    comment_prefix: str | None = None
    header: bool = True
    compression: str | None = None
    nulls: tuple[str, ...] = ("",)
    view: View | None = None
    place: Place | None = field(default=None, compare=False, repr=False)

    def files(self) -> tuple[LogicalSource, ...]:
        """The sources that are files: itself, or those below a view."""
        if self.view is None:
            return () if self.formulation == "none" else (self,)
        below = (self.view.on, *(join.parent for join in self.view.joins))
        return tuple(dict.fromkeys(file for each in below for file in each.files()))

    def with_files(self, change: Callable[[LogicalSource], LogicalSource]) -> LogicalSource:
        """The same with the sources that are files changed."""
        if self.view is None:
            return self if self.formulation == "none" else change(self)
        joins = tuple(
            replace(join, parent=join.parent.with_files(change)) for join in self.view.joins
        )
        view = replace(self.view, on=self.view.on.with_files(change), joins=joins)
        return replace(self, view=view)


@dataclass(frozen=True, slots=True)
class ViewField:
    """A name for what is derived from each record (RML-LV): the values of an `expression`, or the
    records that an `iterator` finds in it, `formulation` telling how it is read. `fields` are
    derived from these in turn; their names begin with this one's and a dot."""

    name: str
    expression: Expression | None = None
    formulation: str | None = None
    iterator: str | None = None
    fields: tuple[ViewField, ...] = ()
    place: Place | None = field(default=None, compare=False, repr=False)


class JoinKind(StrEnum):
    """Which rows stay when a view is joined with another (RML-LV)."""

    LEFT = "left"
    INNER = "inner"
    OUTER = "outer"


@dataclass(frozen=True, slots=True)
class ViewJoin:
    """Fields from the rows of another view, where all of `on` hold."""

    kind: JoinKind
    parent: LogicalSource
    on: tuple[Join, ...]
    fields: tuple[ViewField, ...]
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class View:
    """A logical view (RML-LV): rows with the fields' names as columns, derived from those of
    another source."""

    on: LogicalSource
    fields: tuple[ViewField, ...]
    joins: tuple[ViewJoin, ...] = ()

    def columns(self) -> tuple[str, ...]:
        """What can be referred to: the position of each record, and the values of expressions."""
        fields = (*self.fields, *(each for join in self.joins for each in join.fields))
        return (POSITION, *(name for each in fields for name in columns_of_field(each)))


POSITION = "#"
"""The key of a record's position; that of a field is `name.#`."""


def columns_of_field(field: ViewField, before: str = "") -> tuple[str, ...]:
    """What can be referred to of a field and those inside it."""
    name = before + field.name
    own = (f"{name}.{POSITION}",) if field.expression is None else (f"{name}.{POSITION}", name)
    inner = (each for part in field.fields for each in columns_of_field(part, f"{name}."))
    return (*own, *inner)


@dataclass(frozen=True, slots=True)
class LogicalTarget:
    """Where quads go beside the output itself (RML-IO): a file of its own."""

    id: str
    path: str
    format: str = "nq"
    compression: str | None = None
    encoding: str | None = None
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TriplesMap:
    """Rows of one source, the subjects made from each, and what is said of them. `base` (RML-Core,
    rml:baseIRI) resolves relative IRIs that are made here, instead of the mapping's."""

    id: str
    source: LogicalSource
    subjects: tuple[TermMap, ...]
    classes: tuple[TermMap, ...] = ()
    graphs: tuple[TermMap, ...] = ()
    predicate_objects: tuple[PredicateObject, ...] = ()
    condition: Expression | None = None
    place: Place | None = field(default=None, compare=False, repr=False)
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping file. `base` resolves relative IRIs that references give."""

    triples_maps: tuple[TriplesMap, ...]
    prefixes: MappingOf[str, str] = field(default_factory=dict)
    base: str | None = None
    targets: tuple[LogicalTarget, ...] = ()
    authors: tuple[str, ...] = ()
    language: str = "rml"
    place: Place | None = field(default=None, compare=False, repr=False)
