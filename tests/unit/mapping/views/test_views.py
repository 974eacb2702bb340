"""Logical views (RML-LV): fields, fields inside fields, positions, joins, and what is refused.

The data are those of the specification's examples, and worse.
"""

from __future__ import annotations

import pytest

from app.errors import MappingError, MappingReferenceError
from app.findings import Findings
from app.mapping.compile import compile_mapping
from app.mapping.execute import Executor, Mode
from app.mapping.languages import read_mapping
from app.mapping.languages.rml import read_rml
from app.mapping.languages.rml.writer import write_rml
from app.mapping.languages.yarrrml.writer import write_yarrrml
from app.mapping.model import LogicalSource
from app.mapping.plan_json import plan_of, to_json
from app.mapping.sources import open_source, sources_of
from app.mapping.static_checks import check_columns
from app.tabular.batch import Table
from app.tabular.json_source import open_json_bytes
from app.tabular.reader import open_bytes

PREFIXES = """
@prefix rml: <http://w3id.org/rml/> . @prefix : <http://e/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix grel: <http://users.ugent.be/~bjdmeest/function/grel.ttl#> .
"""
CSV = ':csv rml:source [ rml:path "%s" ; rml:null "" ] ; rml:referenceFormulation rml:CSV .\n'
JSON = """:json rml:source [ rml:path "people.json" ] ; rml:referenceFormulation rml:JSONPath ;
  rml:iterator "$.people[*]" .\n"""
PEOPLE = "name,birthyear\nalice,1995\nbob,1999\ntobias,2005\n"
ITEMS = """{"people": [
  {"name": "alice", "items": [{"type": "sword", "weight": 1500}, {"type": "shield", "weight": 2.5}]},
  {"name": "bob", "items": [{"type": "flower", "weight": 15}]},
  {"name": "carol", "items": []}
]}"""
INTEGER = "<http://www.w3.org/2001/XMLSchema#integer>"


def field(name: str, how: str, *inside: str) -> str:
    fields = "".join(f"; rml:field {each} " for each in inside)
    return f'[ rml:fieldName "{name}" ; {how} {fields}]'


def reference(name: str, to: str | None = None, *inside: str) -> str:
    return field(name, f'rml:reference "{name if to is None else to}"', *inside)


def view(name: str, on: str, *fields: str, more: str = "") -> str:
    return (
        f":{name} a rml:LogicalView ; rml:viewOn :{on} ; {more} rml:field {' , '.join(fields)} .\n"
    )


def says(source: str, subject: str, *objects: str) -> str:
    """A triples map with one statement for each object map."""
    poms = " ; ".join(
        f"rml:predicateObjectMap [ rml:predicate :p{n} ; rml:objectMap [ {each} ] ]"
        for n, each in enumerate(objects)
    )
    return (
        f'<#m> a rml:TriplesMap ; rml:logicalSource :{source} ; rml:subjectMap [ rml:template "{subject}" ] '
        f"; {poms} ."
    )


class Run:
    """What a mapping over named texts gives: lines without the ending dot, and findings."""

    def __init__(self, mapping: str, mode: Mode = Mode.LENIENT, **texts: str) -> None:
        self.findings = Findings()
        self.mapping = read_mapping(
            PREFIXES + mapping, file="m.ttl", findings=Findings(), base="http://b/"
        )
        self.plan = compile_mapping(self.mapping, base="http://b/")
        self.tables: dict[LogicalSource, Table] = {}
        tables = self.tables

        def file(source: LogicalSource) -> Table:
            data = texts[source.path.replace(".", "_")].encode()
            if source.formulation == "json":
                return open_json_bytes(source.path, data, source.iterator, findings=self.findings)
            return open_bytes(source.path, data, findings=self.findings)

        def table(source: LogicalSource) -> Table:
            if source not in tables:
                tables[source] = open_source(source, file, self.findings)
            return tables[source]

        files = {file: table(file) for each in sources_of(self.plan) for file in each.files()}
        opened = files | {each: table(each) for each in sources_of(self.plan)}
        check_columns(self.plan, lambda source: opened[source].columns)
        chunks = Executor(self.plan, table, self.findings, mode).run()
        data = b"".join(bytes(chunk.data()) for chunk in chunks).decode()
        short = data.replace("http://e/", ":").replace(INTEGER, "integer")
        self.lines = sorted({line.removesuffix(" .") for line in short.splitlines()})


