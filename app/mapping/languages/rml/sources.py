"""Logical sources, logical tables and logical targets → the model.

Sources: RML-IO and its registry (paths, CSVW tables, DCAT distributions), R2RML section 5.
A name of a table means the CSV file of that name. Without `rml:null`, RML-IO knows no null text
in CSV (an empty cell is an empty string); the legacy forms take empty cells for null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote, urlsplit

from app.errors import MappingError, Place, Text
from app.mapping.languages.rml.notes import IGNORED
from app.mapping.languages.rml.resource import Resource, literal, local_name
from app.mapping.languages.rml.triples import Iri, Literal, Term
from app.mapping.model import LogicalSource
from app.rdf.namespaces import CSVW, D2RQ, DCAT, RML, VOID

_SOURCE: Final = Text(ja="論理ソース", en="a logical source")
_FORMULATIONS: Final[Mapping[str, str]] = {
    "CSV": "csv",
    "CSVW": "csv",
    "SQL2008Table": "table",
    "JSONPath": "json",
}
_COMPRESSIONS: Final[Mapping[str, str | None]] = {
    "gzip": "gzip",
    "zip": "zip",
    "targz": "targz",
    "targzip": "targz",
    "tarxz": "tarxz",
    "none": None,
}
_CSVW: Final = (CSVW, "https://www.w3.org/ns/csvw#")


def read_source(resource: Resource) -> LogicalSource:
    """A logical source. Raises MappingError for sources that are no files."""
    resource.expect(
        (
            "source",
            "referenceFormulation",
            "iterator",
            "query",
            "sqlVersion",
            "sqlQuery",
            "tableName",
            "null",
        ),
        _SOURCE,
    )
    for name, value in resource.all("query", "sqlQuery"):
        raise _unsupported(name, value.place)
    found = resource.one("source")
    if found is None:
        if resource.has("tableName"):
            return _table(resource)
        raise MappingError(
            Text(ja="論理ソースに source がありません。", en="the logical source has no source."),
            place=resource.place,
            hint=Text(ja="rml:source を加えてください。", en="Add rml:source."),
        )
    formulation = read_formulation(resource)
    iterator = resource.text("iterator")
    if formulation == "csv" and iterator is not None and not _is_database(resource, found[1]):
        resource.graph.findings.add(IGNORED, resource.place, {"property": "iterator"})
    return _described(resource, found[1], formulation, iterator)


def _table(resource: Resource) -> LogicalSource:
    name = resource.text("tableName")
    assert name is not None
    return LogicalSource(unquoted(name) + ".csv", "table", place=resource.place)


def unquoted(name: str) -> str:
    """An SQL identifier without its quotes."""
    parts = name.split(".")
    last = parts[-1] if not name.endswith('"') else name[name.rfind('"', 0, -1) :]
    return last[1:-1] if len(last) > 1 and last[0] == last[-1] == '"' else last


def read_formulation(resource: Resource) -> str:
    """How references are to be read: "csv", "table" or "json". Raises MappingError."""
    found = resource.one("referenceFormulation")
    if found is None:
        return "csv"
    value = found[1]
    name = local_name(value.value) if isinstance(value, Iri) else None
    if name is not None and name in _FORMULATIONS:
        return _FORMULATIONS[name]
    shown = value.value if isinstance(value, Iri) else "[ … ]"
    raise MappingError(
        Text(
            ja=f"参照方式 {shown} には対応していません。",
            en=f"the reference formulation {shown} is not supported.",
        ),
        place=value.place,
        hint=Text(
            ja="使えるもの: rml:CSV、rml:CSVW、rml:JSONPath。",
            en="Known ones: rml:CSV, rml:CSVW, rml:JSONPath.",
        ),
    )


def _is_database(resource: Resource, term: Term) -> bool:
    return not isinstance(term, Literal) and any(
        predicate.value.startswith(D2RQ) for predicate, _ in resource.graph.properties(term)
    )


def _described(
    resource: Resource, term: Term, formulation: str, iterator: str | None
) -> LogicalSource:
    if isinstance(term, Literal):
        return LogicalSource(
            _path(term.value, term.place),
            formulation,
            _json(formulation, iterator),
            place=resource.place,
        )
    if _is_database(resource, term):
        # A table of a database: published from the CSV of that name.
        if iterator is None:
            raise _unsupported("d2rq:Database", term.place)
        return LogicalSource(unquoted(iterator) + ".csv", "table", place=resource.place)
    source = resource.resource(term)
    source.expect(
        ("root", "path", "encoding", "compression", "null"), Text(ja="ソース", en="a source")
    )
    nulls = tuple(literal(value, name).value for name, value in source.all("null"))
    delimiter = quote = comment = charset = None
    header = True
    if any(source.values(namespace + "url") for namespace in _CSVW):
        path = _path_of(_first(source, "url"))
        dialects = [
            source.resource(value)
            for namespace in _CSVW
            for value in source.values(namespace + "dialect")
        ]
        for described in (source, *dialects):
            delimiter = _csvw(described, "delimiter") or _csvw(described, "separator") or delimiter
            quote = _csvw(described, "quoteChar") or quote
            comment = _csvw(described, "commentPrefix") or comment
            charset = _csvw(described, "encoding") or charset
            header = header and _csvw(described, "header") not in {"false", "0"}
        nulls += tuple(
            value.value for namespace in _CSVW for value in source.values(namespace + "null")
        )
    else:
        path = file_path(source)
    return LogicalSource(
        path,
        formulation,
        _json(formulation, iterator),
        encoding=charset or encoding(source),
        delimiter=delimiter,
        quote=quote,
        comment_prefix=comment,
        header=header,
        compression=compression(source),
        nulls=nulls if nulls or _is_new(source) else ("",),
        place=resource.place,
    )


def _json(formulation: str, iterator: str | None) -> str | None:
    return iterator if formulation == "json" else None


def _is_new(source: Resource) -> bool:
    return any(
        predicate.value.startswith(RML) for predicate, _ in source.graph.properties(source.node)
    )


def _first(source: Resource, name: str) -> Term:
    return next(value for namespace in _CSVW for value in source.values(namespace + name))


def _csvw(resource: Resource, name: str) -> str | None:
    return next(
        (value.value for namespace in _CSVW for value in resource.values(namespace + name)), None
    )


def file_path(source: Resource) -> str:
    """The path of a file that a source or target describes. Raises MappingError."""
    path = source.text("path")
    if path is not None:
        path = path.removeprefix("./")
        root = source.one("root")
        if root is not None and isinstance(root[1], Literal):
            path = f"{root[1].value.rstrip('/')}/{path}"
        return path
    for property in (DCAT + "downloadURL", DCAT + "accessURL", VOID + "dataDump"):
        for value in source.values(property):
            return _path_of(value)
    raise MappingError(
        Text(
            ja="ソースにファイルの場所 (rml:path) がありません。",
            en="the source names no file (rml:path).",
        ),
        place=source.place,
        hint=Text(
            ja='[ a rml:RelativePathSource; rml:path "ファイル.csv" ] と書いてください。',
            en='Write [ a rml:RelativePathSource; rml:path "file.csv" ].',
        ),
    )


def _path_of(term: Term) -> str:
    """The path that an address names: a file's, or the last part of a resolved relative one."""
    return _path(term.value, term.place)


