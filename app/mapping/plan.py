"""The one thing all mapping languages compile to: a frozen tree of column expressions.

Two kinds of nodes: value nodes give strings, term nodes give RDF terms in N-Quads syntax. A
node gives, for each row of a batch, none, one or several values. Nodes are compared without
their places, so the executor computes equal nodes once for each batch.

`app.mapping.execute` runs it; `app.mapping.printing` prints and serialises it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.errors import Place
from app.mapping.model import LogicalSource, LogicalTarget


class Encode(StrEnum):
    """How a value is escaped when it becomes a part of an IRI."""

    NONE = "none"
    IRI = "iri"
    """Percent-encode all but iunreserved characters (RFC 3987; RML template-valued terms)."""
    URI = "uri"
    """Percent-encode all but unreserved characters (RFC 3986)."""


# Value nodes ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """The cell of a column; null where it holds one of the source's null texts."""

    name: str
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """The same string for every row."""

    value: str
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Concat:
    """Parts joined; null when a part is null; all combinations when parts have several."""

    parts: tuple[Value, ...]
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A value percent-encoded."""

    value: Value
    encode: Encode
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Apply:
    """A function of the registry, by its IRI, with arguments by parameter name."""

    function: str
    arguments: tuple[tuple[str, Value], ...]
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LexicalForm:
    """The lexical form of a term: terms as function arguments (RML-FNML)."""

    term: Term
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class All:
    """ "true" where every part is "true": several conditions together."""

    parts: tuple[Value, ...]
    place: Place | None = field(default=None, compare=False, repr=False)


Value = Column | Text | Concat | Encoded | Apply | LexicalForm | All


# Term nodes ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConstantTerm:
    """A term in N-Quads syntax."""

    term: str
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class IriTerm:
    """An IRI; relative ones are prefixed with `base`. `safe` when the compiler has proved that
    every value gives a valid absolute IRI, so that the executor need not check. `assumed`: the
    mapping states no base, so a relative IRI is more likely a slip in the cell than meant."""

    value: Value
    base: str | None = None
    safe: bool = False
    ascii_only: bool = False
    place: Place | None = field(default=None, compare=False, repr=False)
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class BlankTerm:
    """A blank node whose label is made from the value; the same value, the same node.
    Without a value: a node of its own for each row, one for each `scope`."""

    value: Value | None = None
    scope: str = ""
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LiteralTerm:
    """A literal. `datatype` is a constant IRI or a term node, `language` a constant tag or a
    value node. A cell that is not in the lexical space of a constant datatype is a finding."""

    value: Value
    datatype: str | Term | None = None
    language: str | Value | None = None
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TripleTerm:
    """A quoted triple."""

    subject: Term
    predicate: Term
    object: Term
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class GatherTerm:
    """A list or container of terms. `node` gives the head (or the container): rows with the same
    one add to it in their order. None makes a blank node for each row, one for each `scope`. Its
    own triples are emitted beside the quad that uses it."""

    kind: str
    items: tuple[Term, ...]
    node: Term | None = None
    cartesian: bool = False
    empty_allowed: bool = False
    scope: str = ""
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LookupTerm:
    """The parent's terms of all parent rows whose keys equal the child's (see `LookupTable`)."""

    table: LookupTable
    keys: tuple[Value, ...]
    place: Place | None = field(default=None, compare=False, repr=False)


Term = ConstantTerm | IriTerm | BlankTerm | LiteralTerm | TripleTerm | GatherTerm | LookupTerm


@dataclass(frozen=True, slots=True)
class LookupTable:
    """Built once before the run from the parent's source: keys → term."""

    source: LogicalSource
    keys: tuple[Value, ...]
    term: Term
    condition: Value | None = None


# The plan ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Emit:
    """One quad for each row (more when nodes have several values), where `condition` is true.

    `graph` None is the default graph of the output (the data set's graph when publishing).
    `may_repeat` False when keys prove that no two rows give the same quad; otherwise
    two rows give the same quad only if they give the same value of `repeats_by` (None: unknown).
    `structure_only`: not the quad itself is given, but the collection that is its subject.
    """

    subject: Term
    predicate: Term
    object: Term
    graph: Term | None = None
    condition: Value | None = None
    targets: tuple[str, ...] = ()
    may_repeat: bool = True
    repeats_by: Value | Term | None = None
    structure_only: bool = False
    triples_map: str = ""
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """All that is emitted from one scan of one source. `columns` are the ones it reads."""

    source: LogicalSource
    emits: tuple[Emit, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the executor runs: pipelines in order; lookup tables are found inside them."""

    pipelines: tuple[Pipeline, ...]
    lookups: tuple[LookupTable, ...] = ()
    targets: tuple[LogicalTarget, ...] = ()
    version: int = 1