def test_fields_name_expressions_of_a_row() -> None:
    full = field("full", 'rml:template "{name} ({birthyear})"')
    mapping = CSV % "t.csv" + view("v", "csv", reference("n", "name"), full)
    found = Run(
        mapping + says("v", "http://e/{n}", 'rml:reference "full"', 'rml:reference "#"'),
        t_csv=PEOPLE,
    )
    assert found.lines == [
        '<:alice> <:p0> "alice (1995)"',
        '<:alice> <:p1> "0"^^integer',
        '<:bob> <:p0> "bob (1999)"',
        '<:bob> <:p1> "1"^^integer',
        '<:tobias> <:p0> "tobias (2005)"',
        '<:tobias> <:p1> "2"^^integer',
    ]


ITEM = field("item", 'rml:iterator "$.items[*]"', reference("type"), reference("weight"))


def test_an_iterable_field_gives_a_row_for_each_record_and_keeps_what_belongs_together() -> None:
    mapping = JSON + view("v", "json", reference("name"), ITEM)
    found = Run(
        mapping
        + says(
            "v",
            "http://e/{name}/{item.#}",
            'rml:reference "item.type"',
            'rml:reference "item.weight"',
        ),
        people_json=ITEMS,
    )
    double = '"2.5E0"^^<http://www.w3.org/2001/XMLSchema#double>'
    assert found.lines == [
        '<:alice/0> <:p0> "sword"',
        '<:alice/0> <:p1> "1500"^^integer',
        '<:alice/1> <:p0> "shield"',
        f"<:alice/1> <:p1> {double}",
        '<:bob/0> <:p0> "flower"',
        '<:bob/0> <:p1> "15"^^integer',
    ]


def test_a_record_without_inner_records_stays_with_null() -> None:
    mapping = JSON + view("v", "json", reference("name"), ITEM)
    found = Run(mapping + says("v", "http://e/{name}", 'rml:reference "name"'), people_json=ITEMS)
    assert found.lines == [f'<:{name}> <:p0> "{name}"' for name in ("alice", "bob", "carol")]


def test_a_composite_value_may_have_fields_inside() -> None:
    mapping = JSON + view("v", "json", reference("i", "$.items[*]", reference("type")))
    found = Run(
        mapping + says("v", "http://e/{#}/{i.#}/{i.type.#}", 'rml:reference "i.type"'),
        people_json=ITEMS,
    )
    assert found.lines == [
        '<:0/0/0> <:p0> "sword"',
        '<:0/1/0> <:p0> "shield"',
        '<:1/0/0> <:p0> "flower"',
    ]


def test_several_values_of_two_fields_give_all_combinations() -> None:
    mapping = JSON + view("v", "json", reference("a", "$.a[*]"), reference("b", "$.b[*]"))
    found = Run(
        mapping + says("v", "http://e/{a}", 'rml:reference "b"'),
        people_json='{"people": [{"a": ["1", "2"], "b": ["x", "y"]}, {"a": ["3"], "b": []}]}',
    )
    assert found.lines == [f'<:{a}> <:p0> "{b}"' for a in "12" for b in "xy"]


CELL = field(
    "item",
    'rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]"',
    reference("type"),
    reference("weight", "$.w"),
)


