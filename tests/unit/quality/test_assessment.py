"""Stars, levels and the checklist, with their reasons."""

from __future__ import annotations

import pytest

from app.quality.assessment import State
from app.quality.licences import Openness, openness
from app.quality.metadata import Metadata
from tests.unit.quality.tables import check

FINE = "NO,名称,定員[人]\n1,中央図書館,120\n2,東部公民館,80\n"
STATED = Metadata(title="施設", licence="https://creativecommons.org/licenses/by/4.0/")
LINKED = Metadata(
    title="施設",
    licence="CC0",
    has_mapping=True,
    links=("data.e-stat.go.jp",),
)


@pytest.mark.parametrize(
    ("text", "metadata", "level", "stars", "possible"),
    [
        (FINE, None, 2, 0, 3),
        (FINE, STATED, 3, 3, 3),
        (FINE, Metadata(title="施設", licence="CC BY-NC"), 3, 0, 3),
        (FINE, Metadata(title="施設", licence="CC0", has_mapping=True), 4, 4, 4),
        (FINE, LINKED, 4, 5, 5),
        (FINE + "3,西部公民館\n", STATED, 0, 3, 3),
        ("施設一覧,,\n\n" + FINE, STATED, 1, 3, 3),
        (FINE.replace("120", "約120"), STATED, 2, 3, 3),
        ("NO,開設日\n1,2023-02-30\n2,2023-02-03\n", STATED, 2, 3, 3),
        ("NO,名称\n", STATED, 0, 3, 3),
    ],
)
def test_grades(
    text: str, metadata: Metadata | None, level: int, stars: int, possible: int
) -> None:
    assessment = check(text, metadata=metadata).assessment
    assert assessment.level.value == level
    assert assessment.stars.value == stars
    assert assessment.possible_stars == possible
    for reason in (*assessment.level.reasons, *assessment.stars.reasons):
        assert reason.ja
        assert reason.en


def test_the_checklist_has_every_rule_and_names_what_breaks_it() -> None:
    assessment = check("NO,緯度,経度\n1,34.3,134.0\n2,34.4,134.1※1\n", metadata=STATED).assessment
    states = {(e.rule.table, e.rule.number): e.state for e in assessment.checklist}
    assert [number for table, number in states if table == "9-3"] == list(range(1, 11))
    assert states["9-3", 3] is State.BROKEN
    assert states["9-3", 1] is State.KEPT
    assert states["9-3", 10] is State.UNMET
    assert states["9-5", 1] is State.BROKEN
    assert states["9-6", 1] is State.NOT_APPLICABLE
    broken = {code for e in assessment.checklist for code in e.findings}
    assert {"datum-missing", "cell-note"} <= broken


def test_geospatial_rules_do_not_apply_without_coordinates() -> None:
    checklist = check(FINE).assessment.checklist
    assert {e.state for e in checklist if e.rule.table == "9-5"} == {State.NOT_APPLICABLE}


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", Openness.OPEN),
        ("http://creativecommons.org/licenses/by/2.1/jp/", Openness.OPEN),
        ("https://creativecommons.org/publicdomain/zero/1.0/", Openness.OPEN),
        ("CC BY 4.0", Openness.OPEN),
        ("ＣＣ－ＢＹ", Openness.OPEN),
        ("CC-BY-SA-4.0", Openness.OPEN),
        ("公共データ利用規約（第1.0版）", Openness.OPEN),
        ("政府標準利用規約（第2.0版）", Openness.OPEN),
        ("ODbL", Openness.OPEN),
        ("https://creativecommons.org/licenses/by-nc/4.0/", Openness.CLOSED),
        ("CC BY-ND 4.0", Openness.CLOSED),
        ("無断転載を禁じます", Openness.CLOSED),
        ("市の規約による", Openness.UNKNOWN),
        (" ", Openness.NONE),
    ],
)
def test_licences(licence: str, expected: Openness) -> None:
    assert openness(licence) is expected


def test_a_report_is_json_with_all_its_parts() -> None:
    body = check(FINE, metadata=STATED).to_json()
    assert body["rows"] == 2
    assert [c["role"] for c in body["columns"]] == ["key", "name", "amount"]
    assert body["columns"][2]["unit"] == {"text": "人", "where": "heading"}
    assert body["stars"]["value"] == 3
    assert len(body["metadata"]) == 12
    assert body["counts"] == {}
    assert body["findings"] == []
