"""The keys of YARRRML, their short names, and maps read by them.

Source: https://rml.io/yarrrml/spec/ , section "Shortcuts". A key that is not listed is an error:
a silently dropped key is the fault that users of other engines meet most.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from app.errors import MappingError, Place, Text
from app.mapping.languages.document import Entry, Map, Node, Scalar, Sequence, described

Keys = Mapping[str, tuple[str, ...]]

ROOT: Final[Keys] = {
    "prefixes": ("prefix",),
    "base": (),
    "authors": ("author", "a"),
    "external": (),
    "sources": ("source",),
    "targets": ("target",),
    "mappings": ("mapping", "m"),
}
MAPPING: Final[Keys] = {
    "sources": ("source",),
    "subjects": ("subject", "s"),
    "predicateobjects": ("predicateobject", "po"),
    "graphs": ("graph", "g"),
    "condition": ("conditions", "c"),
}
SUBJECT: Final[Keys] = {
    "value": ("v",),
    "type": (),
    "targets": ("target",),
    "function": ("fn", "f"),
    "parameters": ("pms",),
    "quoted": (),
    "quotedNonAsserted": (),
    "condition": ("conditions", "c"),
}
PREDICATE_OBJECT: Final[Keys] = {
    "predicates": ("predicate", "p"),
    "objects": ("object", "o"),
    "inversepredicates": ("inversepredicate", "i", "iv"),
    "graphs": ("graph", "g"),
    "condition": ("conditions", "c"),
    "datatype": (),
    "language": (),
    "type": (),
}
OBJECT: Final[Keys] = {
    "value": ("v",),
    "type": (),
    "datatype": (),
    "language": (),
    "mapping": ("mappings", "m"),
    "condition": ("conditions", "c"),
    "graphs": ("graph", "g"),
    "inversepredicates": ("inversepredicate", "i", "iv"),
    "targets": ("target",),
    "function": ("fn", "f"),
    "parameters": ("pms",),
    "quoted": (),
    "quotedNonAsserted": (),
}
TERM: Final[Keys] = {
    "value": ("v",),
    "type": (),
    "targets": ("target",),
    "function": ("fn", "f"),
    "parameters": ("pms",),
}
CALL: Final[Keys] = {"function": ("fn", "f"), "parameters": ("pms",), "type": ()}
PARAMETER: Final[Keys] = {"parameter": ("pm",), "value": ("v",), "type": (), "from": ()}
SOURCE: Final[Keys] = {
    "access": (),
    "type": (),
    "referenceFormulation": (),
    "iterator": (),
    "delimiter": (),
    "encoding": (),
    "query": (),
    "queryFormulation": (),
    "credentials": (),
    "contentType": (),
    "operationType": (),
    "security": (),
    # What RML-IO can say of a source and YARRRML has no word for: additions of this profile.
    "null": ("nulls",),
    "quote": (),
    "commentPrefix": (),
    "header": (),
    "compression": (),
}
TARGET: Final[Keys] = {
    "access": (),
    "type": (),
    "serialization": (),
    "compression": (),
    "encoding": (),
}
AUTHOR: Final[Keys] = {"name": (), "email": (), "website": ()}


class Fields:
    """The entries of a map by the long names of their keys."""

    def __init__(self, node: Map, entries: Mapping[str, Entry]) -> None:
        self.node = node
        self._entries = entries

    @property
    def place(self) -> Place:
        """Where the map begins."""
        return self.node.place

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def get(self, name: str) -> Node | None:
        """The value of a key, or None."""
        entry = self._entries.get(name)
        return None if entry is None else entry.value

    def key_place(self, name: str) -> Place:
        """Where the key itself stands."""
        return self._entries[name].key.place

    def text(self, name: str) -> str | None:
        """The value of a key that must be text. Raises MappingError."""
        node = self.get(name)
        return None if node is None else scalar(node, Text(ja=name, en=name)).text


def fields(node: Node, keys: Keys, what: Text) -> Fields:
    """The entries of a map of a known kind.

    Raises MappingError for another kind of node, for a key that is not in `keys` (with the
    nearest that is), and for two spellings of the same key.
    """
    if not isinstance(node, Map):
        raise expected(node, what, Text(ja="キーと値の組", en="keys and values"))
    long_names = {name: name for name in keys}
    long_names |= {short: name for name, shorts in keys.items() for short in shorts}
    found: dict[str, Entry] = {}
    for entry in node:
        name = long_names.get(entry.key.text)
        if name is None:
            raise _unknown_key(entry.key, keys, long_names, what)
        if name in found:
            raise MappingError(
                Text(
                    ja=f"{what.ja}に {found[name].key.text} と {entry.key.text} の両方があります "
                    "(同じ意味のキーです)。",
                    en=f"{what.en} has both {found[name].key.text} and {entry.key.text}, which mean "
                    "the same.",
                ),
                place=entry.key.place,
                hint=Text(ja="一つにまとめてください。", en="Join them into one."),
            )
        found[name] = entry
    return Fields(node, found)


def _unknown_key(
    key: Scalar, keys: Keys, long_names: Mapping[str, str], what: Text
) -> MappingError:
    near = get_close_matches(key.text, long_names, n=1, cutoff=0.5)
    known = ", ".join(keys)
    if near:
        hint = Text(ja=f"{near[0]} のことですか。", en=f"Did you mean {near[0]}?")
    else:
        hint = Text(ja=f"使えるキー: {known}。", en=f"Known keys: {known}.")
    return MappingError(
        Text(
            ja=f"{what.ja}に未知のキー {key.text} があります。",
            en=f"{what.en} has an unknown key {key.text}.",
        ),
        place=key.place,
        hint=hint,
    )


def expected(node: Node, what: Text, kind: Text) -> MappingError:
    """The error of a node of the wrong kind: what it is for, what it must be, what it is."""
    got = described(node)
    hint = None
    if isinstance(node, Scalar) and "：" in node.text:
        hint = Text(
            ja="全角の「：」は区切りになりません。半角の「: 」に直してください。",
            en='A full-width colon "：" does not separate; write ": " instead.',
        )
    return MappingError(
        Text(
            ja=f"{what.ja}は{kind.ja}でなければなりません (得られたもの: {got.ja})。",
            en=f"{what.en}: expected {kind.en}, got {got.en}.",
        ),
        place=node.place,
        hint=hint,
    )


def scalar(node: Node, what: Text) -> Scalar:
    """The node, if it is text that is not empty. Raises MappingError."""
    if not isinstance(node, Scalar) or node.is_null:
        raise expected(node, what, Text(ja="文字列", en="text"))
    return node


def listed(node: Node | None) -> tuple[Node, ...]:
    """The items of a list; anything else is a list of one; nothing is an empty list."""
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return ()
    return node.items if isinstance(node, Sequence) else (node,)