def test_a_cell_may_hold_json() -> None:
    mapping = CSV % "t.csv" + view("v", "csv", reference("name"), reference("items", None, CELL))
    csv = (
        "name,items\n"
        'alice,"[{""type"": ""sword"", ""w"": 9007199254740993}, {""type"": ""shield""}]"\n'
        "bob,\n"
    )
    found = Run(
        mapping
        + says(
            "v",
            "http://e/{#}-{items.#}-{items.item.#}",
            'rml:reference "items.item.type"',
            'rml:reference "items.item.weight"',
        ),
        t_csv=csv,
    )
    assert found.lines == [
        '<:0-0-0> <:p0> "sword"',
        '<:0-0-0> <:p1> "9007199254740993"^^integer',
        '<:0-0-1> <:p0> "shield"',
    ]


def test_a_cell_that_is_not_what_it_should_be_is_a_finding_with_its_line() -> None:
    mapping = CSV % "t.csv" + view("v", "csv", reference("name"), reference("items", None, CELL))
    found = Run(
        mapping + says("v", "http://e/{name}", 'rml:reference "items.item.type"'),
        t_csv="name,items\nalice,[1\nbob,[]\ncarol,nonsense\n",
    )
    assert found.lines == []
    told = [(each.place.line, each.message("ja")) for each in found.findings]
    assert [line for line, _ in told] == [2, 4]
    assert all("JSON として読めません" in message for _, message in told)
    assert all("cannot be read as JSON" in each.message("en") for each in found.findings)


def test_a_text_of_json_may_hold_csv() -> None:
    rows = field("row", "rml:referenceFormulation rml:CSV", reference("type"), reference("weight"))
    mapping = JSON + view("v", "json", reference("items", "$.items", rows))
    found = Run(
        mapping
        + says(
            "v",
            "http://e/{#}/{items.row.#}",
            'rml:reference "items.row.type"',
            'rml:reference "items.row.weight"',
        ),
        people_json='{"people": [{"items": "type,weight\\nsword,1500\\n\\"a,b\\",\\n"}, {}]}',
    )
    assert found.lines == [
        '<:0/0> <:p0> "sword"',
        '<:0/0> <:p1> "1500"',
        '<:0/1> <:p0> "a,b"',
        '<:0/1> <:p1> ""',
    ]


def test_a_cell_may_be_split_into_values() -> None:
    split = """rml:functionExecution [ rml:function grel:string_split ;
      rml:input [ rml:parameter grel:valueParameter ; rml:inputValueMap [ rml:reference "tags" ] ] ,
        [ rml:parameter grel:p_string_sep ; rml:inputValue "/" ] ]"""
    mapping = CSV % "t.csv" + view("v", "csv", reference("id"), field("tag", split))
    found = Run(
        mapping + says("v", "http://e/{id}/{tag.#}", 'rml:reference "tag"'),
        t_csv="id,tags\n1,a/b\n2,c\n3,\n",
    )
    assert found.lines == ['<:1/0> <:p0> "a"', '<:1/1> <:p0> "b"', '<:2/0> <:p0> "c"']


def joined(kind: str, *, condition: str = 'rml:child "name" ; rml:parent "name"') -> str:
    item = field("item", 'rml:iterator "$.items[*]"', reference("type"))
    return (
        CSV % "t.csv"
        + JSON
        + view("people", "json", reference("name"), item)
        + view(
            "v",
            "csv",
            reference("name"),
            reference("birthyear"),
            more=f"rml:{kind} [ rml:parentLogicalView :people ; rml:joinCondition [ {condition} ] ; "
            f"rml:field {reference('type', 'item.type')} , {reference('who', 'name')} ] ;",
        )
    )


WITH_ITEMS = [
    '<:0> <:p1> "1995"',
    '<:0> <:p2> "0-sword"',
    '<:0> <:p2> "1-shield"',
    '<:1> <:p1> "1999"',
    '<:1> <:p2> "0-flower"',
]


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("innerJoin", []),
        ("leftJoin", ['<:2> <:p1> "2005"']),
        ("outerJoin", ['<:2> <:p1> "2005"']),
        ("fullJoin", ['<:2> <:p1> "2005"']),
    ],
)
def test_a_join_adds_fields_and_their_positions_among_the_partners(
    kind: str, more: list[str]
) -> None:
    found = Run(
        joined(kind)
        + says(
            "v",
            "http://e/{#}",
            'rml:reference "name"',
            'rml:reference "birthyear"',
            'rml:template "{type.#}-{type}" ; rml:termType rml:Literal',
        ),
        t_csv=PEOPLE,
        people_json=ITEMS,
    )
    lines = [line for line in found.lines if "p0" not in line]
    assert lines == [*WITH_ITEMS, *more]


