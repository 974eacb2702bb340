"""The smallest pieces of a composed mapping (YARRRML): calls of functions, texts, names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def call_of(name: str, values: Sequence[Any]) -> dict[str, Any]:
    """A call of one of our functions with its values in order."""
    return {"function": f"jfn:{name}", "parameters": [argument("value", v) for v in values]}


def argument(name: str, value: Any) -> Any:
    """A parameter and its value, which may be a call."""
    if isinstance(value, str):
        return [f"jfn:{name}", value]
    return {"parameter": f"jfn:{name}", "value": value}


def concat(parts: list[Any]) -> dict[str, Any]:
    """A call that joins parts."""
    return {"function": "jfn:concat", "parameters": parts}


def region_iri(code: Any) -> dict[str, Any]:
    """The IRI of a region from its code."""
    whole = concat([["jfn:value", "id:region/~iri"], argument("value", code)])
    return whole | {"type": "iri"}


def level_of(cell: str) -> dict[str, Any]:
    """○, △ or × as a level of availability."""
    parameters: list[Any] = [["jfn:value", cell]]
    for name, level in (("yes", "full"), ("partial", "partly"), ("no", "none")):
        parameters.append([f"jfn:{name}", f"def:availability/{level}~iri"])
    return {"function": "jfn:flag3", "parameters": parameters, "type": "iri"}


def literal(text: str) -> str:
    """A text that is no template."""
    return text.replace("\\", "\\\\").replace("$(", "\\$(")


def label_of(title: str) -> Any:
    """A name in Japanese."""
    if "~" in title:  # would be read as a mark of the language or the type
        value = {"value": literal(title), "type": "literal", "language": "ja"}
        return {"p": "rdfs:label", "o": value}
    return ["rdfs:label", literal(title), "ja~lang"]


def one_line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def one_or_list(values: list[str]) -> Any:
    """The only value, or all of them."""
    return values[0] if len(values) == 1 else values
