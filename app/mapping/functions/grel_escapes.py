"""GREL's functions that escape and digest strings.

Source: https://openrefine.org/docs/manual/grelfunctions#encoding-and-hashing . What RDF itself
needs escaped is not done here but by the executor (`app.rdf.terms`).
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

from app.errors import Text
from app.mapping.functions import grel_parameters as g
from app.mapping.functions.cells import wrong_parameter
from app.mapping.functions.registry import Example, Result, function
from app.rdf.namespaces import GREL
from app.rdf.terms import percent_encode

_VALUE: Final = {"value": g.VALUE}


@function(
    GREL + "string_md5",
    summary=Text(ja="MD5 を16進数で返します。", en="The MD5 in hexadecimal digits."),
    examples=(Example({"value": "internationalization"}, "2c55a1626e31b4e373ceedaa9adc12a3"),),
    parameters=_VALUE,
    outputs=g.STRING_OUT,
)
def string_md5(value: str) -> Result:
    """For keys; it protects nothing."""
    return hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()


@function(
    GREL + "string_sha1",
    summary=Text(ja="SHA-1 を16進数で返します。", en="The SHA-1 in hexadecimal digits."),
    examples=(
        Example({"value": "internationalization"}, "cd05286ee0ff8a830dbdc0c24f1cb68b83b0ef36"),
    ),
    parameters=_VALUE,
    outputs=g.STRING_OUT,
)
def string_sha1(value: str) -> Result:
    """For keys; it protects nothing."""
    return hashlib.sha1(value.encode(), usedforsecurity=False).hexdigest()


def _csv(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if re.search('[",\r\n]', text) else text


_ESCAPES: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "html": lambda text: html.escape(text, quote=False).replace('"', "&quot;"),
        "xml": lambda text: (
            html.escape(text, quote=False).replace('"', "&quot;").replace("'", "&apos;")
        ),
        "csv": _csv,
        "url": lambda text: percent_encode(text, ascii_only=True),
        "javascript": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    }
)


@function(
    GREL + "escape",
    summary=Text(
        ja="指定した形式 (html, xml, csv, url, javascript) にエスケープします。",
        en="Escaped for html, xml, csv, url or javascript.",
    ),
    examples=(
        Example({"value": "A&B", "mode": "html"}, "A&amp;B"),
        Example({"value": "高松 市", "mode": "url"}, "%E9%AB%98%E6%9D%BE%20%E5%B8%82"),
    ),
    aliases=g.grel("string_escape"),
    parameters={"value": g.VALUE, "mode": g.MODE},
    outputs=g.STRING_OUT,
)
def escape(value: str, mode: str) -> Result:
    """In `url` a blank is %20, which is right everywhere in an IRI."""
    return _mode(_ESCAPES, mode)(value)


_UNESCAPES: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {"html": html.unescape, "xml": html.unescape, "url": unquote}
)


@function(
    GREL + "string_unescape",
    summary=Text(
        ja="エスケープ (html, xml, url) を元に戻します。",
        en="The escapes of html, xml or url undone.",
    ),
    examples=(Example({"value": "A&amp;B", "mode": "html"}, "A&B"),),
    parameters={"value": g.VALUE, "mode": g.MODE},
    outputs=g.STRING_OUT,
)
def unescape(value: str, mode: str) -> Result:
    """Once."""
    return _mode(_UNESCAPES, mode)(value)


def _mode(modes: Mapping[str, Callable[[str], str]], mode: str) -> Callable[[str], str]:
    if mode not in modes:
        names = ", ".join(modes)
        raise wrong_parameter(
            "mode", mode, Text(ja=f"使える値: {names}", en=f"It is one of {names}.")
        )
    return modes[mode]