def test_an_outer_join_gives_partners_without_a_row_too() -> None:
    found = Run(
        joined("outerJoin") + says("v", "http://e/{who}", 'rml:reference "who"'),
        t_csv=PEOPLE,
        people_json=ITEMS,
    )
    assert found.lines == [f'<:{name}> <:p0> "{name}"' for name in ("alice", "bob", "carol")]


def test_a_view_can_be_read_again() -> None:
    """The census of repeats reads a source before the run does."""
    text = joined("outerJoin") + says("v", "http://e/{who}", 'rml:reference "who"')
    found = Run(text, t_csv=PEOPLE, people_json=ITEMS)
    [source] = sources_of(found.plan)
    first, second = (
        [batch.table.to_pylist() for batch in found.tables[source].batches()] for _ in range(2)
    )
    assert first == second
    assert [row["who"] for rows in first for row in rows].count("carol") == 1


def test_the_sides_of_a_join_may_be_made() -> None:
    condition = 'rml:childMap [ rml:template "{name}!" ] ; rml:parentMap [ rml:template "{name}!" ]'
    found = Run(
        joined("innerJoin", condition=condition)
        + says("v", "http://e/{name}", 'rml:reference "type"'),
        t_csv=PEOPLE,
        people_json=ITEMS,
    )
    assert len(found.lines) == 3


def test_null_joins_with_nothing() -> None:
    found = Run(
        joined("leftJoin") + says("v", "http://e/{birthyear}", 'rml:reference "who"'),
        t_csv="name,birthyear\n,1990\nalice,1991\n",
        people_json='{"people": [{"items": []}, {"name": "alice", "items": []}]}',
    )
    assert found.lines == ['<:1991> <:p0> "alice"']


def test_two_joins_and_a_view_on_the_joined_view() -> None:
    ids = CSV.replace(":csv", ":ids") % "ids.csv"
    second = (
        ids
        + view("idv", "ids", reference("name"), reference("id"))
        + joined("leftJoin").replace(
            "rml:leftJoin [",
            'rml:innerJoin [ rml:parentLogicalView :idv ; rml:joinCondition [ rml:child "name" ; '
            f'rml:parent "name" ] ; rml:field {reference("id")} ] ; rml:leftJoin [',
            1,
        )
        + view("upper", "v", reference("key", "id"), reference("kind", "type"), reference("n", "#"))
    )
    found = Run(
        second + says("upper", "http://e/{key}", 'rml:reference "kind"', 'rml:reference "n"'),
        t_csv=PEOPLE,
        people_json=ITEMS,
        ids_csv="name,id\nalice,123\ntobias,789\n",
    )
    assert found.lines == [
        '<:123> <:p0> "shield"',
        '<:123> <:p0> "sword"',
        '<:123> <:p1> "0"^^integer',
        '<:789> <:p1> "2"^^integer',
    ]


def test_a_triples_map_may_refer_to_another_over_the_same_view() -> None:
    mapping = (
        JSON
        + view("v", "json", reference("name"), ITEM)
        + says("v", "http://e/{name}/{item.type}", 'rml:reference "item.type"')
        + """<#n> a rml:TriplesMap ; rml:logicalSource :v ;
          rml:subjectMap [ rml:template "http://e/{name}" ] ;
          rml:predicateObjectMap [ rml:predicate :has ; rml:objectMap
            [ rml:parentTriplesMap <#m> ] ] ."""
    )
    found = Run(mapping, people_json=ITEMS)
    assert [line for line in found.lines if "has" in line] == [
        "<:alice> <:has> <:alice/shield>",
        "<:alice> <:has> <:alice/sword>",
        "<:bob> <:has> <:bob/flower>",
    ]


