"""What a mapping is composed from, and its nodes while they are being filled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.publish.draft.column_draft import ColumnDraft
from app.publish.draft.keys import Key
from app.publish.draft.layouts import Layout
from app.publish.draft.modelling import NodeModel
from app.publish.draft.no_things import NoThings
from app.publish.draft.regions import Whereabouts


@dataclass(frozen=True, slots=True)
class MappingDraft:
    """What a mapping is composed from. `classes` are CURIEs; `namespace` begins the IRIs of the
    things (`id:aed/37201-`); `title` names the data for people."""

    title: str
    classes: tuple[str, ...]
    namespace: str
    columns: tuple[ColumnDraft, ...]
    key: Key
    whereabouts: Whereabouts
    layout: Layout | None = None
    remarks: tuple[str, ...] = ()
    links_postal_codes: bool = False
    no_things: NoThings | None = None


@dataclass
class Node:
    """A node while it is being filled: what is said of it, and the columns it needs."""

    name: str
    model: NodeModel
    po: list[Any] = field(default_factory=list)
    columns: dict[str, None] = field(default_factory=dict)
