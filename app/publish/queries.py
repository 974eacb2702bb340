"""Saved queries: the files of `sparql/`, each a query with `#+` lines that describe it.

The lines are YAML, as in grlc (https://grlc.io/): `summary`, `description`, `tags`, `params`,
and how to show the result (`map`, `chart`). A parameter `code` is the variable `?_code`, which
must be selected too: the engine binds only variables of the SELECT clause. (BOUND does not see
what is bound so; a query asks for an optional parameter by COALESCE.) What readers get has no
columns that begin with `_`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from app.errors import DatasetError, Language, Place, Text
from app.rdf.namespaces import XSD

ParameterType = Literal["string", "integer", "decimal", "boolean", "date", "iri", "region"]

HIDDEN: Final = "_"
"""Columns that begin so are not shown."""

_DECORATOR: Final = "#+"
_TYPES: Final[Mapping[str, ParameterType]] = {
    name: name for name in ("string", "integer", "decimal", "boolean", "date", "iri", "region")
}
# The group of the query's body: the first brace after WHERE, or after the SELECT clause.
_BODY: Final = re.compile(r"\bWHERE\s*\{[^\S\n]*\n?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a reader may choose; `values` are all choices where they are few. A `region` is the
    five-digit code of one. An `optional` one that is left empty is not bound. Numbers may have
    a least and a greatest value."""

    name: str
    type: ParameterType
    default: str
    title: Text
    values: tuple[str, ...] = ()
    optional: bool = False
    least: float | None = None
    most: float | None = None

    @property
    def variable(self) -> str:
        """Its variable in the query, without the question mark."""
        return HIDDEN + self.name

    def term(self, value: str) -> str:
        """A value as it is written in SPARQL and in N-Triples. Raises ValueError for a bad IRI."""
        if self.type == "iri":
            return str(NamedNode(value))
        if self.type in ("string", "region"):
            return str(RdfLiteral(value))
        return str(RdfLiteral(value, datatype=NamedNode(XSD + self.type)))


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A query with its words. `text` is without the `#+` lines; `show` says how to draw the
    result: `{"map": {...}}` or `{"chart": {...}}` with names of variables. `columns` are the
    headings of variables; `links` says which column of IRIs a column of names leads to."""

    name: str
    summary: Text
    description: Text | None
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    text: str
    show: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    columns: Mapping[str, Text] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)

    def heading(self, variable: str, language: Language) -> str:
        """What a column is called."""
        named = self.columns.get(variable)
        return named.in_language(language) if named is not None else variable

    def with_values(self, values: Mapping[str, str] | None = None) -> str:
        """The query as a text of its own: each parameter bound by VALUES at the beginning of
        the body, to what is given or to its default. Raises ValueError for a bad IRI."""
        if not self.parameters:
            return self.text
        given = values or {}
        bound = [(p, given.get(p.name, p.default)) for p in self.parameters]
        bound = [(p, value) for p, value in bound if value or not p.optional]
        if not bound:
            return self.text
        names = " ".join(f"?{p.variable}" for p, _ in bound)
        terms = " ".join(p.term(value) for p, value in bound)
        line = f"  VALUES ({names}) {{ ({terms}) }}\n"
        return _BODY.sub(lambda found: f"{found.group().rstrip()}\n{line}", self.text, count=1)


def load_queries(folder: Path) -> tuple[SavedQuery, ...]:
    """The saved queries of a folder by name; none where there is no folder.
    Raises DatasetError for a file whose `#+` lines cannot be read."""
    return tuple(read_query(path) for path in sorted(folder.glob("*.rq")))


def read_query(path: Path) -> SavedQuery:
    """One saved query. Raises DatasetError."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    decorators = [line[len(_DECORATOR) :] for line in lines if line.startswith(_DECORATOR)]
    text = "".join(line for line in lines if not line.startswith(_DECORATOR)).strip() + "\n"
    about = _about(path, "".join(line.removeprefix(" ") for line in decorators))
    name = path.stem
    return SavedQuery(
        name=name,
        summary=_words(about, "summary") or Text(name, name),
        description=_words(about, "description"),
        tags=tuple(str(tag) for tag in about.get("tags") or ()),
        parameters=tuple(
            _parameter(path, str(key), body or {})
            for key, body in (about.get("params") or {}).items()
        ),
        text=text,
        show={
            kind: {str(k): str(v) for k, v in about[kind].items()}
            for kind in ("map", "chart")
            if isinstance(about.get(kind), Mapping)
        },
        columns={
            str(variable): _heading(path, str(variable), words)
            for variable, words in (about.get("columns") or {}).items()
        },
        links={str(k): str(v) for k, v in (about.get("links") or {}).items()},
    )


def _heading(path: Path, variable: str, words: object) -> Text:
    if isinstance(words, list) and len(words) == 2 and all(isinstance(w, str) for w in words):
        return Text(words[0], words[1])
    raise DatasetError(
        Text(
            ja=f"列 {variable} の見出しが読めません。",
            en=f"The heading of the column {variable} cannot be read.",
        ),
        place=Place(str(path)),
        hint=Text(
            ja="[日本語, English] と書いてください。",
            en="Write it as [Japanese, English].",
        ),
    )


def _about(path: Path, yaml: str) -> Mapping[str, Any]:
    try:
        about = YAML(typ="safe", pure=True).load(yaml) or {}
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else None
        raise DatasetError(
            Text(
                ja="保存された問い合わせの #+ の行が YAML として読めません。",
                en="The #+ lines of this saved query are not YAML.",
            ),
            place=Place(str(path), line),
        ) from error
    if not isinstance(about, Mapping):
        raise DatasetError(
            Text(
                ja="#+ の行は「名前: 値」の形で書いてください。",
                en="Write the #+ lines as `name: value`.",
            ),
            place=Place(str(path), 1),
        )
    return about


def _parameter(path: Path, name: str, body: Mapping[str, Any]) -> Parameter:
    type_ = _TYPES.get(str(body.get("type", "string")))
    if type_ is None:
        raise DatasetError(
            Text(
                ja=f"パラメーター {name} の type {body.get('type')} は使えません。",
                en=f"The parameter {name} has the unknown type {body.get('type')}.",
            ),
            place=Place(str(path)),
            hint=Text(
                ja=f"使えるのは {', '.join(_TYPES)} です。", en=f"One of {', '.join(_TYPES)}."
            ),
        )
    return Parameter(
        name=name,
        type=type_,
        default=str(body.get("default", "")),
        title=_words(body, "title") or Text(name, name),
        values=tuple(str(value) for value in body.get("values") or ()),
        optional=body.get("optional") is True,
        least=_number(path, name, body.get("least")),
        most=_number(path, name, body.get("most")),
    )


def _number(path: Path, name: str, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    raise DatasetError(
        Text(
            ja=f"パラメーター {name} の least と most は数で書いてください。",
            en=f"least and most of the parameter {name} must be numbers.",
        ),
        place=Place(str(path)),
    )


def _words(body: Mapping[str, Any], name: str) -> Text | None:
    ja, en = body.get(name), body.get(f"{name}_en")
    if not ja and not en:
        return None
    return Text(str(ja or en), str(en or ja))
