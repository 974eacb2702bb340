"""Plan nodes × one batch → columns of values and of terms.

Each node is computed once for a batch, however many emits use it. Terms are N-Quads text.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import assert_never

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.mapping import plan as p
from app.mapping.apply import apply_function
from app.mapping.datatypes import (
    BAD_LITERAL,
    FALLBACK_SUGGESTION,
    FLOATING,
    LEXICAL_SPACES,
    SUGGESTIONS,
    canonical_double,
)
from app.mapping.findings import INVALID_IRI, INVALID_LANGUAGE, RELATIVE_IRI, CellReport
from app.mapping.gather import Gathered, gather
from app.mapping.lookup import LookupIndex, key_column
from app.mapping.vector import Rows, Vector, align, constant, filled, join, masked
from app.rdf import terms
from app.rdf.namespaces import XSD
from app.tabular.batch import Batch


class Evaluator:
    """Computes nodes on one batch. `gathered` keeps what each row puts into collections."""

    def __init__(
        self,
        batch: Batch,
        nulls: tuple[str, ...],
        lookups: Mapping[p.LookupTable, LookupIndex],
        report: CellReport,
    ) -> None:
        self.batch = batch
        self.height = len(batch)
        self.nulls = nulls
        self.lookups = lookups
        self.report = report
        self.gathered: dict[p.GatherTerm, Gathered] = {}
        self._values: dict[p.Value, Vector] = {}
        self._terms: dict[p.Term, Vector] = {}

    def value(self, node: p.Value) -> Vector:
        """The strings of a value node."""
        found = self._values.get(node)
        if found is None:
            found = self._values[node] = self._compute_value(node)
        return found

    def term(self, node: p.Term) -> Vector:
        """The N-Quads terms of a term node."""
        if isinstance(node, p.ConstantTerm):
            return Vector(node.term)
        found = self._terms.get(node)
        if found is None:
            found = self._terms[node] = self._compute_term(node)
        return found

    def empty_cells(self) -> dict[str, int]:
        """How many cells of each column that was read have no value."""
        read = ((node, found.values) for node, found in self._values.items())
        return {
            node.name: values.null_count
            for node, values in read
            if isinstance(node, p.Column) and not isinstance(values, str) and values.null_count
        }

    def node(self, node: p.Value | p.Term) -> Vector:
        """The strings of a value node, or the terms of a term node."""
        return self.term(node) if isinstance(node, p.Term) else self.value(node)

    def _compute_value(self, node: p.Value) -> Vector:
        match node:
            case p.Column(name):
                return self._column(name)
            case p.Text(value):
                return Vector(value)
            case p.Concat(parts):
                values, rows = align([self.value(part) for part in parts], self.height)
                return Vector(join(values), rows)
            case p.Encoded(value, encode):
                return self._encoded(self.value(value), encode)
            case p.Apply():
                arguments = [(name, self.value(value)) for name, value in node.arguments]
                return apply_function(node, arguments, self.height, self.report)
            case p.LexicalForm(term):
                return self._lexical_form(self.term(term))
            case p.All(parts):
                values, rows = align([self.value(part) for part in parts], self.height)
                keep = None
                for value in values:
                    this = pc.equal(filled(value, self.height), "true")
                    keep = this if keep is None else pc.and_kleene(keep, this)
                assert keep is not None
                return Vector(pc.if_else(pc.fill_null(keep, False), "true", "false"), rows)
            case _:
                assert_never(node)

    def _column(self, name: str) -> Vector:
        array = self.batch.table.column(name)
        rows = None
        if pa.types.is_list(array.type):
            lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy(zero_copy_only=False)
            rows = np.repeat(np.arange(self.height, dtype=np.int64), lengths)
            array = array.flatten()
        if not pa.types.is_string(array.type):
            array = array.cast(pa.string())
        if self.nulls == ("",):
            return Vector(masked(array, pc.not_equal(array, constant(""))), rows)
        if self.nulls:
            is_null = pc.is_in(array, value_set=pa.array(self.nulls, pa.string()))
            return Vector(masked(array, pc.invert(is_null)), rows)
        return Vector(array, rows)

    def _encoded(self, vector: Vector, encode: p.Encode) -> Vector:
        if encode is p.Encode.NONE:
            return vector
        ascii_only = encode is p.Encode.URI
        if isinstance(vector.values, str):
            return Vector(terms.percent_encode(vector.values, ascii_only=ascii_only))
        return Vector(terms.percent_encode_all(vector.values, ascii_only=ascii_only), vector.rows)

    def _lexical_form(self, vector: Vector) -> Vector:
        if isinstance(vector.values, str):
            return Vector(vector.values.strip("<>"))
        if vector.before == "<":
            return Vector(vector.values, vector.rows)
        return Vector(pc.utf8_slice_codeunits(vector.whole().values, 1, -1), vector.rows)

    def _compute_term(self, node: p.Term) -> Vector:
        match node:
            case p.IriTerm():
                return self._iri(node)
            case p.LiteralTerm():
                return self._literal(node)
            case p.BlankTerm():
                return self._blank(node)
            case p.LookupTerm(table, keys):
                return self._looked_up(table, keys)
            case p.TripleTerm(subject, predicate, object_):
                inner = [self.term(each) for each in (subject, predicate, object_)]
                values, rows = align(inner, self.height)
                joined = join(["<<( ", values[0], " ", values[1], " ", values[2], " )>>"])
                return Vector(joined, rows)
            case p.GatherTerm():
                gathered = gather(
                    node,
                    [self.term(item).whole() for item in node.items],
                    None if node.node is None else self.term(node.node).whole(),
                    self.batch,
                )
                self.gathered[node] = gathered
                return gathered.heads
            case p.ConstantTerm(term):
                return Vector(term)
            case _:
                assert_never(node)

    def _iri(self, node: p.IriTerm) -> Vector:
        vector = self.value(node.value)
        values = vector.values
        if isinstance(values, str):
            values = filled(values, self.height)
        given = values
        if node.safe:
            return Vector(values, vector.rows, "<", ">")
        if node.base is not None:
            absolute = pc.match_substring_regex(values, terms.SCHEME_RE2)
            if not pc.all(absolute, min_count=0).as_py():
                values = pc.if_else(absolute, values, join([node.base, values]))
                if node.assumed:
                    relative = pc.and_(pc.invert(absolute), terms.valid_iris(values))
                    details = {"base": node.base}
                    self.report.odd(RELATIVE_IRI, node, given, relative, vector.rows, details)
        valid = terms.valid_iris(values)
        if node.ascii_only:
            valid = pc.and_(valid, pc.match_substring_regex(values, r"^[\x21-\x7E]*$"))
        if not pc.all(valid, min_count=0).as_py():
            self.report.bad(INVALID_IRI, node, given, pc.invert(valid), vector.rows, {})
            values = masked(values, valid)
        return Vector(values, vector.rows, "<", ">")

    def _blank(self, node: p.BlankTerm) -> Vector:
        if node.value is None:
            first = self.batch.first_row
            numbers = pa.array(np.arange(first, first + self.height)).cast(pa.string())
            scope = zlib.crc32(node.scope.encode())
            return Vector(join([f"_:row{scope:x}x", numbers]))
        vector = self.value(node.value)
        if isinstance(vector.values, str):
            return Vector(f"_:{terms.blank_label(vector.values)}", vector.rows)
        return Vector(terms.blank_labels(vector.values), vector.rows, "_:")

    def _literal(self, node: p.LiteralTerm) -> Vector:
        vector = self.value(node.value)
        if isinstance(node.datatype, str):
            vector = self._checked(node, vector, node.datatype)
            if node.datatype in FLOATING and self._natural_types(node.value) is not None:
                # A number of the source as another number: its canonical form (RML-Core).
                made = terms.map_distinct(filled(vector.values, self.height), canonical_double)
                vector = Vector(made, vector.rows)
        values, rows = vector.values, vector.rows
        quoted = (
            terms.escape_literal(values)
            if isinstance(values, str)
            else terms.escape_literals(values)
        )
        if node.language is None and node.datatype is None:
            natural = self._natural(node.value, quoted)
            return _quoted(quoted, '"', rows) if natural is None else Vector(natural, rows)
        if isinstance(node.language, str):
            return _quoted(quoted, f'"@{node.language}', rows)
        if isinstance(node.datatype, str):
            end = '"' if node.datatype == f"{XSD}string" else f'"^^<{node.datatype}>'
            return _quoted(quoted, end, rows)
        if node.language is not None:
            tag = self.value(node.language)
            (quoted, tags), rows = align([Vector(quoted, rows), tag], self.height)
            tags = filled(tags, self.height)
            valid = pc.match_substring_regex(tags, terms.LANGUAGE_RE2)
            if not pc.all(valid, min_count=0).as_py():
                self.report.bad(INVALID_LANGUAGE, node, tags, pc.invert(valid), rows, {})
                tags = masked(tags, valid)
            return Vector(join(['"', quoted, '"@', tags]), rows)
        assert node.datatype is not None
        datatype = self.term(node.datatype)
        (quoted, types), rows = align([Vector(quoted, rows), datatype], self.height)
        return Vector(join(['"', quoted, '"^^', types]), rows)

    def _natural(self, value: p.Value, texts: pa.Array | str) -> pa.Array | None:
        """Literals with the datatypes that the source itself gives its values (RML-Core, natural
        mapping), or None where it gives none."""
        types = self._natural_types(value)
        if types is None or isinstance(texts, str):
            return None
        is_double = pc.fill_null(pc.equal(types, f"{XSD}double"), False)
        if pc.any(is_double, min_count=0).as_py():
            texts = pc.if_else(is_double, terms.map_distinct(texts, canonical_double), texts)
        ends = pc.if_else(types.is_valid(), join(['"^^<', pc.fill_null(types, ""), ">"]), '"')
        return join(['"', texts, ends])

    def _natural_types(self, value: p.Value) -> pa.Array | None:
        return self.batch.datatypes.get(value.name) if isinstance(value, p.Column) else None

    def _checked(self, node: p.LiteralTerm, vector: Vector, datatype: str) -> Vector:
        pattern = LEXICAL_SPACES.get(datatype)
        if pattern is None:
            return vector
        values = filled(vector.values, self.height)
        fits = pc.match_substring_regex(values, pattern)
        if pc.all(fits, min_count=0).as_py():
            return vector
        suggestion = SUGGESTIONS.get(datatype, FALLBACK_SUGGESTION)
        shown = datatype.replace(XSD, "xsd:")
        self.report.bad(
            BAD_LITERAL,
            node,
            values,
            pc.invert(fits),
            vector.rows,
            {
                "datatype": shown,
                "suggestion": suggestion.ja,
                "suggestion_en": suggestion.en,
            },
        )
        return Vector(masked(values, fits), vector.rows)

    def _looked_up(self, table: p.LookupTable, keys: tuple[p.Value, ...]) -> Vector:
        values, rows = align([self.value(key) for key in keys], self.height)
        return self.lookups[table].find(key_column(values, self.height), rows, self.height)


def _quoted(text: pa.Array | str, end: str, rows: Rows | None) -> Vector:
    """A literal of an escaped text: the quotes and what follows are put on with the line."""
    if isinstance(text, str):
        return Vector(f'"{text}{end}', rows)
    return Vector(text, rows, '"', end)
