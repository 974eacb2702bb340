"""Two hundred texts that try to become markup or script, and a data set made of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from itertools import islice, product
from pathlib import Path
from typing import Any, Final

from app.rdf.namespaces import XSD

_SCRIPTS: Final = (
    "alert(1)",
    "alert`1`",
    "top['al'+'ert'](1)",
    "import('data:text/javascript,alert(1)')",
    "fetch('//evil.example/')",
    "document.body.dataset.pwned=1",
    "window.pwned=1",
    "(()=>{alert(1)})()",
)

_CARRIERS: Final = (
    "<script>{}</script>",
    "</script><script>{}</script>",
    "<img src=x onerror={}>",
    '"><img src=x onerror="{}">',
    "'><svg onload={}>",
    "<svg/onload={}>",
    "<body onload={}>",
    "<iframe srcdoc='<script>{}</script>'>",
    "<iframe src='javascript:{}'>",
    "<a href='javascript:{}' id=bait>click</a>",
    "javascript:{}",
    "JaVaScRiPt:{}",
    "java\tscript:{}",
    "data:text/html,<script>{}</script>",
    "vbscript:{}",
    "<details open ontoggle={}>",
    "<input autofocus onfocus={}>",
    "<math><mi xlink:href='javascript:{}'>",
    "<style>@import 'javascript:{}'</style>",
    "-->]]><script>{}</script><!--",
    "${{{}}}{{{{{}}}}}",
    '\\"-{}-\\"',
    "\u2028{}//\u2029</title></textarea></style><script>{}</script>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<form action='javascript:{}'><button autofocus>x</button></form>",
)

PAYLOADS: Final = tuple(
    carrier.replace("{}", script) for carrier, script in islice(product(_CARRIERS, _SCRIPTS), 200)
)

_MAPPING: Final = """\
mappings:
  thing:
    s: id:hostile/$(key)
    po:
      - [a, def:Hostile]
      - [rdfs:label, $(payload), ja~lang]
      - [rdfs:comment, $(payload)]
      - [dcterms:identifier, $(payload)]
      - [geo:lat, $(lat), xsd:decimal]
      - [geo:long, "139.7", xsd:decimal]
      - [rdfs:seeAlso, $(link)~iri]
  encoded:
    s: id:hostile/by-name/$(payload)
    po:
      - [a, def:Hostile]
      - [rdfs:label, $(payload), en~lang]
  all:
    s: id:hostile/all
    po:
      - [a, def:Hostile]
      - [rdfs:label, every payload, en~lang]
      - [rdfs:comment, $(payload)]
      - [skos:note, $(payload), x-evil~lang]
      - [skos:member, id:hostile/$(key)~iri]
      - [rdfs:seeAlso, $(link)~iri]
"""


def write_named(folder: Path) -> None:
    """A data set in whose mapping every mapping has a hostile name, and every column of the
    table."""
    folder.mkdir(parents=True)
    names = list(dict.fromkeys(PAYLOADS))
    with (folder / "named.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((("key", *names), ("1", *names)))
    mappings = {
        name: {"s": "id:named/$(key)", "po": [["skos:note", f"note {number}"]]}
        for number, name in enumerate(names)
    }
    (folder / "mapping.yml").write_text(json.dumps({"mappings": mappings}), encoding="utf-8")
    description = {
        "name": folder.name,
        "title": "named",
        "resources": [{"name": "named", "path": "named.csv"}],
    }
    (folder / "datapackage.json").write_text(json.dumps(description), encoding="utf-8")


def hostile_results(payloads: Sequence[str]) -> dict[str, Any]:
    """A result as no honest endpoint writes it: every payload is the name of a variable, and in
    the rows a literal, an IRI, a blank node, a language tag and a datatype."""
    makers: tuple[Callable[[str], dict[str, str]], ...] = (
        lambda text: {"type": "literal", "value": text},
        lambda text: {"type": "uri", "value": text},
        lambda text: {"type": "bnode", "value": text},
        lambda text: {"type": "literal", "value": "x", "xml:lang": text},
        lambda text: {"type": "literal", "value": "x", "datatype": text},
    )
    rows = []
    for number in range(len(makers)):
        row = {
            name: makers[(place + number) % len(makers)](name)
            for place, name in enumerate(payloads)
        }
        figure = {"type": "literal", "datatype": XSD + "decimal"}
        row["lat"] = {**figure, "value": f"3{number}.5"}
        row["long"] = {**figure, "value": f"13{number}.5"}
        row[f"{payloads[0]} size"] = {**figure, "value": str(number)}
        rows.append(row)
    return {"head": {"vars": list(rows[0])}, "results": {"bindings": rows}}


def write_dataset(folder: Path) -> None:
    """A data set whose title, description, names and values are all hostile."""
    folder.mkdir(parents=True)
    with (folder / "hostile.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("key", "payload", "lat", "link"))
        for number, payload in enumerate(PAYLOADS):
            scheme = ("javascript", "vbscript", "data", "blob")[number % 4]
            link = f"{scheme}:alert({number})"
            rows.writerow((number, payload, f"35.{number:03}", link))
    (folder / "mapping.yml").write_text(_MAPPING, encoding="utf-8")
    description = {
        "name": folder.name,
        "title": " ".join(PAYLOADS[::8]),
        "title_en": " ".join(PAYLOADS[1::8]),
        "description": " ".join(PAYLOADS[2::8]),
        "description_en": " ".join(PAYLOADS[3::8]),
        "keywords": list(PAYLOADS[:30]),
        "homepage": "javascript:alert(1)",
        "contributors": [{"title": PAYLOADS[3], "role": "publisher"}],
        "licenses": [{"name": "x", "title": PAYLOADS[4], "path": "javascript:alert(2)"}],
        "resources": [{"name": "hostile", "path": "hostile.csv"}],
    }
    (folder / "datapackage.json").write_text(json.dumps(description), encoding="utf-8")
