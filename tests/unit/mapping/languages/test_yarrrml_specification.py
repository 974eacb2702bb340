"""YARRRML by its specification, beyond the cases of the suites: unusual forms, written from the text
of https://rml.io/yarrrml/spec/ , and what they give."""

from __future__ import annotations

import pytest

from app.mapping.execute import Mode
from tests.unit.mapping.conftest import Run, plan_of

ROWS: dict[str, list[str | None]] = {
    "_name": ["c1", "c2"],
    "id": ["1", "2"],
    "a": ["x", "y z"],
    "b": ["", "B"],
    "t": ["Cat", "Dog"],
    "l": ["ja", "en"],
    "n": ["5", "007"],
    "u": ["http://e.org/é", "rel/x"],
}
OTHER: dict[str, list[str | None]] = {"k": ["1", "2", "2"], "t": ["Cat", "Dog", "Cat"]}
SHORT = {
    "http://example.org/": "ex:",
    "http://www.w3.org/2001/XMLSchema#": "xsd:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://base.example/": "base:",
}

CASES = [
    (
        "every pair of predicates and objects",
        ("mappings:\n  m:\n    s: ex:$(id)\n    po:\n      - [[ex:p, ex:q], [$(a), $(n)]]\n"),
        [
            '<ex:1> <ex:p> "5"',
            '<ex:1> <ex:p> "x"',
            '<ex:1> <ex:q> "5"',
            '<ex:1> <ex:q> "x"',
            '<ex:2> <ex:p> "007"',
            '<ex:2> <ex:p> "y z"',
            '<ex:2> <ex:q> "007"',
            '<ex:2> <ex:q> "y z"',
        ],
    ),
    (
        "objects of a list with their own types",
        (
            "mappings:\n"
            "  m:\n"
            "    s: ex:$(id)\n"
            "    po:\n"
            "      - [ex:p, [[$(n), xsd:integer], [$(a), en~lang], ['http://x/$(a)~iri']]]\n"
        ),
        [
            '<ex:1> <ex:p> "5"^^<xsd:integer>',
            '<ex:1> <ex:p> "x"@en',
            "<ex:1> <ex:p> <http://x/x>",
            '<ex:2> <ex:p> "007"^^<xsd:integer>',
            '<ex:2> <ex:p> "y z"@en',
            "<ex:2> <ex:p> <http://x/y%20z>",
        ],
    ),
    (
        "classes by a template",
        (
            "mappings:\n"
            "  m:\n"
            "    s: ex:$(id)\n"
            "    po:\n"
            "      - [a, ex:$(t)]\n"
            "      - [a, [ex:A, ex:B]]\n"
        ),
        [
            "<ex:1> <rdf:type> <ex:A>",
            "<ex:1> <rdf:type> <ex:B>",
            "<ex:1> <rdf:type> <ex:Cat>",
            "<ex:2> <rdf:type> <ex:A>",
            "<ex:2> <rdf:type> <ex:B>",
            "<ex:2> <rdf:type> <ex:Dog>",
        ],
    ),
    (
        "predicates from columns",
        (
            "mappings:\n"
            "  m:\n"
            "    s: ex:$(id)\n"
            "    po:\n"
            "      - [ex:has$(t), $(a)]\n"
            "      - [$(u), $(a)]\n"
            "      - ['$(u)~iri', $(a)]\n"
        ),
        [
            '<ex:1> <http://e.org/é> "x"',
            '<ex:1> <http://e.org/é> "x"',
            '<ex:1> <ex:hasCat> "x"',
            '<ex:2> <base:rel/x> "y z"',
            '<ex:2> <base:rel/x> "y z"',
            '<ex:2> <ex:hasDog> "y z"',
        ],
    ),
    (
        "a language from a column",
        ("mappings:\n  m:\n    s: ex:$(id)\n    po:\n      - [ex:p, $(a), $(l)~lang]\n"),
        [
            '<ex:1> <ex:p> "x"@ja',
            '<ex:2> <ex:p> "y z"@en',
        ],
    ),
    (
        "a datatype from a column",
        (
            "mappings:\n"
            "  m:\n"
            "    s: ex:$(id)\n"
            "    po:\n"
            "      - {p: ex:p, o: {v: $(n), datatype: 'xsd:$(t)'}}\n"
        ),
        [
            '<ex:1> <ex:p> "5"^^<xsd:Cat>',
            '<ex:2> <ex:p> "007"^^<xsd:Dog>',
        ],
    ),
    (
        "a base",
        (
            "base: http://base/\n"
            "mappings: {m: {s: 'thing/$(id)', po: [[ex:p, 'other/$(a)~iri'], [ex:q, '$(u)~iri']]}}\n"
        ),
        [
            "<http://base/thing/1> <ex:p> <http://base/other/x>",
            "<http://base/thing/1> <ex:q> <http://e.org/é>",
            "<http://base/thing/2> <ex:p> <http://base/other/y%20z>",
            "<http://base/thing/2> <ex:q> <http://base/rel/x>",
        ],
    ),
    (
        "graphs of the mapping and of one entry",
        (
            "mappings: {m: {s: 'ex:$(id)', graphs: ['ex:g/$(t)', 'ex:all'], po: [{p: ex:p, o: $(a), graphs: 'ex:one'}]}}\n"
        ),
        [
            '<ex:1> <ex:p> "x" <ex:all>',
            '<ex:1> <ex:p> "x" <ex:g/Cat>',
            '<ex:1> <ex:p> "x" <ex:one>',
            '<ex:2> <ex:p> "y z" <ex:all>',
            '<ex:2> <ex:p> "y z" <ex:g/Dog>',
            '<ex:2> <ex:p> "y z" <ex:one>',
        ],
    ),
    (
        "inverse predicates",
        (
            "mappings:\n"
            "  m:\n"
            "    s: ex:$(id)\n"
            "    po:\n"
            "      - {p: ex:p, o: 'ex:$(a)~iri', inversepredicates: [ex:i, ex:j]}\n"
        ),
        [
            "<ex:1> <ex:p> <ex:x>",
            "<ex:2> <ex:p> <ex:y%20z>",
            "<ex:x> <ex:i> <ex:1>",
            "<ex:x> <ex:j> <ex:1>",
            "<ex:y%20z> <ex:i> <ex:2>",
            "<ex:y%20z> <ex:j> <ex:2>",
        ],
    ),
    (
        "blank nodes by value",
        (
            "mappings: {m: {s: [{value: 'n$(id)', type: blank}], po: [[ex:p, {v: 'n$(t)', type: blank}]]}}\n"
        ),
        [
            "_:bn1 <ex:p> _:bnCat",
            "_:bn2 <ex:p> _:bnDog",
        ],
    ),
    (
        "functions inside functions on one line",
        (
            "mappings:\n"
            "  m:\n"
            "    s: ex:$(id)\n"
            "    po:\n"
            "      - p: ex:p\n"
            "        o: {function: 'jfn:upper(jfn:value = jfn:concat(jfn:value = $(a), jfn:separator = \"-\"))'}\n"
        ),
        [
            '<ex:1> <ex:p> "X"',
            '<ex:2> <ex:p> "Y Z"',
        ],
    ),
    (
        "a parameter in the namespace of its function",
        (
            "mappings:\n"
            "  m:\n"
            "    s: ex:$(id)\n"
            "    po:\n"
            "      - p: ex:p\n"
            "        o: {function: grel:toUpperCase, parameters: [[valueParameter, $(a)]]}\n"
        ),
        [
            '<ex:1> <ex:p> "X"',
            '<ex:2> <ex:p> "Y Z"',
        ],
    ),
    (
        "several conditions",
        (
            "mappings:\n"
            "  m:\n"
            "    s: ex:$(id)\n"
            "    condition:\n"
            "      - {function: jfn:notNull, parameters: [[jfn:value, $(b)]]}\n"
            "      - {function: idlab-fn:notEqual, parameters: [[grel:valueParameter, $(t)], [grel:valueParameter2, Cat]]}\n"
            "    po:\n"
            "      - [ex:p, $(b)]\n"
        ),
        [
            '<ex:2> <ex:p> "B"',
        ],
    ),
    (
        "a condition on one line",
        (
            "mappings:\n"
            "  m:\n"
            "    s: ex:$(id)\n"
            "    po:\n"
            "      - {p: ex:p, o: $(a), condition: 'equal(str1 = $(t), str2 = \"Dog\")'}\n"
        ),
        [
            '<ex:2> <ex:p> "y z"',
        ],
    ),
    (
        "two keys, two subjects, sides told in any order",
        (
            "mappings:\n"
            "  m:\n"
            "    s: ex:$(id)\n"
            "    po:\n"
            "      - p: ex:in\n"
            "        o:\n"
            "          - mapping: n\n"
            "            condition:\n"
            "              - {function: equal, parameters: [[str1, $(id), s], [str2, $(k), o]]}\n"
            "              - {function: equal, parameters: [[str2, $(t), o], [str1, $(t), s]]}\n"
            "  n:\n"
            "    sources: [['n.csv~csv']]\n"
            "    s: [ex:n$(k), ex:o$(k)]\n"
        ),
        [
            "<ex:1> <ex:in> <ex:n1>",
            "<ex:1> <ex:in> <ex:o1>",
            "<ex:2> <ex:in> <ex:n2>",
            "<ex:2> <ex:in> <ex:o2>",
        ],
    ),
    (
        "external references and a column that begins with _",
        (
            "external: {name: foo, x: '5'}\n"
            "mappings: {m: {s: 'ex:$(_name)/$(id)', po: [[ex:p, '$(_x)-$(a)'], [ex:q, '$(\\_name)']]}}\n"
        ),
        [
            '<ex:foo/1> <ex:p> "5-x"',
            '<ex:foo/1> <ex:q> "c1"',
            '<ex:foo/2> <ex:p> "5-y z"',
            '<ex:foo/2> <ex:q> "c2"',
        ],
    ),
    (
        "escapes",
        (
            "mappings:\n"
            "  m:\n"
            "    s: ex:$(id)\n"
            "    po:\n"
            "      - [ex:p, 'a\\$(a) \\(b\\) $(a)\\:00']\n"
            "      - [ex:p, 'http\\://x/$(id)~iri']\n"
        ),
        [
            '<ex:1> <ex:p> "a$(a) (b) x\\\\:00"',
            "<ex:1> <ex:p> <http://x/1>",
            '<ex:2> <ex:p> "a$(a) (b) y z\\\\:00"',
            "<ex:2> <ex:p> <http://x/2>",
        ],
    ),
    (
        "one datatype for a list",
        (
            "mappings:\n"
            "  m:\n"
            "    s: ex:$(id)\n"
            "    po:\n"
            "      - [ex:p, ['$(n)', '$(b)'], xsd:integer]\n"
        ),
        [
            '<ex:1> <ex:p> "5"^^<xsd:integer>',
            '<ex:2> <ex:p> "007"^^<xsd:integer>',
        ],
    ),
    (
        "scalars stay as written",
        (
            "mappings:\n"
            "  m:\n"
            "    s: ex:$(id)\n"
            "    po:\n"
            "      - [ex:p, 1]\n"
            "      - [ex:p, true, xsd:boolean]\n"
            "      - [ex:p, 1.50, xsd:decimal]\n"
            "      - [ex:p, 2020-01-01, xsd:date]\n"
            "      - [ex:p, 0x1F]\n"
            "      - [ex:p, 'null']\n"
        ),
        [
            '<ex:1> <ex:p> "0x1F"',
            '<ex:1> <ex:p> "1"',
            '<ex:1> <ex:p> "1.50"^^<xsd:decimal>',
            '<ex:1> <ex:p> "2020-01-01"^^<xsd:date>',
            '<ex:1> <ex:p> "null"',
            '<ex:1> <ex:p> "true"^^<xsd:boolean>',
            '<ex:2> <ex:p> "0x1F"',
            '<ex:2> <ex:p> "1"',
            '<ex:2> <ex:p> "1.50"^^<xsd:decimal>',
            '<ex:2> <ex:p> "2020-01-01"^^<xsd:date>',
            '<ex:2> <ex:p> "null"',
            '<ex:2> <ex:p> "true"^^<xsd:boolean>',
        ],
    ),
    (
        "a long language tag",
        ("mappings:\n  m:\n    s: ex:$(id)\n    po:\n      - [ex:p, $(a), zh-Hant-TW~lang]\n"),
        [
            '<ex:1> <ex:p> "x"@zh-Hant-TW',
            '<ex:2> <ex:p> "y z"@zh-Hant-TW',
        ],
    ),
    (
        "colons in texts",
        (
            "mappings:\n"
            "  m:\n"
            "    s: ex:$(id)\n"
            "    po:\n"
            "      - [ex:p, 'ex:$(a)']\n"
            "      - [ex:p, 'Time: $(a)']\n"
        ),
        [
            '<ex:1> <ex:p> "Time: x"',
            '<ex:1> <ex:p> "ex:x"',
            '<ex:2> <ex:p> "Time: y z"',
            '<ex:2> <ex:p> "ex:y z"',
        ],
    ),
]


@pytest.mark.parametrize(("text", "lines"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_what_the_specification_says(text: str, lines: list[str]) -> None:
    done = Run(plan_of(text), {"t.csv": ROWS, "n.csv": OTHER}, Mode.LENIENT)
    found = "\n".join(done.lines)
    for namespace, prefix in SHORT.items():
        found = found.replace(namespace, prefix)
    assert [line.removesuffix(" .") for line in found.splitlines()] == lines