SIMPLE = CSV % "t.csv" + view("v", "csv", reference("name"))
MISTAKES = [
    (SIMPLE + says("v", "http://e/{nam}"), "フィールド nam はありません", "Did you mean name?"),
    (SIMPLE + says("v", "http://e/{<it>}"), "値がありません", "has no value of its own"),
    (
        JSON + view("v", "json", ITEM) + says("v", "http://e/{item}"),
        "item は記録の並び",
        "Use a field inside it",
    ),
    (
        CSV % "t.csv" + view("v", "csv", reference("name"), reference("name")) + says("v", "http://e/{name}"),
        "名前 name が重複",
        "given to two fields",
    ),
    (
        CSV % "t.csv" + ":v rml:viewOn :csv .\n" + says("v", "http://e/{name}"),
        "rml:field",
        "no rml:field",
    ),
    (
        ":v rml:viewOn :v ; rml:field [ rml:fieldName \"a\" ; rml:reference \"a\" ] .\n" + says("v", "http://e/{a}"),
        "自分自身",
        "logical view is made from itself",
    ),
    (
        CSV % "t.csv"
        + view("v", "csv", reference("name"), more="""rml:leftJoin [ rml:parentLogicalView :v ;
          rml:joinCondition [ rml:child "name" ; rml:parent "name" ] ;
          rml:field [ rml:fieldName "x" ; rml:reference "name" ] ] ;""")
        + says("v", "http://e/{x}"),
        "自分自身",
        "logical view is made from itself",
    ),
    (
        JSON
        + ":v rml:viewOn :json ; rml:field :f .\n"
        + ':f rml:fieldName "i" ; rml:iterator "$.i" ; rml:field :g .\n'
        + ':g rml:fieldName "t" ; rml:reference "$.t" ; rml:field :f .\n'
        + says("v", "http://e/{i.t}"),
        "フィールドが自分自身",
        "a field is made from itself",
    ),
    (
        CSV % "t.csv"
        + view("v", "csv", field("f", 'rml:reference "a" ; rml:iterator "$"', reference("b")))
        + says("v", "http://e/{f.b}"),
        "一方だけ",
        "an expression and an iterator",
    ),
    (
        CSV % "t.csv"
        + view("v", "csv", field("f", 'rml:referenceFormulation rml:JSONPath', reference("b")))
        + says("v", "http://e/{f.b}"),
        "中身の書式が分かりません",
        "how the field f is written",
    ),
    (
        CSV % "t.csv" + view("v", "csv", reference("a", None, reference("b"))) + says("v", "http://e/{a.b}"),
        "b は参照できません",
        "cannot be found inside a text",
    ),
    (
        SIMPLE.replace("rml:viewOn :csv", "rml:viewOn :csv ; rml:structuralAnnotation "
        '[ a rml:UniqueAnnotation ; rml:onFields ( "nmae" ) ]') + says("v", "http://e/{name}"),
        "フィールド nmae はありません",
        "Did you mean name?",
    ),
    (
        SIMPLE.replace("rml:viewOn :csv", "rml:viewOn :csv ; rml:leftJoin [ rml:field [] ]")
        + says("v", "http://e/{name}"),
        "parentLogicalView がありません",
        "no parentLogicalView",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("mapping", "ja", "en"), MISTAKES)
def test_what_a_view_cannot_be_is_told_with_its_place(mapping: str, ja: str, en: str) -> None:
    with pytest.raises(MappingError) as caught:
        read_rml(PREFIXES + mapping, file="m.ttl")
    error = caught.value
    assert ja in error.message("ja")
    assert en in error.message("en")
    assert error.place is not None
    assert error.place.line is not None


@pytest.mark.parametrize(
    ("mapping", "wrong"),
    [
        (CSV % "t.csv" + view("v", "csv", reference("n", "nmae")), "nmae"),
        (JSON + view("v", "json", reference("n", "$.items[")), "$.items["),
        (
            CSV % "t.csv"
            + view(
                "v",
                "csv",
                reference(
                    "n",
                    "name",
                    field(
                        "i",
                        'rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*"',
                        reference("a"),
                    ),
                ),
            ),
            "$[*",
        ),
    ],
)
def test_references_of_fields_are_checked_before_a_row_is_read(mapping: str, wrong: str) -> None:
    with pytest.raises(MappingReferenceError) as caught:
        Run(mapping + says("v", "http://e/{n}"), t_csv=PEOPLE, people_json=ITEMS)
    assert wrong in caught.value.message("ja")
    assert caught.value.place is not None
    assert caught.value.place.file == "m.ttl"


def test_annotations_are_read_and_told_to_have_no_effect() -> None:
    findings = Findings()
    annotations = " , ".join(
        f'[ a rml:{kind}Annotation ; rml:onFields ( "name" ) ]'
        for kind in ("PrimaryKey", "Unique", "NotNull", "IriSafe")
    )
    noted = SIMPLE.replace(
        "rml:viewOn :csv", f"rml:viewOn :csv ; rml:structuralAnnotation {annotations}"
    )
    found = read_rml(
        PREFIXES + noted + says("v", "http://e/{name}"), file="m.ttl", findings=findings
    )
    plain = read_rml(PREFIXES + SIMPLE + says("v", "http://e/{name}"), file="m.ttl")
    assert found.triples_maps == plain.triples_maps
    again = Findings()
    twice = read_rml(
        PREFIXES
        + noted
        + says("v", "http://e/{name}")
        + says("v", "http://e/{#}").replace("<#m>", "<#n>"),
        file="m.ttl",
        findings=again,
    )
    assert len(twice.triples_maps) == 2
    assert sum(again.counts().values()) == 4
    told = [each.message("en") for each in findings]
    for kind, message in zip(("PrimaryKey", "Unique", "NotNull", "IriSafe"), told, strict=True):
        assert f"rml:{kind}Annotation is ignored" in message


def test_views_come_back_from_rml_and_from_the_plan() -> None:
    mapping = Run(
        joined("outerJoin")
        + view("w", "csv", reference("items", "name", CELL))
        + says("v", "http://e/{who}")
        + says("w", "http://e/{items.item.type}").replace("<#m>", "<#w>"),
        t_csv=PEOPLE,
        people_json=ITEMS,
    )
    back = read_rml(write_rml(mapping.mapping), file="m.ttl")
    assert back.triples_maps == mapping.mapping.triples_maps
    assert plan_of(to_json(mapping.plan)) == mapping.plan


def test_yarrrml_cannot_say_a_view() -> None:
    mapping = read_rml(PREFIXES + SIMPLE + says("v", "http://e/{name}"), file="m.ttl")
    with pytest.raises(MappingError) as caught:
        write_yarrrml(mapping)
    assert "論理ビュー" in caught.value.message("ja")
    assert "a logical view" in caught.value.message("en")


def test_a_large_view_comes_in_batches_with_the_lines_of_the_file() -> None:
    rows = "\n".join(f"{n},a/b/c" for n in range(30_000))
    split = """rml:functionExecution [ rml:function grel:string_split ;
      rml:input [ rml:parameter grel:valueParameter ; rml:inputValueMap [ rml:reference "tags" ] ] ,
        [ rml:parameter grel:p_string_sep ; rml:inputValue "/" ] ]"""
    mapping = CSV % "t.csv" + view("v", "csv", reference("id"), field("tag", split))
    found = Run(
        mapping + says("v", "http://e/{id}/{tag.#}", 'rml:reference "tag" ; rml:datatype xsd:date'),
        t_csv=f"id,tags\n{rows}\n",
    )
    assert found.findings.counts() == {"mapping-datatype": 90_000}
    assert {each.place.line for each in found.findings} == set(range(2, 36))
