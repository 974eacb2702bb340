"""URI templates, by the examples of RFC 6570 (sections 1.2 and 3.2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mapping.languages.csvw.templates import TemplateError, VariableValue, parse_template
from app.rdf.terms import is_valid_iri

VALUES: dict[str, VariableValue] = {
    "count": ("one", "two", "three"),
    "dom": ("example", "com"),
    "dub": "me/too",
    "hello": "Hello World!",
    "half": "50%",
    "var": "value",
    "who": "fred",
    "base": "http://example.com/home/",
    "path": "/foo/bar",
    "list": ("red", "green", "blue"),
    "keys": (("semi", ";"), ("dot", "."), ("comma", ",")),
    "v": "6",
    "x": "1024",
    "y": "768",
    "empty": "",
    "empty_keys": (),
    "undef": None,
}


@pytest.mark.parametrize(
    ("template", "expanded"),
    [
        ("{var}", "value"),
        ("{hello}", "Hello%20World%21"),
        ("{half}", "50%25"),
        ("O{empty}X", "OX"),
        ("O{undef}X", "OX"),
        ("{x,y}", "1024,768"),
        ("{x,hello,y}", "1024,Hello%20World%21,768"),
        ("?{x,empty}", "?1024,"),
        ("?{x,undef}", "?1024"),
        ("?{undef,y}", "?768"),
        ("{var:3}", "val"),
        ("{var:30}", "value"),
        ("{list}", "red,green,blue"),
        ("{list*}", "red,green,blue"),
        ("{keys}", "semi,%3B,dot,.,comma,%2C"),
        ("{keys*}", "semi=%3B,dot=.,comma=%2C"),
        ("{+var}", "value"),
        ("{+hello}", "Hello%20World!"),
        ("{+half}", "50%25"),
        ("{base}index", "http%3A%2F%2Fexample.com%2Fhome%2Findex"),
        ("{+base}index", "http://example.com/home/index"),
        ("{+path}/here", "/foo/bar/here"),
        ("up{+path}{var}/here", "up/foo/barvalue/here"),
        ("{+x,hello,y}", "1024,Hello%20World!,768"),
        ("{+path:6}/here", "/foo/b/here"),
        ("{+keys*}", "semi=;,dot=.,comma=,"),
        ("{#var}", "#value"),
        ("{#hello}", "#Hello%20World!"),
        ("foo{#empty}", "foo#"),
        ("foo{#undef}", "foo"),
        ("{#path,x}/here", "#/foo/bar,1024/here"),
        ("{#path:6}/here", "#/foo/b/here"),
        ("{#keys}", "#semi,;,dot,.,comma,,"),
        ("{.who,who}", ".fred.fred"),
        ("{.half,who}", ".50%25.fred"),
        ("www{.dom*}", "www.example.com"),
        ("X{.empty}", "X."),
        ("X{.undef}", "X"),
        ("X{.list}", "X.red,green,blue"),
        ("X{.list*}", "X.red.green.blue"),
        ("X{.empty_keys*}", "X"),
        ("{/var,x}/here", "/value/1024/here"),
        ("{/var,empty}", "/value/"),
        ("{/list*,path:4}", "/red/green/blue/%2Ffoo"),
        ("{/keys*}", "/semi=%3B/dot=./comma=%2C"),
        ("{;x,y}", ";x=1024;y=768"),
        ("{;x,y,empty}", ";x=1024;y=768;empty"),
        ("{;v,empty,who}", ";v=6;empty;who=fred"),
        ("{;hello:5}", ";hello=Hello"),
        ("{;list}", ";list=red,green,blue"),
        ("{;list*}", ";list=red;list=green;list=blue"),
        ("{;keys*}", ";semi=%3B;dot=.;comma=%2C"),
        ("{?x,y}", "?x=1024&y=768"),
        ("{?x,y,empty}", "?x=1024&y=768&empty="),
        ("{?x,y,undef}", "?x=1024&y=768"),
        ("{?var:3}", "?var=val"),
        ("{?list*}", "?list=red&list=green&list=blue"),
        ("{?keys}", "?keys=semi,%3B,dot,.,comma,%2C"),
        ("{?keys*}", "?semi=%3B&dot=.&comma=%2C"),
        ("?fixed=yes{&x}", "?fixed=yes&x=1024"),
        ("{&x,y,empty}", "&x=1024&y=768&empty="),
        ("{&count*}", "&count=one&count=two&count=three"),
    ],
)
def test_expressions_expand_as_the_rfc_says(template: str, expanded: str) -> None:
    assert parse_template(template).expand(VALUES) == expanded


@pytest.mark.parametrize("template", ["{", "}", "{}", "a{b", "{!x}", "{x:0}", "{x:10000}", "{a b}"])
def test_what_is_no_template_is_refused(template: str) -> None:
    with pytest.raises(TemplateError):
        parse_template(template)


def test_values_are_encoded_as_utf8_and_literal_japanese_stays() -> None:
    assert parse_template("http://例.jp/{x}").expand({"x": "東京 都"}) == (
        "http://例.jp/%E6%9D%B1%E4%BA%AC%20%E9%83%BD"
    )


def test_an_encoded_triplet_survives_reserved_expansion_only() -> None:
    template = parse_template("{+x}|{x}")
    assert template.expand({"x": "a%20b"}) == "a%20b%7Ca%2520b"


def test_an_expression_can_be_written_again() -> None:
    text = "{?list*,var:3,x}"
    (expression,) = parse_template(text).parts
    assert not isinstance(expression, str)
    assert expression.text == text


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["", *"./;?&"]))
def test_whatever_the_cell_holds_the_expansion_is_a_valid_iri(text: str, operator: str) -> None:
    template = parse_template(f"http://example.org/a{{{operator}x}}")
    assert is_valid_iri(template.expand({"x": text}))
