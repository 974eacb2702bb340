"""Every mapping of the official suites is read, or refused for the reason that it tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import MappingError
from app.mapping.languages import read_mapping
from app.mapping.model import ReferencingObject, TriplesMap

pytestmark = pytest.mark.shared

# Mappings that are wrong in themselves, with a part of the message.
WRONG = {
    "RMLTC0004b-CSV": "a subject cannot be a literal",
    "RMLTC0012c-CSV": "no subjectMap",
    "RMLTC0012d-CSV": "only one of subjectMap",
    "RMLTC0015b-CSV": "not a language tag",
    "RMLTC0024a-CSV": "not Turtle",
    "RMLTC0024b-CSV": "not Turtle",
    "RMLTC0024c-CSV": "not Turtle",
    "RMLTC0024d-CSV": "not Turtle",
    # Sources that are no tables and no JSON.
    "RMLSTC0003": "SPARQL_Results_CSV is not supported",
    **dict.fromkeys(
        ["RMLSTC0007c", "RMLSTC0012a", "RMLSTC0012b", "RMLSTC0012c", "RMLSTC0012d", "RMLSTC0012e"],
        "XPath is not supported",
    ),
    "RMLSTC0007d": "is not supported",
}


@pytest.mark.parametrize(
    ("suite", "count"), [("rml-core-csv", 48), ("rml-fnml", 20), ("rml-io", 73)]
)
def test_the_mappings_of_a_suite_are_read(shared: Path, suite: str, count: int) -> None:
    paths = sorted((shared / "conformance" / suite).glob("*/mapping.ttl"))
    assert len(paths) == count
    for path in paths:
        text = path.read_text(encoding="utf-8")
        name = path.parent.name
        if name in WRONG:
            with pytest.raises(MappingError, match=WRONG[name]) as caught:
                read_mapping(text, file=str(path))
            assert caught.value.place is not None
            assert caught.value.place.line is not None
        else:
            mapping = read_mapping(text, file=str(path))
            assert mapping.triples_maps


def test_both_gtfs_mappings_say_the_same(shared: Path) -> None:
    folder = shared / "data/gtfs-madrid"
    yarrrml, rml = (
        read_mapping((folder / name).read_text(encoding="utf-8"), file=name)
        for name in ("gtfs-csv.yml", "gtfs-csv.rml.ttl")
    )
    for one, other in zip(yarrrml.triples_maps, rml.triples_maps, strict=True):
        assert one.source == other.source
        assert _shape(one) == _shape(other)


def _shape(triples_map: TriplesMap) -> tuple[int, int]:
    objects = [o for p in triples_map.predicate_objects for o in p.objects]
    return (
        len(objects) + len(triples_map.classes),
        sum(isinstance(each, ReferencingObject) for each in objects),
    )


def test_the_suffix_tells_the_language() -> None:
    with pytest.raises(MappingError) as caught:
        read_mapping("", file="mapping.xlsx")
    assert ".xlsx" in caught.value.message("ja")
    assert ".yml" in caught.value.message("en")
