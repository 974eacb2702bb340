"""What the plan of a CSVW mapping calls: cells to values, and URI templates.

Registered like any other function, so that the executor computes them once for each distinct
cell. How a column is to be read travels as JSON text inside the plan.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Final

from app.errors import Text
from app.mapping.functions.registry import JFN, BadValue, Example, Result, function
from app.mapping.languages.csvw.annotations import resolve
from app.mapping.languages.csvw.cells import Cell, CellFormat, CellParser, cell_parser, parse_cell
from app.mapping.languages.csvw.datatypes import Datatype
from app.mapping.languages.csvw.findings import CELL_INVALID, CELL_REQUIRED
from app.mapping.languages.csvw.templates import UriTemplate, VariableValue, parse_template
from app.mapping.languages.csvw.vocabulary import PREFIXES

VALUES: Final = JFN + "csvwValues"
TEXTS: Final = JFN + "csvwTexts"
PRESENT: Final = JFN + "csvwPresent"
EXPAND: Final = JFN + "csvwExpand"
RESOLVE: Final = JFN + "csvwResolve"

_GRADE = '{"datatype": {"base": "integer"}, "separator": ";"}'


def written_format(form: CellFormat) -> str:
    """A cell format as JSON; what is a default is left out."""
    given = {
        name: value for name, value in asdict(form).items() if value != getattr(_DEFAULT, name)
    }
    given["datatype"] = {k: v for k, v in asdict(form.datatype).items() if v is not None}
    return json.dumps(given, ensure_ascii=False, sort_keys=True)


_DEFAULT = CellFormat()


@lru_cache(maxsize=256)
def _parser(column: str) -> CellParser:
    return cell_parser(read_format(column))


@lru_cache(maxsize=4096)
def read_format(text: str) -> CellFormat:
    """The inverse of `written_format`."""
    given: dict[str, Any] = json.loads(text)
    given["datatype"] = Datatype(**given.get("datatype", {}))
    given["nulls"] = tuple(given.get("nulls", _DEFAULT.nulls))
    return CellFormat(**given)


@dataclass(frozen=True, slots=True)
class _Template:
    template: UriTemplate
    constants: Mapping[str, VariableValue]
    columns: tuple[tuple[str, CellFormat | None], ...]


def written_template(
    template: UriTemplate,
    constants: Mapping[str, str],
    columns: tuple[tuple[str, CellFormat | None], ...],
) -> str:
    """A template as JSON: its text, the variables that are the same in every row, and for each
    other variable how its cell is read (None: as it stands)."""
    return json.dumps(
        {
            "template": template.text,
            "constants": dict(constants),
            "columns": [
                [name, None if form is None else json.loads(written_format(form))]
                for name, form in columns
            ],
        },
        ensure_ascii=False,
        sort_keys=True,
    )


@lru_cache(maxsize=4096)
def _read_template(text: str) -> _Template:
    given = json.loads(text)
    columns = tuple(
        (name, None if form is None else read_format(json.dumps(form)))
        for name, form in given["columns"]
    )
    return _Template(parse_template(given["template"]), given["constants"], columns)


def _variable(cell: Cell, form: CellFormat) -> VariableValue:
    if not cell.values:
        return None
    values = tuple(value.lexical for value in cell.values)
    return values if form.separator is not None else values[0]


@function(
    VALUES,
    takes_null=True,
    summary=Text(
        ja="セルの値を、列の datatype に従った字句表現にします（CSVW）。",
        en="The values of a cell as lexical forms of its column's datatype (CSVW).",
    ),
    examples=(Example({"cell": "1; 2", "column": _GRADE}, ("1", "2")),),
)
def csvw_values(cell: str | None, column: str) -> Result:
    """The valid values. Raises BadValue for others and for a required cell without a value."""
    parsed = _parser(column)(cell or "")
    valid = _result([value.lexical for value in parsed.values if value.invalid is None])
    if parsed.missing:
        raise BadValue(CELL_REQUIRED)
    for value in parsed.values:
        if value.invalid is not None:
            bad = BadValue(CELL_INVALID, value=value.lexical, expected=value.invalid.expected)
            bad.partial = valid
            raise bad
    return valid


@function(
    TEXTS,
    takes_null=True,
    summary=Text(
        ja="セルの値のうち datatype に合わないものを、そのままの文字列で返します（CSVW）。",
        en="The values of a cell that are not of its column's datatype, as they stand (CSVW).",
    ),
    examples=(Example({"cell": "1;b", "column": _GRADE}, "b"),),
)
def csvw_texts(cell: str | None, column: str) -> Result:
    """The values that become plain strings."""
    parsed = _parser(column)(cell or "")
    return _result([value.lexical for value in parsed.values if value.invalid is not None])


def _result(values: list[str]) -> Result:
    """A single string where that is enough: the executor is faster without lists."""
    return tuple(values) if len(values) > 1 else values[0] if values else None


@function(
    PRESENT,
    boolean=True,
    takes_null=True,
    summary=Text(
        ja="セルに値があるか（null でないか）を返します（CSVW）。",
        en="Whether a cell has a value, that is, is not null (CSVW).",
    ),
    examples=(Example({"cell": "", "column": "{}"}, "false"),),
)
def csvw_present(cell: str | None, column: str) -> str:
    """ "true" when the cell is not null."""
    return "true" if _parser(column)(cell or "").values else "false"


@function(
    EXPAND,
    takes_null=True,
    summary=Text(
        ja="URI テンプレート（RFC 6570）を行の値で展開します（CSVW）。",
        en="A URI template (RFC 6570) expanded with the values of a row (CSVW).",
    ),
    examples=(
        Example(
            {
                "template": '{"template": "{#a}", "constants": {}, "columns": [["a", {}]]}',
                "cells": ("x y",),
            },
            "#x%20y",
        ),
    ),
)
def csvw_expand(template: str, cells: tuple[str | None, ...]) -> str:
    """The expanded text; null cells are undefined variables."""
    ready = _read_template(template)
    values: dict[str, VariableValue] = dict(ready.constants)
    for (name, form), cell in zip(ready.columns, cells, strict=True):
        values[name] = cell if form is None else _variable(parse_cell(cell or "", form), form)
    return ready.template.expand(values)


@function(
    RESOLVE,
    summary=Text(
        ja="接頭辞を展開し、相対 URL を基底に対して解決します（CSVW）。",
        en="A prefixed name spelt out, or a relative address resolved against a base (CSVW).",
    ),
    examples=(
        Example({"address": "schema:name", "base": "http://a/b"}, "http://schema.org/name"),
        Example({"address": "c", "base": "http://a/b"}, "http://a/c"),
    ),
)
def csvw_resolve(address: str, base: str) -> str:
    """An absolute address."""
    return resolve(base, spelt_out(address))


def spelt_out(address: str) -> str:
    """A prefixed name with a prefix of the CSVW context as an address; others as they stand."""
    prefix, colon, local = address.partition(":")
    if colon and prefix in PREFIXES and not local.startswith("//"):
        return PREFIXES[prefix] + local
    return address
