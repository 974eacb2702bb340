"""What the first rows of a data set become, with the cells and places each triple comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.codes.bundled import vocab_dir
from app.errors import UsageError
from app.findings import Findings
from app.publish.convert import convert
from app.publish.dataset import Dataset, find_dataset
from app.publish.preview import MOST_ROWS, PreviewTriple, preview
from app.settings import Settings

MAPPING = """\
mappings:
  thing:
    s: id:thing/$(ID)
    po:
      - [a, ic:施設型]
      - [rdfs:label, $(名称), ja~lang]
      - [dcterms:spatial, id:region/37201~iri]
      - p: ic:数値
        o: {function: jfn:integer, parameters: [[jfn:value, $(数)]]}
      - p: ic:名称
        o: {mapping: name}
        condition: {function: jfn:notNull, parameters: [[jfn:value, $(名称)]]}
  name:
    s: id:thing/$(ID)#name
    po:
      - [a, ic:名称型]
  term:
    s: def:column/x
    po:
      - [rdfs:label, x]
"""


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    folder = tmp_path / "mappings/things"
    folder.mkdir(parents=True)
    (folder / "datapackage.yaml").write_text("name: things\ntitle: t\nresources: [{path: t.csv}]\n")
    (folder / "mapping.yml").write_text(MAPPING)
    rows = "".join(f"{n},甲{n},{n}0,\n" for n in range(1, 121))
    (folder / "t.csv").write_text("ID,名称,数,備考\n" + rows)
    settings = Settings.model_validate(
        {
            "base_iri": "https://data.example.jp",
            "mappings_dir": tmp_path / "mappings",
            "vocab_dir": vocab_dir(),
        }
    )
    return find_dataset(settings, "things")


def triple(dataset: Dataset, predicate: str) -> PreviewTriple:
    (found,) = [
        t for t in preview(dataset, row=2).rows[0].triples if t.predicate.endswith(predicate + ">")
    ]
    return found


def test_rows_have_their_number_line_cells_entity_and_title(dataset: Dataset) -> None:
    row = preview(dataset, rows=3).rows[2]
    assert (row.number, row.line) == (3, 4)
    assert row.cells == {"ID": "3", "名称": "甲3", "数": "30", "備考": ""}
    assert row.entity == "https://data.example.jp/id/thing/3"
    assert row.title == {"ja": "甲3", "en": "甲3"}


def test_a_triple_is_linked_to_the_cells_of_its_object(dataset: Dataset) -> None:
    value = triple(dataset, "数値")
    assert value.object == '"20"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert (value.columns, value.also) == (("数",), ("ID",))


def test_a_triple_with_a_constant_object_is_linked_to_its_condition_or_subject(
    dataset: Dataset,
) -> None:
    assert triple(dataset, "spatial").columns == ("ID",)


def test_a_triple_is_linked_to_its_line_in_the_mapping(dataset: Dataset) -> None:
    place = triple(dataset, "数値").place
    assert place is not None
    assert place.line is not None
    assert "jfn:integer" in MAPPING.splitlines()[place.line - 1]


def test_columns_that_nothing_is_made_from_are_told(dataset: Dataset) -> None:
    (source,) = preview(dataset).sources
    assert source.unmapped == ("備考",)


def test_counts_are_of_the_rows_that_are_shown(dataset: Dataset) -> None:
    found = preview(dataset)
    assert (len(found.rows), found.totals.entities) == (50, 50)
    assert found.totals.triples == 50 * 6 + 1
    assert found.totals.links == 50


def test_what_is_the_same_for_every_row_is_shown_once(dataset: Dataset) -> None:
    rows = preview(dataset).rows
    assert [sum("/def/column/" in t.subject for t in row.triples) for row in rows[:3]] == [1, 0, 0]


def test_it_is_what_a_run_gives(dataset: Dataset) -> None:
    lines: list[bytes] = []
    convert(dataset, lambda data: lines.append(bytes(data)), findings=Findings())
    run = {line for line in b"".join(lines).decode().splitlines() if line}
    shown = {
        f"{t.subject} {t.predicate} {t.object} {t.graph} ."
        for row in preview(dataset, rows=120).rows
        for t in row.triples
    }
    assert shown == run


def test_one_row_alone(dataset: Dataset) -> None:
    found = preview(dataset, row=100)
    assert [row.number for row in found.rows] == [100]
    assert found.rows[0].line == 101


@pytest.mark.parametrize("rows", [0, -1, MOST_ROWS + 1])
def test_more_rows_than_can_be_looked_at_are_refused(dataset: Dataset, rows: int) -> None:
    with pytest.raises(UsageError):
        preview(dataset, rows=rows)


def test_a_row_that_is_not_there_is_refused(dataset: Dataset) -> None:
    with pytest.raises(UsageError, match="121"):
        preview(dataset, row=121)


def test_findings_are_those_of_the_rows_that_are_shown(dataset: Dataset) -> None:
    table = dataset.folder / "t.csv"
    table.write_text(table.read_text().replace("5,甲5,50,", "5,甲5,五十,"))
    found = preview(dataset)
    assert found.findings.counts() == {"function-bad-value": 1}
    (finding,) = found.findings
    assert (finding.place.line, finding.place.field) == (6, "数")
    assert not len(preview(dataset, row=4).findings)
