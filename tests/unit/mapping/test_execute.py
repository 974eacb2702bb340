"""Plans run over tables: what is emitted, what is left out, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.errors import DataRejected
from app.mapping.execute import Mode

from .conftest import Run

Go = Callable[..., Run]


def test_an_empty_cell_gives_no_quad_and_no_finding(run: Go) -> None:
    done = run(
        "mappings:\n  m:\n    s: ex:$(id)\n    po:\n      - [ex:name, $(name)]\n",
        {"id": ["1", "2"], "name": ["", "b"]},
    )
    assert done.lines == ['<http://example.org/2> <http://example.org/name> "b" .']
    assert not done.codes


def test_a_template_with_an_empty_part_gives_nothing(run: Go) -> None:
    done = run(
        'mappings:\n  m:\n    s: ex:$(id)\n    po:\n      - [ex:t, "$(a):00"]\n',
        {"id": ["1", "2"], "a": ["9", ""]},
    )
    assert done.lines == ['<http://example.org/1> <http://example.org/t> "9:00" .']


def test_integers_beyond_doubles_stay_exact(run: Go) -> None:
    done = run(
        "mappings:\n  m:\n    s: ex:$(id)\n    po:\n      - [ex:n, $(n), xsd:integer]\n",
        {"id": ["1"], "n": ["9007199254740993"]},
    )
    assert '"9007199254740993"' in done.lines[0]


BAD_INTEGER = "mappings:\n  m:\n    s: ex:$(id)\n    po:\n      - [ex:n, $(n), xsd:integer]\n      - [ex:name, $(name)]\n"
BAD_ROWS = {"id": ["1", "2"], "n": ["1.5", "2"], "name": ["a", "b"]}


def test_lenient_leaves_out_the_value_and_counts_it_with_line_and_column(run: Go) -> None:
    done = run(BAD_INTEGER, BAD_ROWS)
    assert len(done.lines) == 3
    [finding] = done.findings
    assert (finding.place.file, finding.place.line, finding.place.field) == ("t.csv", 2, "n")
    assert "1.5" in finding.message("ja")
    assert "1.5" in finding.message("en")
    assert finding.mapping_place is not None
    assert finding.mapping_place.line == 5


def test_quarantine_leaves_out_the_row(run: Go) -> None:
    done = run(BAD_INTEGER, BAD_ROWS, Mode.QUARANTINE)
    assert all("<http://example.org/2>" in line for line in done.lines)
    assert len(done.lines) == 2


def test_strict_stops_at_the_cell(run: Go) -> None:
    with pytest.raises(DataRejected) as caught:
        run(BAD_INTEGER, BAD_ROWS, Mode.STRICT)
    assert caught.value.place is not None
    assert (caught.value.place.line, caught.value.place.field) == (2, "n")


def test_a_cell_that_is_no_iri_is_a_finding(run: Go) -> None:
    done = run(
        "mappings:\n  m:\n    s: ex:$(id)\n    po:\n      - [ex:url, $(url)~iri]\n",
        {"id": ["1", "2"], "url": ["http://a b", "http://ok.example/新"]},
    )
    assert len(done.lines) == 1
    assert done.codes == {"mapping-invalid-iri": 1}


def test_a_function_is_called_once_for_each_value_and_its_refusals_are_all_counted(run: Go) -> None:
    done = run(
        "mappings:\n  m:\n    s: ex:$(id)\n    po:\n"
        "      - p: ex:day\n        o:\n          function: jfn:eraDate\n"
        "          parameters: [[jfn:value, $(d)]]\n",
        {"id": ["1", "2", "3", "4"], "d": ["S28.03.23", "いつか", "いつか", ""]},
    )
    assert done.lines == [
        '<http://example.org/1> <http://example.org/day> "1953-03-23"^^<http://www.w3.org/2001/XMLSchema#date> .'
    ]
    assert sum(done.codes.values()) == 2
    assert [finding.place.line for finding in done.findings] == [3, 4]


def test_a_join_links_each_child_with_every_parent_of_its_key(run: Go) -> None:
    text = (
        "mappings:\n"
        "  child:\n    s: ex:c/$(id)\n    po:\n      - p: ex:in\n        o:\n"
        "          - mapping: parent\n            condition:\n              function: equal\n"
        "              parameters: [[str1, $(city)], [str2, $(name)]]\n"
        "  parent:\n    sources: [[p.csv~csv]]\n    s: ex:p/$(code)\n    po: []\n"
    )
    done = run(
        text,
        {"id": ["1", "2", "3", "4"], "city": ["A", "B", "", "C"]},
        p={"code": ["10", "20", "21"], "name": ["A", "B", "B"]},
    )
    assert done.lines == [
        "<http://example.org/c/1> <http://example.org/in> <http://example.org/p/10> .",
        "<http://example.org/c/2> <http://example.org/in> <http://example.org/p/20> .",
        "<http://example.org/c/2> <http://example.org/in> <http://example.org/p/21> .",
    ]


def test_a_condition_selects_rows(run: Go) -> None:
    done = run(
        "mappings:\n  m:\n    s: ex:$(id)\n"
        "    condition:\n      function: jfn:equal\n"
        "      parameters: [[jfn:left, $(k)], [jfn:right, x]]\n"
        "    po:\n      - [ex:name, $(id)]\n",
        {"id": ["1", "2", "3"], "k": ["x", "y", ""]},
    )
    assert [line.split()[0] for line in done.lines] == ["<http://example.org/1>"]


def test_quotes_backslashes_and_line_ends_are_escaped(run: Go) -> None:
    done = run(
        "mappings:\n  m:\n    s: ex:$(id)\n    po:\n      - [ex:name, $(name), ja~lang]\n",
        {"id": ["1"], "name": ['a"b\\c\nd\re']},
    )
    assert done.lines == [
        '<http://example.org/1> <http://example.org/name> "a\\"b\\\\c\\nd\\re"@ja .'
    ]
