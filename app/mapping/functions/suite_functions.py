"""Functions that the RML-FNML suite describes and expects an engine to know.

Source: `functions.ttl` of the suite, https://github.com/kg-construct/rml-fnml .
"""

from __future__ import annotations

import re
from typing import Final

from app.errors import Text
from app.mapping.functions.idlab import OLD_IDLAB_FN, idlab
from app.mapping.functions.registry import (
    RESULT,
    BadValue,
    Example,
    Output,
    Result,
    function,
)
from app.rdf.namespaces import IDLAB_FN

FNS: Final = "http://example.com/functions/"
_VALUE: Final = {"value": (FNS + "stringParameter", FNS + "hasStringParameter")}
_STRING_OUT: Final = (Output((FNS + "stringOutput", FNS + "hasStringOutput", RESULT)),)


@function(
    IDLAB_FN + "alwaysReturnsABC",
    summary=Text(ja="いつも ABC を返します（試験用）。", en="Always ABC, for tests."),
    examples=(Example({}, "ABC"),),
    aliases=(OLD_IDLAB_FN + "alwaysReturnsABC",),
    outputs=(Output((*idlab("_stringOut", "stringOut"), RESULT)),),
)
def always_returns_abc() -> Result:
    """A function without parameters."""
    return "ABC"


@function(
    FNS + "helloworld",
    summary=Text(
        ja="いつも Hello World! を返します（試験用）。", en="Always Hello World!, for tests."
    ),
    examples=(Example({}, "Hello World!"),),
    outputs=_STRING_OUT,
)
def helloworld() -> Result:
    """A function without parameters."""
    return "Hello World!"


@function(
    FNS + "schema",
    summary=Text(
        ja="https://schema.org/ の語を作ります（試験用）。",
        en="A term of https://schema.org/, for tests.",
    ),
    examples=(Example({"value": "name"}, "https://schema.org/name"),),
    parameters=_VALUE,
    outputs=_STRING_OUT,
)
def schema(value: str) -> Result:
    """A function with one parameter."""
    return f"https://schema.org/{value}"


@function(
    FNS + "parseURL",
    summary=Text(
        ja="URL を方式・ドメイン・パスに分けます（試験用）。",
        en="The protocol, the domain or the path of a URL, for tests.",
    ),
    examples=(
        Example({"value": "https://example.com/a/b"}, "https"),
        Example({"value": "https://example.com/a/b", "output": "domain"}, "example.com"),
        Example({"value": "https://example.com/a/b", "output": "path"}, "a/b"),
    ),
    parameters=_VALUE,
    outputs=(
        Output((FNS + "protocolOutput", FNS + "hasProtocolOutput", RESULT)),
        Output((FNS + "domainOutput", FNS + "hasDomainOutput"), arguments=(("output", "domain"),)),
        Output((FNS + "stringOutput", FNS + "hasStringOutput"), arguments=(("output", "path"),)),
    ),
)
def parse_url(value: str, output: str = "protocol") -> Result:
    """A function with several outputs."""
    match = re.fullmatch(r"(?P<protocol>[^:/]+)://(?P<domain>[^/]*)(?:/(?P<path>.*))?", value)
    if match is None:
        raise BadValue.expected(
            value,
            Text(ja="URL", en="a URL"),
            Text(ja="https://… の形で書いてください。", en="Write it like https://…."),
        )
    return match[output] or ""
