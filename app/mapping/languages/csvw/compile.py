"""csv2rdf: annotated tables to the plan that the executor runs, in standard or minimal mode.

Source: Generating RDF from Tabular Data on the Web, https://www.w3.org/TR/csv2rdf/ (the section
numbers below are its).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyarrow as pa

from app.mapping import plan as p
from app.mapping.columns import columns_of
from app.mapping.languages.csvw import functions
from app.mapping.languages.csvw.annotations import resolve, triples
from app.mapping.languages.csvw.cells import CellFormat, parse_cell
from app.mapping.languages.csvw.model import Column
from app.mapping.languages.csvw.reading import AnnotatedGroup
from app.mapping.languages.csvw.tables import ROW, SOURCE_ROW, AnnotatedTable
from app.mapping.languages.csvw.templates import Expression, UriTemplate
from app.mapping.model import LogicalSource
from app.rdf import terms
from app.rdf.namespaces import CSVW, RDF, XSD
from app.tabular.batch import MemoryTable, Table

GROUP_SOURCE = "urn:tsunagu:csvw:group"
"""The source of what is said once, whatever the rows: a table of one row."""

_ROW_VARIABLES = {"_row": ROW, "_sourceRow": SOURCE_ROW}

_A = p.ConstantTerm(terms.iri(RDF + "type"))


def _csvw(name: str) -> p.ConstantTerm:
    return p.ConstantTerm(terms.iri(CSVW + name))


def compile_csvw(group: AnnotatedGroup, *, minimal: bool = False) -> p.Plan:
    """The plan of a group. In minimal mode only what the cells say, in standard mode also the
    table group, its tables and rows with their annotations."""
    pipelines = []
    if not minimal:
        emits = tuple(_group_emits(group))
        pipelines.append(p.Pipeline(LogicalSource(GROUP_SOURCE, nulls=()), emits, ()))
    for number, table in enumerate(group.tables, start=1):
        if table.description.suppress_output:
            continue
        nulls = _nulls(table)
        compiler = _TableCompiler(table, number, minimal, nulls)
        emits = tuple(replace(emit, triples_map=table.path) for emit in compiler.emits())
        source = LogicalSource(table.path, nulls=nulls, place=table.description.place)
        pipelines.append(p.Pipeline(source, emits, columns_of(emits)))
    return p.Plan(tuple(pipelines))


def _nulls(table: AnnotatedTable) -> tuple[str, ...]:
    """Empty cells are nulls of the plan itself where no column says anything else."""
    usual = all(column.cell_format.nulls == ("",) for column in table.real_columns)
    return ("",) if usual else ()


def table_opener(group: AnnotatedGroup, source: LogicalSource) -> Table:
    """The table of a logical source of such a plan; bind the group with `functools.partial`."""
    if source.path == GROUP_SOURCE:
        return MemoryTable(GROUP_SOURCE, pa.table({"once": ["1"]}))
    return group.by_path[source.path].rows


def _group_emits(group: AnnotatedGroup) -> Iterator[p.Emit]:
    """The table group, its tables, their annotations and notes (4.2 and 4.3)."""
    blanks = (f"_:annotation{number}" for number in itertools.count(1))
    description = group.description
    node = _node(description.id, "_:group")
    yield p.Emit(node, _A, _csvw("TableGroup"))
    yield from _annotations(node, description.annotations, description.notes, blanks)
    for number, table in enumerate(group.tables, start=1):
        if table.description.suppress_output:
            continue
        own = _table_node(table, number)
        yield p.Emit(node, _csvw("table"), own)
        yield p.Emit(own, _A, _csvw("Table"))
        yield p.Emit(own, _csvw("url"), p.ConstantTerm(terms.iri(table.url)))
        given = table.description
        yield from _annotations(own, given.annotations, given.notes, blanks)


def _annotations(
    node: p.ConstantTerm,
    annotations: tuple[tuple[str, object], ...],
    notes: tuple[object, ...],
    blanks: Iterator[str],
) -> Iterator[p.Emit]:
    said = [*annotations, *((CSVW + "note", note) for note in notes)]
    for predicate, value in said:
        if not terms.is_valid_iri(predicate):
            continue
        for s, verb, o in triples(node.term, terms.iri(predicate), value, lambda: next(blanks)):
            yield p.Emit(p.ConstantTerm(s), p.ConstantTerm(verb), p.ConstantTerm(o))


def _node(identifier: str | None, blank: str) -> p.ConstantTerm:
    valid = identifier is not None and terms.is_valid_iri(identifier)
    return p.ConstantTerm(terms.iri(identifier) if valid and identifier else blank)


def _iri(address: p.Value, column: Column) -> p.Term:
    if isinstance(address, p.Text) and terms.is_valid_iri(address.value):
        return p.ConstantTerm(terms.iri(address.value))
    return p.IriTerm(address, place=column.place)


def _table_node(table: AnnotatedTable, number: int) -> p.ConstantTerm:
    return _node(table.description.id, f"_:table{number}")


@dataclass(frozen=True, slots=True)
class _TableCompiler:
    """Emits of the rows of one table (4.4 to 4.6)."""

    table: AnnotatedTable
    number: int
    minimal: bool
    nulls: tuple[str, ...]

    def emits(self) -> Iterator[p.Emit]:
        """All emits, in the order of the specification's steps."""
        if not self.minimal:
            yield from self._row_emits()
        for column in self.table.columns:
            if not column.suppress_output:
                yield from self._cell_emits(column)

    def _row_emits(self) -> Iterator[p.Emit]:
        row = p.BlankTerm(p.Concat((p.Text(f"row{self.number} "), p.Column(ROW))))
        yield p.Emit(_table_node(self.table, self.number), _csvw("row"), row)
        yield p.Emit(row, _A, _csvw("Row"))
        number = p.LiteralTerm(p.Column(ROW), datatype=XSD + "integer")
        yield p.Emit(row, _csvw("rownum"), number)
        fragment = p.Concat((p.Text(f"{self.table.url}#row="), p.Column(SOURCE_ROW)))
        yield p.Emit(row, _csvw("url"), p.IriTerm(fragment))
        for name in self.table.description.schema.row_titles:
            column = self.table.column(name)
            if column is not None:
                for term in self._literals(column, language_of_titles=True):
                    yield p.Emit(row, _csvw("title"), term)
        shown = [column for column in self.table.columns if not column.suppress_output]
        for subject in dict.fromkeys(self._subject(column) for column in shown):
            yield p.Emit(row, _csvw("describes"), subject)

    def _cell_emits(self, column: Column) -> Iterator[p.Emit]:
        subject, predicate = self._subject(column), self._predicate(column)
        place = column.place
        if column.inherited.value_url is not None:
            condition = None if column.virtual else self._cell_call(functions.PRESENT, column)
            value = _iri(self._address(column.inherited.value_url, column), column)
            yield p.Emit(subject, predicate, value, condition=condition, place=place)
            return
        literals = tuple(self._literals(column))
        form = column.cell_format
        if form.separator is not None and column.inherited.ordered:
            head = p.Concat((p.Text(f"list{self.number} {column.number} "), p.Column(ROW)))
            items = p.GatherTerm("list", literals, node=p.BlankTerm(head), place=place)
            yield p.Emit(subject, predicate, items, place=place)
            return
        for literal in literals:
            yield p.Emit(subject, predicate, literal, place=place)

    def _subject(self, column: Column) -> p.Term:
        template = column.inherited.about_url
        if template is None:
            # 4.5: one blank node for each row, of all cells without an aboutUrl.
            return p.BlankTerm(p.Concat((p.Text(f"subject{self.number} "), p.Column(ROW))))
        return _iri(self._address(template, column), column)

    def _predicate(self, column: Column) -> p.Term:
        template = column.inherited.property_url
        if template is None:
            address: p.Value = p.Text(f"{self.table.url}#{column.name}")
        else:
            address = self._address(template, column)
        return _iri(address, column)

    def _literals(self, column: Column, *, language_of_titles: bool = False) -> Iterator[p.Term]:
        """The values as literals, and those that are not of their datatype as plain strings."""
        datatype, language = column.datatype, None
        if column.lang != "und" and (datatype.base == "string" or language_of_titles):
            language = column.lang
        iri: str | None = None if datatype.iri == XSD + "string" else datatype.iri
        if language is not None or language_of_titles:
            iri = None
        key = self.table.key(column.name)
        if key is None:
            for value in parse_cell("", column.cell_format).values:
                kind = None if value.invalid is not None else iri
                yield p.ConstantTerm(terms.literal(value.lexical, datatype=kind, language=language))
            return
        place, form = column.place, column.cell_format
        if form.is_plain and not form.required and self.nulls:
            cell = p.Column(key, place=place)
            yield p.LiteralTerm(cell, datatype=iri, language=language, place=place)
            return
        values = self._cell_call(functions.VALUES, column)
        yield p.LiteralTerm(values, datatype=iri, language=language, place=place)
        if not replace(form, separator=None, default="").is_plain:
            texts = self._cell_call(functions.TEXTS, column)
            yield p.LiteralTerm(texts, language=language, place=place)

    def _cell_call(self, function: str, column: Column) -> p.Apply:
        key = self.table.key(column.name)
        assert key is not None
        form = p.Text(functions.written_format(column.cell_format))
        cell = p.Column(key, place=column.place)
        arguments: tuple[tuple[str, p.Value], ...] = (("cell", cell), ("column", form))
        return p.Apply(function, arguments, place=column.place)

    def _address(self, template: UriTemplate, column: Column) -> p.Value:
        """A URI template property: expanded, prefixes spelt out, resolved (Metadata Vocabulary,
        section 5.1.3). Constant parts are expanded here."""
        parts = self._parts(template, column)
        base = self.table.url
        first = parts[0] if parts else p.Text("")
        if len(parts) <= 1 and isinstance(first, p.Text):
            return p.Text(resolve(base, functions.spelt_out(first.value)))
        if isinstance(first, p.Text) and "://" in first.value:
            return p.Concat(parts)
        if isinstance(first, p.Text) and first.value.startswith("#"):
            return p.Concat((p.Text(base.partition("#")[0]), *parts))
        return p.Apply(
            functions.RESOLVE,
            (("address", p.Concat(parts)), ("base", p.Text(base))),
            place=column.place,
        )

    def _parts(self, template: UriTemplate, column: Column) -> tuple[p.Value, ...]:
        parts: list[p.Value] = []
        for part in template.parts:
            value = p.Text(part) if isinstance(part, str) else self._expression(part, column)
            last = parts[-1] if parts else None
            if isinstance(value, p.Text) and isinstance(last, p.Text):
                parts[-1] = p.Text(last.value + value.value)
            else:
                parts.append(value)
        return tuple(parts)

    def _expression(self, expression: Expression, column: Column) -> p.Value:
        constants = {
            "_name": column.name,
            "_column": str(column.number),
            "_sourceColumn": "" if column.source_number is None else str(column.source_number),
        }
        names = tuple(dict.fromkeys(variable.name for variable in expression.variables))
        known = {name: constants[name] for name in names if name in constants}
        columns: list[tuple[str, CellFormat | None]] = []
        cells: list[p.Column] = []
        for name in names:
            if name in _ROW_VARIABLES:
                columns.append((name, None))
                cells.append(p.Column(_ROW_VARIABLES[name]))
                continue
            own, key = self.table.column(name), self.table.key(name)
            if own is not None and key is not None:
                columns.append((name, own.cell_format))
                cells.append(p.Column(key, place=column.place))
        if not cells:
            return p.Text(expression.expand(dict(known)))
        if expression.text == f"{{{names[0]}}}" and _never_expands_to_nothing(self.table, names[0]):
            return p.Encoded(cells[0], p.Encode.URI)
        written = functions.written_template(
            UriTemplate(expression.text, (expression,)), known, tuple(columns)
        )
        given: list[tuple[str, p.Value]] = [("template", p.Text(written))]
        given += [("cells", cell) for cell in cells]
        return p.Apply(functions.EXPAND, tuple(given), place=column.place)


def _never_expands_to_nothing(table: AnnotatedTable, name: str) -> bool:
    """Whether `{name}` is just the percent-encoded cell: a string as it stands that must not be
    missing. Then the executor encodes the column at once, and sees that it makes a key."""
    column = table.column(name)
    if column is None:
        return False
    wanted = column.cell_format.required or (name,) == table.description.schema.primary_key
    return wanted and replace(column.cell_format, required=False) == CellFormat()
