"""Saved queries: the files of `sparql/`, each a query with `#+` lines that describe it.

The lines are YAML, as in grlc (https://grlc.io/): `summary`, `description`, `tags`, `params`,
and how to show the result (`map`, `chart`). A parameter `code` is the variable `?_code`.
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

from app.errors import DatasetError, Place, Text
from app.rdf.namespaces import XSD

ParameterType = Literal["string", "integer", "decimal", "boolean", "date", "iri"]

_DECORATOR: Final = "#+"
_TYPES: Final[Mapping[str, ParameterType]] = {
    name: name for name in ("string", "integer", "decimal", "boolean", "date", "iri")
}
# The group of the query's body: the first brace after WHERE, or after the SELECT clause.
_BODY: Final = re.compile(r"\bWHERE\s*\{[^\S\n]*\n?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a reader may choose; `values` are all choices where they are few."""

    name: str
    type: ParameterType
    default: str
    title: Text
    values: tuple[str, ...] = ()

    def term(self, value: str) -> str:
        """A value as it is written in SPARQL."""
        if self.type == "iri":
            return str(NamedNode(value))
        if self.type == "string":
            return str(RdfLiteral(value))
        return str(RdfLiteral(value, datatype=NamedNode(XSD + self.type)))


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A query with its words. `text` is without the `#+` lines; `show` says how to draw the
    result: `{"map": {...}}` or `{"chart": {...}}` with names of variables."""

    name: str
    summary: Text
    description: Text | None
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    text: str
    show: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def with_values(self, values: Mapping[str, str] | None = None) -> str:
        """The query as a text of its own: each parameter bound by VALUES at the beginning of
        the body, to what is given or to its default. Raises ValueError for a bad IRI."""
        if not self.parameters:
            return self.text
        given = values or {}
        names = " ".join(f"?_{p.name}" for p in self.parameters)
        terms = " ".join(p.term(given.get(p.name, p.default)) for p in self.parameters)
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
    )


def _words(body: Mapping[str, Any], name: str) -> Text | None:
    ja, en = body.get(name), body.get(f"{name}_en")
    if not ja and not en:
        return None
    return Text(str(ja or en), str(en or ja))