def _path(address: str, place: Place) -> str:
    parts = urlsplit(address)
    if parts.scheme in {"http", "https"} and parts.netloc.endswith(".invalid"):
        return unquote(parts.path.lstrip("/"))
    if parts.scheme == "file":
        return unquote(parts.netloc + parts.path)
    if parts.scheme and "://" in address:
        raise _unsupported(address, place)
    return address


def _unsupported(what: str, place: Place) -> MappingError:
    return MappingError(
        Text(
            ja=f"データソースとして読めるのはファイルだけです ({what})。",
            en=f"only files can be read as sources ({what}).",
        ),
        place=place,
        hint=Text(
            ja="表を CSV に書き出し、rml:path でそのファイルを指定してください。",
            en="Save the table as CSV and name the file with rml:path.",
        ),
    )


def encoding(source: Resource) -> str | None:
    """The stated encoding."""
    found = source.one("encoding")
    if found is None:
        return None
    return found[1].value if isinstance(found[1], Literal) else local_name(found[1].value)


def compression(source: Resource) -> str | None:
    """The stated compression. Raises MappingError for an unknown one."""
    found = source.one("compression")
    if found is None:
        return None
    name = local_name(found[1].value) or found[1].value
    if name not in _COMPRESSIONS:
        raise MappingError(
            Text(
                ja=f"圧縮方式 {name} には対応していません。",
                en=f"the compression {name} is not supported.",
            ),
            place=found[1].place,
            hint=Text(
                ja=f"使えるもの: {', '.join(_COMPRESSIONS)}。",
                en=f"Known ones: {', '.join(_COMPRESSIONS)}.",
            ),
        )
    return _COMPRESSIONS[name]
