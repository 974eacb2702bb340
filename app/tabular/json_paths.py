"""References into JSON: JSONPath queries (RFC 9535), with the short forms that mappings use.

`$.name`, `name` and `@.name` mean the same; a text without brackets and stars that is no query
after `$.` is the name of a member (`Country Code`). Functions that match regular expressions are not offered: a backtracking
matcher can be kept busy for hours by one cell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from jsonpath import JSONPath, JSONPathEnvironment
from jsonpath.exceptions import JSONPathError
from jsonpath.segments import JSONPathChildSegment
from jsonpath.selectors import NameSelector

_PUNCTUATION: Final = frozenset("[]*?")
_ENVIRONMENT: Final = JSONPathEnvironment(strict=True)
for _name in ("match", "search"):
    _ENVIRONMENT.function_extensions.pop(_name)


@dataclass(frozen=True, slots=True)
class Query:
    """A compiled reference. `singular`: it gives one value at most; `find` gives its values."""

    text: str
    singular: bool
    find: Callable[[Any], list[Any]]


@lru_cache(maxsize=4096)
def query(text: str) -> Query:
    """Compile a reference. Raises ValueError with what the parser says and where."""
    if text.startswith("$"):
        return _query(text, _compiled(text))
    if text.startswith("@"):
        return _query(text, _compiled("$" + text[1:]))
    try:
        return _query(text, _compiled(("$" if text.startswith("[") else "$.") + text))
    except ValueError:
        if _PUNCTUATION.intersection(text):
            raise  # a mistake in a query is not the name of a member
        return Query(text, True, lambda item: _descend(item, (text,)))


def _compiled(text: str) -> JSONPath:
    try:
        found = _ENVIRONMENT.compile(text)
    except (JSONPathError, RecursionError) as error:
        raise ValueError(str(error).partition("\n")[0]) from error
    if not isinstance(found, JSONPath):
        raise ValueError("one query is needed")
    return found


def _query(text: str, path: JSONPath) -> Query:
    names = _names(path)
    if names is not None:
        return Query(text, True, lambda item: _descend(item, names))
    return Query(text, path.singular_query(), path.findall)


def _names(path: JSONPath) -> tuple[str, ...] | None:
    """The member names of a query that only descends by names: most are of this kind, and a
    walk down dictionaries is twenty times as fast as the general evaluation."""
    names: list[str] = []
    for segment in path.segments:
        if not isinstance(segment, JSONPathChildSegment) or len(segment.selectors) != 1:
            return None
        selector = segment.selectors[0]
        if not isinstance(selector, NameSelector):
            return None
        names.append(selector.name)
    return tuple(names)


def _descend(item: Any, names: tuple[str, ...]) -> list[Any]:
    for name in names:
        if not isinstance(item, dict) or name not in item:
            return []
        item = item[name]
    return [item]
