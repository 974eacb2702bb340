"""Walking a plan: which nodes it has and which columns they read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from app.errors import Place
from app.mapping.model import LogicalSource
from app.mapping.plan import Column, LookupTable


def walk(node: Any, *, into_lookups: bool = False) -> Iterator[Any]:
    """Every node below (and with) this one. The inside of lookup tables belongs to another
    source and is left out unless asked for."""
    if isinstance(node, (LogicalSource, Place)):
        return
    if isinstance(node, tuple):
        for each in node:
            yield from walk(each, into_lookups=into_lookups)
        return
    if not is_dataclass(node) or isinstance(node, type):
        return
    yield node
    if isinstance(node, LookupTable) and not into_lookups:
        return
    for each in fields(node):
        yield from walk(getattr(node, each.name), into_lookups=into_lookups)


def columns_in(node: Any) -> Iterator[Column]:
    """The column nodes of one source. Of a lookup table: those of the parent."""
    parts = (node.keys, node.term, node.condition) if isinstance(node, LookupTable) else node
    for each in walk(parts):
        if isinstance(each, Column):
            yield each


def columns_of(nodes: Iterable[Any]) -> tuple[str, ...]:
    """Names of the columns that some nodes read, each once, in order of appearance."""
    return tuple(dict.fromkeys(column.name for node in nodes for column in columns_in(node)))
