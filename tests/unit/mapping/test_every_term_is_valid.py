"""Whatever stands in the cells and in the mapping, what comes out is RDF as the engine reads it,
and what is left out is counted."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from app.errors import MappingError
from app.mapping import model as m
from app.mapping.compile import compile_mapping
from app.mapping.execute import Mode
from app.mapping.model import TermType
from tests.unit.mapping.conftest import Run

CELLS = st.text(max_size=12) | st.sampled_from(
    [
        "http://e/a b",
        "http://e/新",
        "urn:x",
        "//a",
        "a:b",
        "http://[::1",
        "%zz",
        "\ufffe",
        "é\u0301",
    ]
)
TEXTS = st.text(alphabet="abc:/#?%é新 {}<>\"'\\^`|\n", max_size=8)
EXPRESSIONS = st.builds(m.Reference, st.just("c")) | st.builds(
    lambda start, end: m.Template((start, m.Reference("c"), end)),
    TEXTS | st.sampled_from(["http://e/", "http://e/?q=", "urn:uuid:", "mailto:", "data:,"]),
    TEXTS,
)
TYPES = st.sampled_from(list(TermType))
TAGS = st.from_regex(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,3}", fullmatch=True) | st.sampled_from(
    [
        "ja",
        "ja-Hrkt",
        "zh-min-nan",
        "x-a",
        "i-klingon",
        "en-a-bb-x-1",
        "de-CH-1901",
        "a",
        "ja-b",
        "ja\n",
    ]
)
BASES = st.sampled_from([None, "http://base/", "http://base/x#"])


@settings(deadline=None)  # the machine may be busy
@given(EXPRESSIONS, TYPES, st.lists(CELLS, min_size=1, max_size=8), BASES)
@example(m.Reference("c"), TermType.URI, ["http://e/新"], None)
@example(m.Template(("é", m.Reference("c"))), TermType.URI, ["0"], "http://base/")
@example(m.Template(("http://e/", m.Reference("c"))), TermType.UNSAFE_IRI, ["a b"], None)
def test_every_term_of_any_cell_parses(
    expression: m.Expression, term_type: TermType, cells: list[str], base: str | None
) -> None:
    predicate = m.TermMap(m.Constant("http://e/p", TermType.IRI))
    constant = m.TermMap(m.Constant("http://e/s", TermType.IRI))
    made = m.TermMap(expression, term_type)
    subject, object_ = (constant, made) if term_type is TermType.LITERAL else (made, made)
    triples_map = m.TriplesMap(
        "m",
        m.LogicalSource("t.csv"),
        (subject,),
        predicate_objects=(m.PredicateObject((predicate,), (object_,)),),
    )
    try:
        plan = compile_mapping(m.Mapping((triples_map,)), base=base)
    except MappingError:
        return  # the constant part alone shows that no IRI can come of it
    rows: dict[str, list[str | None]] = {"c": list(cells)}
    done = Run(plan, {"t.csv": rows}, Mode.LENIENT)  # parses every line
    told = sum(done.codes.values())
    given_cells = [cell for cell in cells if cell]
    assert len(done.lines) + told >= len(given_cells)
    for line in done.lines:
        [quad] = parse(f"{line}\n".encode(), RdfFormat.N_QUADS)
        expected = {TermType.LITERAL: Literal, TermType.BLANK_NODE: BlankNode}
        assert isinstance(quad.object, expected.get(term_type, NamedNode))
        if term_type in {TermType.URI, TermType.UNSAFE_URI}:
            assert isinstance(quad.object, NamedNode)
            assert quad.object.value.isascii()
        if isinstance(quad.object, Literal) and expression == m.Reference("c"):
            assert quad.object.value in cells


@settings(deadline=None)  # the machine may be busy
@given(st.lists(CELLS, min_size=1, max_size=5), CELLS | TAGS)
@example(["x"], "ja-b")
def test_predicates_graphs_datatypes_and_languages_of_any_cell_parse(
    cells: list[str], other: str
) -> None:
    def iri(name: str) -> m.TermMap:
        return m.TermMap(m.Reference(name), TermType.IRI)

    subject = m.TermMap(m.Template(("http://e/", m.Reference("c"))), TermType.IRI)
    literal = m.TermMap(m.Reference("c"), datatype=iri("d"))
    tagged = m.TermMap(m.Reference("c"), language=m.TermMap(m.Reference("d"), TermType.LITERAL))
    triples_map = m.TriplesMap(
        "m",
        m.LogicalSource("t.csv"),
        (subject,),
        classes=(iri("d"),),
        predicate_objects=(m.PredicateObject((iri("d"),), (literal, tagged), (iri("d"),)),),
    )
    plan = compile_mapping(m.Mapping((triples_map,)), base="http://base/")
    rows: dict[str, list[str | None]] = {"c": list(cells), "d": [other] * len(cells)}
    done = Run(plan, {"t.csv": rows}, Mode.LENIENT)
    assert done.lines or sum(done.codes.values()) or not any(cells) or not other
