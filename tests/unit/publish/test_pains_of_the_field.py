"""What users of other engines ask for help with, each end to end: a folder with a table and a
mapping, what comes out, and what is said in both languages.

The issues are those of `../shared/reference/peers.md`, by engine and number.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from app.errors import MappingError, MappingReferenceError, TsunaguError
from app.findings import Findings
from app.mapping.execute import Mode
from app.publish.convert import convert
from app.publish.dataset import Dataset
from app.settings import Settings
from tests.conftest import ROOT

HEAD = """prefixes: {ex: 'http://e/', xsd: 'http://www.w3.org/2001/XMLSchema#'}
mappings:
  m:
"""


class Outcome:
    """The lines and the findings of a conversion."""

    def __init__(self, dataset: Dataset, mode: Mode) -> None:
        output, self.findings = BytesIO(), Findings()
        self.error: TsunaguError | None = None
        try:
            done = convert(dataset, output.write, findings=self.findings, mode=mode)
            self.nulls = done.nulls
        except TsunaguError as error:
            self.error = error
        lines = output.getvalue().decode().splitlines()
        self.lines = sorted({line.partition(" <https://data")[0] for line in lines})

    def objects(self) -> list[str]:
        """What stands behind the predicate."""
        return [line.split(" ", 2)[2] for line in self.lines]

    def said(self) -> tuple[str, str]:
        """The error's, or the only finding's, words in Japanese and English."""
        if self.error is not None:
            return self.error.message("ja"), self.error.message("en")
        [finding] = self.findings
        return finding.message("ja"), finding.message("en")


Try = Callable[..., Outcome]


@pytest.fixture
def attempt(tmp_path: Path) -> Try:
    """Convert a table (text or bytes) with a mapping's body."""

    def go(
        table: str | bytes, body: str, *, name: str = "t.csv", mode: Mode = Mode.LENIENT
    ) -> Outcome:
        folder = tmp_path / "d"
        folder.mkdir()
        data = table if isinstance(table, bytes) else table.encode()
        (folder / name).write_bytes(data)
        described = {"name": "d", "title": "d", "resources": [{"path": name}]}
        (folder / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
        text = body if body.startswith(("prefixes", "\ufeff")) else HEAD + body
        (folder / "mapping.yml").write_text(text, encoding="utf-8")
        settings = Settings.model_validate(
            {
                "base_iri": "https://data.example.jp",
                "mappings_dir": tmp_path,
                "vocab_dir": ROOT / "vocab",
            }
        )
        return Outcome(Dataset("d", folder, settings), mode)

    return go


def test_a_column_that_is_not_there_is_no_key_error(attempt: Try) -> None:
    """morph-kgc #44, RMLMapper #213."""
    found = attempt("id,名称\n1,a\n", "    s: ex:$(id)\n    po: [[ex:p, $(名稱)]]\n")
    assert isinstance(found.error, MappingReferenceError)
    ja, en = found.said()
    assert "列「名稱」は t.csv にありません" in ja
    assert "近い列名: 名称" in ja
    assert "column “名稱” is not in t.csv" in en
    assert "mapping.yml:5:" in en


@pytest.mark.parametrize(
    ("po", "ja", "en"),
    [
        ("[[ex:p, ]]", "目的語", "[predicate, object]"),
        ("[[ex:p, ~]]", "目的語 (objects)", "an object"),
        ("[{p: ex:p, o: }]", "目的語 (objects)", "expected at least one, got nothing"),
    ],
)
def test_an_object_that_is_missing_is_told_as_such(attempt: Try, po: str, ja: str, en: str) -> None:
    """yarrrml-parser: "expected [null]"."""
    found = attempt("id\n1\n", f"    s: ex:$(id)\n    po: {po}\n")
    assert isinstance(found.error, MappingError)
    said = found.said()
    assert ja in said[0]
    assert en in said[1]
    assert "null" not in said[1]
    assert found.error.place is not None
    assert found.error.place.line == 5


def test_a_key_is_never_dropped_silently(attempt: Try) -> None:
    """morph-kgc #265."""
    found = attempt("id\n1\n", "    s: ex:$(id)\n    graph_map: ex:g\n    po: [[ex:p, $(id)]]\n")
    ja, en = found.said()
    assert "未知のキー graph_map" in ja
    assert "unknown key graph_map" in en
    assert "mapping.yml:5:5" in en


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_a_byte_order_mark_is_no_part_of_a_name(attempt: Try, encoding: str) -> None:
    """morph-kgc #81."""
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    found = attempt(
        (mark + "番号,名称\n1,港\n").encode(encoding),
        "    s: ex:$(番号)\n    po: [[ex:p, $(名称)]]\n",
    )
    assert found.lines == ['<http://e/1> <http://e/p> "港"']
    assert found.error is None


def test_a_byte_order_mark_may_begin_the_mapping(attempt: Try) -> None:
    found = attempt("id\n1\n", "\ufeff" + HEAD + "    s: ex:$(id)\n    po: [[ex:p, $(id)]]\n")
    assert found.lines == ['<http://e/1> <http://e/p> "1"']


@pytest.mark.parametrize(("name", "mark"), [("t.tsv", "\t"), ("t.csv", "\t"), ("t.csv", ";")])
def test_the_delimiter_is_found(attempt: Try, name: str, mark: str) -> None:
    """morph-kgc #81: nobody should have to say that a .tsv has tabs."""
    rows = [("id", "c", "a,b"), ("1", "2", "x,y"), ("2", "3", "")]
    table = "".join(mark.join(row) + "\n" for row in rows)
    found = attempt(table, "    s: ex:$(id)\n    po: [[ex:p, '$(a,b)']]\n", name=name)
    assert found.lines == ['<http://e/1> <http://e/p> "x,y"']


def test_a_delimiter_of_two_characters_is_refused(attempt: Try) -> None:
    body = (
        "    sources: {access: t.csv, delimiter: '||'}\n    s: ex:$(id)\n    po: [[ex:p, $(id)]]\n"
    )
    ja, en = attempt("id\n1\n", body).said()
    assert "delimiter" in ja
    assert "一文字" in ja
    assert "one character" in en


def test_null_is_nothing_and_never_a_text(attempt: Try) -> None:
    """yarrrml-parser #204, RMLMapper #140 and #238: "null1", "DATAIO_NULL"."""
    found = attempt(
        "id,a\n1,\n2,x\n,y\n",
        "    s: ex:$(id)\n    po:\n      - [ex:p, $(a)1]\n      - [ex:q, ex:$(a)~iri]\n",
    )
    assert found.lines == [
        '<http://e/2> <http://e/p> "x1"',
        "<http://e/2> <http://e/q> <http://e/x>",
    ]
    assert found.findings.counts() == {}
    assert found.nulls == {"t.csv": {"id": 1, "a": 1}}


def test_other_words_for_null_are_said_in_the_mapping(attempt: Try) -> None:
    found = attempt(
        "id,a\n1,NULL\n2,-\n3,x\n",
        "    sources: {access: t.csv, 'null': ['', 'NULL', '-']}\n"
        "    s: ex:$(id)\n    po: [[ex:p, $(a)1]]\n",
    )
    assert found.lines == ['<http://e/3> <http://e/p> "x1"']
    assert found.nulls == {"t.csv": {"a": 2}}


def test_a_header_cell_that_is_blank_has_a_name_and_is_told(attempt: Try) -> None:
    """RMLMapper #124: an empty header gave empty output."""
    found = attempt("id,,b\n1,x,y\n", "    s: ex:$(id)\n    po: [[ex:p, $(b)]]\n")
    assert found.lines == ['<http://e/1> <http://e/p> "y"']
    ja, en = found.said()
    assert "t.csv:1" in ja
    assert "column_2" in ja
    assert "見出し" in ja
    assert "column 2 has no name; it is called column_2" in en
    assert "Give it a name" in en


def test_a_date_in_another_form_is_told_with_the_way_to_mend_it(attempt: Try) -> None:
    """RMLMapper #142 and #184."""
    found = attempt(
        "id,d\n1,5/1/2023\n2,2023-05-01\n", "    s: ex:$(id)\n    po: [[ex:p, $(d), xsd:date]]\n"
    )
    assert found.objects() == ['"2023-05-01"^^<http://www.w3.org/2001/XMLSchema#date>']
    ja, en = found.said()
    assert "t.csv:2" in ja
    assert "「5/1/2023」は xsd:date の値ではない" in ja
    assert "YYYY-MM-DD にするか" in ja
    assert "“5/1/2023” is not a value of xsd:date" in en
    assert "Write YYYY-MM-DD, or use jfn:eraDate" in en


@pytest.mark.parametrize(
    "wrong", ["2023-02-30", "2023-13-01", "2023/05/01", "令和5年5月1日", "45047"]
)
def test_what_looks_like_a_date_and_is_none_is_told(attempt: Try, wrong: str) -> None:
    found = attempt(f"id,d\n1,{wrong}\n", "    s: ex:$(id)\n    po: [[ex:p, $(d), xsd:date]]\n")
    assert found.lines == []
    assert found.findings.counts() == {"mapping-datatype": 1}


def test_a_name_may_have_parentheses(attempt: Try) -> None:
    """yarrrml-parser: $(Payroll (millions))."""
    found = attempt(
        "id,Payroll (millions)\n1,3.5\n",
        "    s: ex:$(id)\n    po: [[ex:p, $(Payroll (millions))]]\n",
    )
    assert found.lines == ['<http://e/1> <http://e/p> "3.5"']


def test_a_parenthesis_that_is_not_closed_is_told(attempt: Try) -> None:
    ja, en = attempt("id\n1\n", "    s: ex:$(id)\n    po: [[ex:p, $(Payroll (millions)]]\n").said()
    assert "$( が閉じられていません" in ja
    assert "is not closed" in en
    assert "mapping.yml:5:" in en


def test_text_may_follow_a_reference(attempt: Try) -> None:
    """$(終了時間):00 was read as a datatype."""
    found = attempt(
        "id,終了時間\n1,17:30\n2,\n",
        "    s: ex:$(id)\n    po:\n      - [ex:p, '$(終了時間):00']\n"
        "      - [ex:q, '$(終了時間):00', xsd:time]\n",
    )
    assert found.lines == [
        '<http://e/1> <http://e/p> "17:30:00"',
        '<http://e/1> <http://e/q> "17:30:00"^^<http://www.w3.org/2001/XMLSchema#time>',
    ]


EXACT = [
    "9007199254740993",
    "123456789012345678901234567890",
    "0.1000000000000000055511151231257827",
]


@pytest.mark.parametrize("number", EXACT)
def test_numbers_keep_all_their_digits(attempt: Try, number: str) -> None:
    """Morph-KGC turns 9007199254740993 into …992."""
    found = attempt(
        f"id,n\n1,{number}\n",
        "    s: ex:$(id)\n    po:\n      - [ex:p, $(n)]\n      - [ex:p, $(n), xsd:decimal]\n"
        "      - {p: ex:p, o: {function: 'urn:tsunagu:fn:decimal', parameters: "
        "[['urn:tsunagu:fn:value', $(n)]]}}\n      - [ex:p, ex:$(n)~iri]\n",
    )
    decimal = f'"{number}"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    assert found.objects() == sorted({f'"{number}"', decimal, f"<http://e/{number}>"})


@pytest.mark.parametrize("number", EXACT)
def test_numbers_of_json_keep_all_their_digits(attempt: Try, number: str) -> None:
    body = (
        "    sources: [['t.json~jsonpath', '$[*]']]\n    s: ex:$(id)\n"
        "    po: [[ex:p, $(n)~iri]]\n".replace("$(n)~iri", "ex:$(n)~iri")
    )
    found = attempt(f'[{{"id": 1, "n": {number}}}]', body, name="t.json")
    assert found.objects() == [f"<http://e/{number}>"]


@pytest.mark.parametrize("mode", [Mode.LENIENT, Mode.QUARANTINE])
def test_the_first_hundred_are_kept_and_all_are_counted(attempt: Try, mode: Mode) -> None:
    rows = "\n".join(f"{n},x{n}" for n in range(60_000))
    found = attempt(
        f"id,n\n{rows}\n", "    s: ex:$(id)\n    po: [[ex:p, $(n), xsd:integer]]\n", mode=mode
    )
    assert found.findings.counts() == {"mapping-datatype": 60_000}
    assert [each.place.line for each in found.findings] == list(range(2, 102))
